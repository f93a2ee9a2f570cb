"""nginx and Caddy before mus, with the configurations in deploy/, on ports of this machine."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.operations.deploy.tools import DEPLOY, PROJECT_DIR, run, substituted, tool
from tests.services import free_port

NAME = "music.example.org"
READY_WITHIN_SECONDS = 20
HTTP2_IS_A_DIRECTIVE = (1, 25, 1)

NGINX = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_rlimit_nofile {descriptors};
events {{ worker_connections {descriptors}; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/mus.conf;
}}
"""
CADDY = """
	grace_period 5s
	admin off
	auto_https disable_redirects
	default_sni {name}
	storage file_system {folder}/storage
"""


@dataclass(frozen=True)
class Front:
    """A proxy that runs."""

    kind: str
    http_port: int
    https_port: int
    name: str = NAME

    @property
    def origin(self) -> str:
        return f"https://{self.name}:{self.https_port}"

    def browser(self) -> httpx.Client:
        """By the name that is its own, wherever that leads elsewhere."""
        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https_port}",
            headers={"Host": f"{self.name}:{self.https_port}", "Origin": self.origin},
            verify=False,  # noqa: S501  # nobody signed for it
            timeout=30,
        )


def make_certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    done = run(
        *(
            tool("openssl", "openssl"),
            "req",
            "-x509",
            "-nodes",
            "-newkey",
            "rsa:2048",
            "-days",
            "1",
        ),
        *("-subj", f"/CN={NAME}", "-keyout", key, "-out", certificate),
    )
    assert done.returncode == 0, done.stderr
    return certificate, key


def nginx_of(program: str, folder: Path, site: str, descriptors: int = 512) -> list[str]:
    """An nginx that knows `site` alone, and writes into `folder` alone."""
    (folder / "mus.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""  # folders of tests are root's alone
    settings = NGINX.format(folder=folder, user=user, descriptors=descriptors)
    (folder / "nginx.conf").write_text(settings)
    return [program, "-p", str(folder), "-c", f"{folder}/nginx.conf"]


def listening(front: Front) -> dict[str, str]:
    """The lines for https, as the version of nginx that is installed wants them."""
    version = re.findall(r"nginx/(\d+)\.(\d+)\.(\d+)", run(_nginx(), "-v").stderr)[0]
    own = f"listen 127.0.0.1:{front.https_port} ssl"
    if tuple(map(int, version)) >= HTTP2_IS_A_DIRECTIVE:
        return {"listen 443 ssl": own}
    return {"listen 443 ssl": f"{own} http2", "    http2 on;\n": ""}


def _nginx() -> str:
    return tool("nginx", "nginx-light")


def nginx_command(folder: Path, front: Front, ports: Sequence[int], music: Path) -> list[str]:
    """nginx with deploy/nginx/mus.conf, where only addresses and folders are others."""
    certificate, key = make_certificate(folder)
    second = f"server 127.0.0.1:{ports[-1]} max_fails" if len(ports) > 1 else "# server max_fails"
    text = substituted(
        (DEPLOY / "nginx" / "mus.conf").read_text(),
        {
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl;\n": "",
            "listen 80;": f"listen 127.0.0.1:{front.http_port};",
            **listening(front),
            "/etc/letsencrypt/live/music.example.org/fullchain.pem": str(certificate),
            "/etc/letsencrypt/live/music.example.org/privkey.pem": str(key),
            "server 127.0.0.1:8000": f"server 127.0.0.1:{ports[0]}",
            "# server 127.0.0.1:8001 max_fails": second,
            "/srv/music/": f"{music}/",
            "/opt/mus/.static/": f"{PROJECT_DIR}/.static/",
        },
    )
    return nginx_of(_nginx(), folder, text)


def caddy_command(folder: Path, front: Front, ports: Sequence[int]) -> list[str]:
    certificate, key = make_certificate(folder)
    text = substituted(
        (DEPLOY / "caddy" / "Caddyfile").read_text(),
        {
            "{$DOMAIN:music.example.org} {\n": f"{front.origin} {{\n\ttls {certificate} {key}\n",
            "\n\tgrace_period 5s\n": CADDY.format(folder=folder, name=NAME),
            "{$MUS_ADDRESS:127.0.0.1:8000}": " ".join(f"127.0.0.1:{port}" for port in ports),
        },
    )
    (folder / "Caddyfile").write_text(text)
    caddy = tool("caddy", "caddy")
    return [caddy, "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


@contextmanager
def front_of(kind: str, folder: Path, ports: Sequence[int], music: Path) -> Iterator[Front]:
    """A proxy before the servers on `ports`, gone afterwards."""
    folder.mkdir()
    front = Front(kind, free_port(), free_port())
    command = (
        nginx_command(folder, front, ports, music)
        if kind == "nginx"
        else caddy_command(folder, front, ports)
    )
    with running(front, command, folder):
        yield front


@contextmanager
def running(front: Front, command: Sequence[str], folder: Path) -> Iterator[None]:
    """The proxy that `command` starts, while it listens; gone afterwards."""
    environment = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        _wait_until_ready(front, process, folder)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_ready(front: Front, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while True:
        output = (folder / "output").read_text()
        assert process.poll() is None, output
        assert time.monotonic() < deadline, output
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", front.https_port)) == 0:
                return
        time.sleep(0.05)
