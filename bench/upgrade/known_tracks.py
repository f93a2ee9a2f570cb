"""A small library of the version before, whose files are moved once it is upgraded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.live.client import Browser
from bench.live.server import environment_for, free_port, make_session, manage, serving
from bench.places import PROJECT_DIR
from bench.upgrade.databases import Database
from bench.upgrade.ways import MIGRATE, SCAN
from tests.audio_files import make_noise, retag

STAY_TWO = "copied before"
LOST = "without digest, retagged and moved"
KEPT = (
    *("moved", "retagged and moved", "renamed", "swapped 1", "swapped 2", "copied after"),
    *("retagged copy", "without digest, moved", "untouched"),
)
NAMES = (*KEPT, STAY_TWO, LOST, "deleted by hand")
"""What becomes of each track; each is the title of one."""
COPIES = "copies"
IDS = "SELECT id, title, path, missing_since FROM library_track ORDER BY id"
FORGET_DIGEST = (
    "UPDATE library_track SET audio_digest = '', read_with = 'before digests' "
    "WHERE title LIKE 'without digest%'"
)


class KnownTracks:
    """The library. `checkout`: of the version before, which has scanned it twice: a copy of a track
    came with the second scan. `ids`: by title, of the tracks that are no copies."""

    def __init__(self, work: Path, database: Database, checkout: Path) -> None:
        self.music, self.database = work / "music", database
        self._checkout = checkout
        self._environment = {
            **environment_for([self.music], work / "data", free_port()),
            "DATABASE_URL": database.url,
            "SCAN_INTERVAL_SECONDS": "0",
        }
        for number, name in enumerate(NAMES):
            make_noise(self.file(name), number, title=name, artist=name, album=f"Album {number}")
        self.manage(*MIGRATE, checkout=checkout)
        self.manage(*SCAN, checkout=checkout)
        self.copy(STAY_TWO)
        self.manage(*SCAN, checkout=checkout)
        self._session = make_session(self._environment, checkout)
        database.execute(FORGET_DIGEST)
        rows = database.rows(IDS)
        self.ids = {row["title"]: row["id"] for row in rows if COPIES not in row["path"]}

    def file(self, name: str) -> Path:
        return self.music / name / f"{name}.wav"

    def copy(self, name: str) -> Path:
        copy = self.music / COPIES / f"{name}.wav"
        copy.parent.mkdir(exist_ok=True)
        return Path(shutil.copy2(self.file(name), copy))

    def manage(self, *arguments: str, checkout: Path | None = None) -> None:
        manage(self._environment, *arguments, checkout=checkout or PROJECT_DIR)

    @contextmanager
    def served(self, *, is_old: bool = False, watch: bool = False) -> Iterator[Browser]:
        """A server, of the version before or of this one. The session is of before the upgrade."""
        own = {"PORT": str(free_port()), "WATCH": str(watch).lower()}
        checkout = self._checkout if is_old else PROJECT_DIR
        environment = {**self._environment, **own}
        with serving(environment, self._session, checkout=checkout) as server:
            browser = Browser(server)
            yield browser
            browser.close()

    def move_files(self) -> None:
        """What people do after the upgrade, in two steps with a scan after each."""
        self.copy("copied after")
        retag(self.copy("retagged copy"), title="another title")
        self.manage(*SCAN)
        there = self.music / "elsewhere"
        there.mkdir()
        for name in ("retagged and moved", LOST):
            retag(self.file(name), title="another title", artist="another artist")
        moved = ("moved", "retagged and moved", "without digest, moved", LOST)
        for number, name in enumerate(moved):
            self.file(name).rename(there / f"{number}.wav")
        self.file("renamed").rename(self.file("renamed").with_name("another name.wav"))
        self._swap(self.file("swapped 1"), self.file("swapped 2"))
        for name in ("copied after", "retagged copy", STAY_TWO):
            shutil.rmtree(self.file(name).parent)
        self.manage(*SCAN)

    def faults_of_ids(self) -> Iterator[str]:
        """A line for each track that should have its id still, and has not; or should not."""
        rows = {row["id"]: row for row in self.database.rows(IDS)}
        for name in KEPT:
            row = rows.get(self.ids[name])
            if row is None or row["missing_since"] is not None:
                yield f"the track that was {name} lost its id"
        for name in (STAY_TWO, LOST):
            if rows[self.ids[name]]["missing_since"] is None:
                yield f"the track that was {name} is not missing"
        titles = [row["title"] for row in rows.values() if row["missing_since"] is None]
        if titles.count(STAY_TWO) != 1:
            yield f"there are {titles.count(STAY_TWO)} tracks of two that came before the upgrade"
        one, two = (rows[self.ids[name]] for name in ("swapped 1", "swapped 2"))
        if (one["title"], two["title"]) != ("swapped 1", "swapped 2"):
            yield "the tracks that were swapped have each other's ids"

    @staticmethod
    def _swap(one: Path, other: Path) -> None:
        aside = one.with_suffix(".aside")
        one.rename(aside)
        other.rename(one)
        os.rename(aside, other)
