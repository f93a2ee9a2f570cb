"""nginx before the servers: the configuration in deploy/, without TLS, on ports of this machine."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.live.server import end, free_port, wait_until_ready
from tests.operations.deploy.fronts import nginx_of
from tests.operations.deploy.tools import DEPLOY, substituted
from tests.services import program

DESCRIPTORS = 8192  # two for each listener
PLACES = "usr/sbin"  # not in everybody's PATH


@contextmanager
def nginx_before(ports: Sequence[int], folder: Path) -> Iterator[int]:
    """The port of an nginx that gives each server on `ports` its turn. Raises NotInstalled."""
    own_port = free_port()
    command = nginx_of(nginx_program(), folder, _site(own_port, ports), DESCRIPTORS)
    with (folder / "nginx.output").open("wb") as output:
        nginx = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        wait_until_ready(nginx, own_port)
        yield own_port
    finally:
        end(nginx)


def nginx_program() -> str:
    return program("nginx", "nginx-light", PLACES)


def _site(own_port: int, ports: Sequence[int]) -> str:
    """To encrypt is left out: browsers of a thousand people do their half of it elsewhere."""
    upstream, _, site = re.split(r"(?m)^server \{", (DEPLOY / "nginx" / "mus.conf").read_text())
    plain = re.sub(r"(?m)^    (ssl_|listen \[::\]|http2 ).*\n", "", site)
    servers = "\n    ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
    return substituted(
        f"{upstream}server {{{plain}",
        {
            "server 127.0.0.1:8000 max_fails=0;": servers,
            "listen 443 ssl;": f"listen 127.0.0.1:{own_port};",
        },
    )
