"""Servers with somebody who is logged in, and installations used by their commands."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from events import relay
from tests.events.browsers import LOG_IN
from tests.events.clients import NEVER, SOON
from tests.library.scanning.conftest import installation
from tests.web.served import ServedMus, serve

__all__ = ["installation"]


@dataclass(frozen=True)
class Site:
    """A server, and the session of somebody who uses it."""

    server: ServedMus
    session: str

    @property
    def music(self) -> Path:
        return Path(self.server.variables["MUSIC_DIR"])


def log_in(server: ServedMus, name: str = "lee") -> Site:
    return Site(server, server.python(LOG_IN.format(name=name)).split()[-1])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[Site]:
    """One server for all tests of a module."""
    with serve(tmp_path_factory.mktemp("site"), database, "--no-scan") as server:
        yield log_in(server)


@pytest.fixture
def quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "POLL_SECONDS", SOON)


@pytest.fixture
def no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is heard but by the bell."""
    monkeypatch.setattr(relay, "POLL_SECONDS", NEVER)
