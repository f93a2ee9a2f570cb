"""The import contract in pyproject.toml: it has a place for every module, and refuses what it has
to. `make lint` checks the code itself against it."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.web.served import PROJECT_DIR

TOOLS = {"bench", "languages", "screenshots", "soak", "tests"}
"""Packages that are no part of the server."""
WITHOUT_CONTRACT = {"migrations", "commands", "formats"}
"""Their modules do not import each other; Django finds them by their names."""
FORBIDDEN = {
    "library/queries/lists.py": "from api.errors import ApiError",
    "web/views.py": "from api.answers import listed",
    "accounts/login_limit.py": "from library.models.catalogue import Track",
    "library/files/names.py": "from library.files.walk import walk",
    "library/scanning/run.py": "from asgi.responses import send_error",
}
WITHOUT_HTTP = ("scanning", "queries", "files", "tags", "covers", "workers", "models", "runner")

Contract = dict[str, Any]


def linter() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text())["tool"]
    linter: dict[str, Any] = found["importlinter"]
    return linter


def packages(folder: Path) -> set[str]:
    return {each.parent.name for each in folder.glob("*/__init__.py")}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The code of the server, to be spoilt."""
    shutil.copy(PROJECT_DIR / "pyproject.toml", tmp_path)
    for package in linter()["root_packages"]:
        only_code = shutil.ignore_patterns("static", "__pycache__")
        shutil.copytree(PROJECT_DIR / package, tmp_path / package, ignore=only_code)
    return tmp_path


def what_is_wrong(folder: Path) -> str:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout if done.returncode else ""


def test_every_package_of_the_server_is_under_the_contract() -> None:
    assert set(linter()["root_packages"]) == packages(PROJECT_DIR) - TOOLS


def test_every_package_of_the_server_logs_at_the_level_of_LOG_LEVEL() -> None:  # noqa: N802
    assert set(settings.OWN_PACKAGES) == set(linter()["root_packages"])
    assert settings.LOGGING["loggers"].keys() >= set(settings.OWN_PACKAGES)  # type: ignore[attr-defined]


def test_every_package_has_a_contract_that_names_all_its_modules() -> None:
    whole = {
        container
        for contract in linter()["contracts"]
        if contract.get("exhaustive") and not contract.get("exhaustive_ignores")
        for container in contract["containers"]
    }
    for root in linter()["root_packages"]:
        for folder in (PROJECT_DIR / root, *(PROJECT_DIR / root).rglob("*/")):
            name = ".".join(folder.relative_to(PROJECT_DIR).parts)
            modules = {each.stem for each in folder.glob("*.py")} - {"__init__"} | packages(folder)
            if len(modules) > 1 and folder.name not in WITHOUT_CONTRACT:
                assert name in whole, f"{name} needs a contract"


def test_a_copy_of_the_code_keeps_the_contract(copy: Path) -> None:
    assert what_is_wrong(copy) == ""


def test_imports_against_the_direction_are_refused(copy: Path) -> None:
    for path, statement in FORBIDDEN.items():
        module = copy / path
        module.write_text(f"{module.read_text()}\n{statement}\n")
    said = what_is_wrong(copy)
    for path, statement in FORBIDDEN.items():
        importer = path.removesuffix(".py").replace("/", ".")
        assert f"{importer} -> {statement.split()[1]}" in said


def test_a_module_without_a_place_is_refused(copy: Path) -> None:
    (copy / "library" / "queries" / "genres.py").write_text('"""Which genres there are."""\n')
    (copy / "library" / "colours").mkdir()
    (copy / "library" / "colours" / "__init__.py").write_text('"""Colours."""\n')
    said = what_is_wrong(copy)
    assert "genres" in said
    assert "colours" in said


@pytest.mark.parametrize("room", WITHOUT_HTTP)
def test_rooms_below_the_faces_know_nothing_of_requests(room: str) -> None:
    """import-linter takes no parts of external packages, such as `django.http`."""
    for module in (PROJECT_DIR / "library" / room).rglob("*.py"):
        imported = {
            name
            for node in ast.walk(ast.parse(module.read_text()))
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else [])
        }
        assert not imported & {"django.http", "django.contrib.admin"}, module
