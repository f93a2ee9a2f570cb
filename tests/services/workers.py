"""Which of several processes of pytest-xdist runs these tests, and which ports are its own."""

import itertools
import os
import socket

FIRST_PORT = 20_000
PORTS_PER_WORKER = 400
MOST_WORKERS = 30
"""All their ports are below 32,768, where Linux begins to choose ports for connections."""

_ports = itertools.count()


def worker_number() -> int:
    """0 for the first worker, and where pytest runs in one process."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def free_port() -> int:
    """A port on which nothing listens, and which no other worker chooses in the meantime."""
    first = FIRST_PORT + PORTS_PER_WORKER * (worker_number() % MOST_WORKERS)
    while True:
        port = first + (os.getpid() + next(_ports)) % PORTS_PER_WORKER
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
