"""A real server whose tracks come from real scans of real files, and which files it opens."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.databases import place_in, query
from tests.library.media.conftest import MAKE_SESSION
from tests.web.served import ServedMus, manage, serve

AUDIT = Path(__file__).parent / "audit"


class TrackCover(NamedTuple):
    """A track's number, and its `cover_id` as the last scan left it."""

    track_id: int
    cover_id: str


@dataclass
class Covers:
    """A server, and somebody who is logged in."""

    folder: Path
    server: ServedMus
    browser: httpx.Client

    @property
    def shared(self) -> set[str]:
        """The variables that another server on the same library has to have."""
        return self.server.variables.keys() & {"DATA_DIR", "MUSIC_DIR", "DATABASE_URL"}

    @property
    def music(self) -> Path:
        return Path(self.server.variables["MUSIC_DIR"])

    @property
    def cache(self) -> Path:
        return Path(self.server.variables["DATA_DIR"]) / "covers"

    def scan(self) -> None:
        done = manage(self.server.variables, "scan_tracks", "--workers", "0")
        assert done.returncode == 0, done.stderr

    def track(self, path: str) -> TrackCover:
        """The one at `path` in the music folder."""
        sql = "SELECT id, cover_id FROM library_track WHERE path = ?"
        (row,) = query(place_in(Path(self.server.variables["DATA_DIR"])), sql, path)
        return TrackCover(row["id"], row["cover_id"])

    def url(self, path: str, size: str = "small", version: str = "") -> str:
        query = f"?v={version}" if version else ""
        return f"/api/v1/tracks/{self.track(path).track_id}/covers/{size}.webp{query}"

    def get(self, path: str, size: str = "small", **headers: str) -> httpx.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.get(self.url(path, size), headers=names)

    def opened(self, part: str) -> int:
        """How often the server opened a file with `part` in its path, until now."""
        log = (self.folder / "opened.log").read_text(errors="replace")
        return sum(part in line for line in log.splitlines())

    def created(self, cover_id: str) -> int:
        """How many files of this cover the server began to write, until now."""
        log = (self.folder / "opened.log").read_text(errors="replace")
        return sum(cover_id in line and ".unfinished" in line for line in log.splitlines())


@contextmanager
def covers(folder: Path, database: Path, **variables: str) -> Iterator[Covers]:
    """A server with folders of its own below `folder`; `variables` may give it those of another."""
    folder.mkdir(exist_ok=True)
    audit = {"PYTHONPATH": str(AUDIT), "OPENED_LOG": str(folder / "opened.log")}
    with serve(folder, database, "--no-scan", **audit, **variables) as server:
        server.variables = {
            name: value for name, value in server.variables.items() if name not in audit
        }
        with httpx.Client(base_url=server.url, timeout=60) as browser:
            yield Covers(folder, server, browser)


def log_in(user: Covers, name: str = "lee") -> None:
    code = MAKE_SESSION.replace("lee", name)
    user.browser.cookies.set("sessionid", user.server.python(code).split()[-1])


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[Covers]:
    """One for all tests of a module, without tracks: each makes and scans its own."""
    with covers(tmp_path_factory.mktemp("covers"), database) as served:
        log_in(served)
        yield served


@pytest.fixture
def empty_cache(library: Covers) -> None:
    shutil.rmtree(library.cache, ignore_errors=True)
