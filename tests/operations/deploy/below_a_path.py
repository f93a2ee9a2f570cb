"""nginx and Caddy before a mus below /music/, with another mus at / of the same host."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.operations.deploy.fronts import (
    CADDY,
    Front,
    listening,
    make_certificate,
    nginx_of,
    running,
)
from tests.operations.deploy.tools import DEPLOY, PROJECT_DIR, substituted, tool
from tests.services import free_port
from tests.web.served import ServedMus

NAME = "www.example.org"
BASE = "/music/"
SETTINGS = {"HTTPS": "true", "TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": NAME}
BY_NGINX = {"X_ACCEL_REDIRECT_PREFIX": "/_music/"}
NGINX_AT_ROOT = """    location / {{
        proxy_pass http://127.0.0.1:{port};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_buffering off;
    }}
"""
# What people write as well. Both remove the path; nginx leaves two slashes.
NGINX_THAT_REMOVES = """
server {{
    listen 127.0.0.1:{https_port} ssl;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    location /music {{
        proxy_pass http://127.0.0.1:{port}/;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_buffering off;
    }}
}}
"""
CADDY_THAT_REMOVES = """{{
{settings}}}

{origin} {{
	tls {certificate} {key}
	handle_path /music* {{
		reverse_proxy 127.0.0.1:{port}
	}}
}}
"""


@dataclass(frozen=True)
class Ports:
    """Of the mus below the path, and of the one at /."""

    below: int
    at_root: int


def port_of(server: ServedMus) -> int:
    return int(server.variables["PORT"])


def nginx_text(folder: Path, front: Front, ports: Ports, music: Path) -> str:
    """deploy/nginx/mus-below-a-path.conf, where only addresses and folders are others."""
    certificate, key = make_certificate(folder)
    root = "    location / {\n        root /var/www/html;\n    }\n"
    return substituted(
        (DEPLOY / "nginx" / "mus-below-a-path.conf").read_text(),
        {
            "    listen [::]:443 ssl;\n": "",
            **listening(front),
            "/etc/letsencrypt/live/www.example.org/fullchain.pem": str(certificate),
            "/etc/letsencrypt/live/www.example.org/privkey.pem": str(key),
            "server 127.0.0.1:8000": f"server 127.0.0.1:{ports.below}",
            "/srv/music/": f"{music}/",
            "/opt/mus/.static/": f"{PROJECT_DIR}/.static/",
            root: NGINX_AT_ROOT.format(port=ports.at_root),
        },
    )


def caddy_text(folder: Path, front: Front, ports: Ports) -> str:
    certificate, key = make_certificate(folder)
    return substituted(
        (DEPLOY / "caddy" / "Caddyfile.below-a-path").read_text(),
        {
            "\nwww.example.org {\n": f"\n{front.origin} {{\n\ttls {certificate} {key}\n",
            "\n\tgrace_period 5s\n": CADDY.format(folder=folder, name=NAME),
            "127.0.0.1:8000": f"127.0.0.1:{ports.below}",
            "root * /var/www/html\n\t\tfile_server": f"reverse_proxy 127.0.0.1:{ports.at_root}",
        },
    )


def text_that_removes(kind: str, folder: Path, front: Front, ports: Ports) -> str:
    certificate, key = make_certificate(folder)
    found = {"certificate": certificate, "key": key, "port": ports.below}
    if kind == "nginx":
        return NGINX_THAT_REMOVES.format(https_port=front.https_port, **found)
    settings = CADDY.format(folder=folder, name=NAME)
    return CADDY_THAT_REMOVES.format(origin=front.origin, settings=settings, **found)


def command_of(kind: str, folder: Path, text: str) -> Sequence[str]:
    if kind == "nginx":
        return nginx_of(tool("nginx", "nginx-light"), folder, text)
    (folder / "Caddyfile").write_text(text)
    caddy = tool("caddy", "caddy")
    return [caddy, "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


@contextmanager
def front_below_a_path(kind: str, folder: Path, ports: Ports, music: Path) -> Iterator[Front]:
    """The proxy with its configuration in deploy/; gone afterwards."""
    folder.mkdir()
    front = Front(kind, free_port(), free_port(), NAME)
    text = (
        nginx_text(folder, front, ports, music)
        if kind == "nginx"
        else caddy_text(folder, front, ports)
    )
    with running(front, command_of(kind, folder, text), folder):
        yield front


@contextmanager
def front_that_removes(kind: str, folder: Path, ports: Ports) -> Iterator[Front]:
    """A proxy that removes /music before it passes a request on; gone afterwards."""
    folder.mkdir()
    front = Front(kind, free_port(), free_port(), NAME)
    text = text_that_removes(kind, folder, front, ports)
    with running(front, command_of(kind, folder, text), folder):
        yield front
