"""Each file in deploy/ as its own tool sees it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from asgi.body_limits import KIB, LARGEST_BYTES, MIB
from tests.operations.deploy import below_a_path
from tests.operations.deploy.below_a_path import Ports
from tests.operations.deploy.fronts import Front, caddy_command, nginx_command
from tests.operations.deploy.tools import DEPLOY, PROJECT_DIR, run, substituted, tool
from tests.services import free_port
from tests.settings.test_readme import named_settings
from tests.web.served import environment, manage, serve

UNITS = ("mus@.service", "mus-backup.service", "mus-backup.timer")
ENDURABLE_EXPOSURE = 2.0  # of 10, in the words of systemd-analyze
DOCKERFILE = DEPLOY / "docker" / "Dockerfile"
BIN = Path(sys.executable).parent
HERE = Front("", 1, 2)
IN_THE_CONTAINER = {"MUSIC_DIR", "DATA_DIR", "HOST", "PORT"}


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    command = nginx_command(tmp_path, Front("nginx", free_port(), free_port()), [8000], tmp_path)
    done = run(*command, "-t")
    assert done.returncode == 0, done.stderr
    assert "syntax is ok" in done.stderr
    assert "warn" not in done.stderr


def test_nginx_accepts_its_configuration_below_a_path(tmp_path: Path) -> None:
    front = Front("nginx", free_port(), free_port(), below_a_path.NAME)
    text = below_a_path.nginx_text(tmp_path, front, Ports(8000, 8001), tmp_path)
    done = run(*below_a_path.command_of("nginx", tmp_path, text), "-t")
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.below-a-path"])
def test_caddy_accepts_its_configuration_and_would_write_it_alike(
    tmp_path: Path, name: str
) -> None:
    caddy_command(tmp_path, HERE, [8000])
    below_a_path.caddy_text(tmp_path, HERE, Ports(8000, 8001))
    caddy = tool("caddy", "caddy")
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    shipped = DEPLOY / "caddy" / name
    done = run(*(caddy, "validate", "--adapter", "caddyfile", "--config", shipped), variables=home)
    assert done.returncode == 0, done.stderr
    assert run(caddy, "fmt", shipped, variables=home).stdout == shipped.read_text()


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("nginx/mus.conf", r"^\s*client_max_body_size (\d+)(k|m);"),
        ("nginx/mus-below-a-path.conf", r"^\s*client_max_body_size (\d+)(k|m);"),
        ("caddy/Caddyfile", r"^\s*max_size (\d+)(KiB|MiB)$"),
        ("caddy/Caddyfile.below-a-path", r"^\s*max_size (\d+)(KiB|MiB)$"),
    ],
)
def test_a_proxy_takes_the_largest_body_that_mus_takes(file: str, pattern: str) -> None:
    found = re.findall(pattern, (DEPLOY / file).read_text(), re.MULTILINE)
    units = {"k": KIB, "KiB": KIB, "m": MIB, "MiB": MIB}
    assert [int(number) * units[unit] for number, unit in found] == [LARGEST_BYTES]


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """As they are, but for where mus is: systemd looks whether the programs are there."""
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text()
        if name.endswith(".service"):
            here = {"/opt/mus/.venv/bin/python": sys.executable, "/opt/mus": str(PROJECT_DIR)}
            text = substituted(text, here)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(units: Path, name: str) -> None:
    done = run(tool("systemd-analyze", "systemd"), "verify", "--recursive-errors=no", units / name)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_systemd_finds_a_service_well_shut_in(units: Path, name: str) -> None:
    done = run(tool("systemd-analyze", "systemd"), "security", "--offline=true", units / name)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) <= ENDURABLE_EXPOSURE


def test_the_linter_finds_nothing_in_the_dockerfile() -> None:
    if not (BIN / "hadolint").exists():
        pytest.skip("hadolint comes as a package for Linux on x86_64 alone")
    done = run(BIN / "hadolint", "--no-color", DOCKERFILE)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_is_as_its_specification_says() -> None:
    check = BIN / "check-jsonschema"
    schema = ("--builtin-schema", "vendor.compose-spec")
    done = run(check, *schema, DEPLOY / "docker" / "compose.yaml")
    assert done.returncode == 0, done.stdout


def test_caddy_in_compose_uses_the_caddyfile() -> None:
    """It keeps passwords, which apps send in addresses, out of its log."""
    services = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())["services"]
    [mounted] = [each for each in services["caddy"]["volumes"] if isinstance(each, dict)]
    assert mounted["target"] == "/etc/caddy/Caddyfile"
    file = (DEPLOY / "docker" / mounted["source"]).resolve()
    variables = {**services["caddy"]["environment"], "DOMAIN": "mus.example.net"}
    command = [tool("caddy", "caddy"), "adapt", "--config", str(file)]
    done = subprocess.run(command, capture_output=True, env={**os.environ, **variables}, check=True)
    assert b'"dial":"mus:8000"' in done.stdout
    assert b'"host":["mus.example.net"]' in done.stdout


def test_the_compose_file_passes_every_setting_on() -> None:
    """Except for those that the container itself decides."""
    text = (DEPLOY / "docker" / "compose.yaml").read_text()
    passed = yaml.safe_load(text)["services"]["mus"]["environment"]
    assert sorted(passed) == sorted(named_settings())
    fixed = dict(re.findall(r"^ *(?:ENV )?([A-Z_]+)=(\S+)", DOCKERFILE.read_text(), re.MULTILINE))
    for name, given in passed.items():
        if name in IN_THE_CONTAINER:
            assert given == fixed[name]
        else:
            assert given.startswith(f"${{{name}:-"), name


@pytest.mark.server
def test_what_the_dockerfile_copies_is_all_that_mus_needs(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.mkdir()
    ignored = (PROJECT_DIR / ".dockerignore").read_text().splitlines()
    for sources, target in re.findall(
        r"^COPY (?!--)(.+) (\S+)$", DOCKERFILE.read_text(), re.MULTILINE
    ):
        for source in sources.split():
            assert f"!{source}" in ignored, f"{source} does not come to where the image is built"
            place = image / (Path(source).name if target == "./" else target)
            copy = shutil.copytree if (PROJECT_DIR / source).is_dir() else shutil.copy
            copy(PROJECT_DIR / source, place)
    variables = {**environment(tmp_path, 1), "PYTHONPATH": ""}
    collected = run(
        *(sys.executable, image / "manage.py", "collectstatic", "--noinput"), variables=variables
    )
    assert collected.returncode == 0, collected.stderr
    checked = run(sys.executable, image / "manage.py", "check", variables=variables)
    assert checked.returncode == 0, checked.stderr
    assert (image / "healthy.py").exists()


@pytest.mark.server
def test_the_health_check_of_the_container_tells_well_from_ill(
    tmp_path: Path, database: Path
) -> None:
    names = {"ALLOWED_HOSTS": ".example.org, music.example.org"}
    check = (sys.executable, DEPLOY / "docker" / "healthy.py")
    with serve(tmp_path, database, "--no-scan", **names) as server:
        asked = {**names, "PORT": server.variables["PORT"]}
        assert run(*check, variables=asked).returncode == 0
        rename = "connection.cursor().execute('ALTER TABLE library_scan RENAME TO away')"
        manage(
            server.variables,
            *("shell", "--no-imports", "-c", f"from django.db import connection; {rename}"),
        )
        ill = run(*check, variables=asked)
    assert ill.returncode == 1
    assert "503" in ill.stderr
    assert run(*check, variables=asked).returncode == 1  # there is none any more
