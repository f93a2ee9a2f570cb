"""A few records that really sound, some that are broken, and the server that plays them."""

import os
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests import databases
from tests.audio_files import make_audio, retag
from tests.browser.small_libraries import scan_new_library
from tests.browser.tone import sine
from tests.databases import copy_database, place_in
from tests.web.served import ServedMus, serve

LONG_SECONDS = 40
SHORT_SECONDS = 2
ENDLESS_SECONDS = 2000  # 32 MB: more than a browser fetches ahead
LONG = ["One", "Two", "Three", "Four", "Five"]
SHORT = ["Uno", "Due", "Tre"]
SYNCED = [(0, "First line"), (10, "Second line"), (20, ""), (30, "Last line")]
"""The lyrics of the first of `LONG`, with their seconds. Those of the second have no times."""
METRICS_TOKEN = "a-token-for-the-metrics"


def make_sound(path: Path, seconds: float, **tags: Any) -> Path:
    """A track of that length, old enough to be taken at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sine(seconds))
    retag(path, **tags)
    then = time.time() - 60
    os.utime(path, (then, then))
    return path


def make_album(music: Path, album: str, titles: list[str], seconds: float) -> None:
    for number, title in enumerate(titles, 1):
        tags = {"title": title, "artist": f"{album} Band", "album": album, "track_number": number}
        make_sound(music / album / f"{number}.wav", seconds, **tags)


def write_lyrics(album: Path) -> None:
    lines = [f"[00:{second:02}.00]{text}" for second, text in SYNCED]
    (album / "1.lrc").write_text("\n".join(lines))
    (album / "2.txt").write_text("\n".join(f"Verse {number}" for number in range(60)))


def make_broken(music: Path) -> list[Path]:
    """An album of what cannot be played; gives those files that are to be spoilt after a scan."""
    names = ["1 Gone.wav", "2 Corrupt.wav", "3 Windows.wma", "4 Monkey.ape", "5 Sound.wav"]
    for name in names:
        number, title = name.split(".")[0].split()
        tags: dict[str, Any] = {
            "title": title,
            "artist": "Nobody",
            "album": "Broken",
            "track_number": number,
        }
        if name.endswith(".wav"):
            make_sound(music / "Broken" / name, LONG_SECONDS, **tags)
        else:
            make_audio(music / "Broken" / name, **tags)
    return [music / "Broken" / name for name in names[:2]]


@dataclass(frozen=True)
class Shelf:
    """The server with its records, and its database."""

    server: ServedMus
    folder: Path

    @property
    def database(self) -> Path:
        return databases.place_in(self.folder / "data")

    def query(self, sql: str, *values: object) -> list[dict[str, Any]]:
        return databases.query(self.database, sql, *values)

    def execute(self, sql: str, *values: object) -> None:
        databases.execute(self.database, sql, *values)

    def track(self, title: str) -> int:
        """Its id."""
        (row,) = self.query("SELECT id FROM library_track WHERE title = ?", title)
        return int(row["id"])

    def album(self, title: str) -> str:
        """The address of its page."""
        (row,) = self.query("SELECT id FROM library_album WHERE title = ?", title)
        return f"/albums/{row['id']}"

    def state(self) -> dict[str, Any]:
        """Of the player of `ada`, as it is stored."""
        rows = self.query("SELECT * FROM library_playerstate")
        return rows[0] if rows else {}

    def set_state(self, **fields: object) -> None:
        names = ["current_track_id", "progress_seconds", "volume_level"]
        names += ["is_muted", "is_shuffle", "is_repeat", "is_repeat_one"]
        defaults = {"volume_level": 1.0, "progress_seconds": 0.0, "current_track_id": None}
        self.forget_state()
        self.execute(
            "INSERT INTO library_playerstate (user_id, current_track_id, progress_seconds,"
            " volume_level, is_muted, is_shuffle, is_repeat, is_repeat_one)"
            " VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
            *(fields.get(name, defaults.get(name, False)) for name in names),
        )

    def forget_state(self) -> None:
        self.execute("DELETE FROM listening_playercommand")
        self.execute("DELETE FROM listening_playqueue")
        self.execute("DELETE FROM listening_device")
        self.execute("DELETE FROM library_playerstate")

    def listeners(self) -> int:
        """How many streams of events are open."""
        headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        text = httpx.get(f"{self.server.url}/metrics", headers=headers).text
        (line,) = (line for line in text.splitlines() if line.startswith("mus_listeners "))
        return int(float(line.split()[1]))


def make_sounding_library(folder: Path, database: Path) -> None:
    music = folder / "music"
    make_album(music, "Long Player", LONG, LONG_SECONDS)
    write_lyrics(music / "Long Player")
    make_album(music, "Short Cuts", SHORT, SHORT_SECONDS)
    make_album(music, "Symphony", ["Endless"], ENDLESS_SECONDS)
    gone, corrupt = make_broken(music)
    scan_new_library(folder, database)
    gone.unlink()
    corrupt.write_bytes(bytes(200_000))


@contextmanager
def open_shelf(folder: Path, library: Path, port: str = "", **variables: str) -> Iterator[Shelf]:
    """With the music of `library`, and a copy of its database unless one is in `folder` already."""
    if not place_in(folder / "data").exists():
        copy_database(place_in(library / "data"), place_in(folder / "data"))
    options = {"SCAN_WORKERS": "1", "METRICS_TOKEN": METRICS_TOKEN, **variables}
    options["MUSIC_DIR"] = str(library / "music")
    if port:
        options["PORT"] = port
    with serve(folder, None, "--no-scan", **options) as server:
        yield Shelf(server, folder)


def reopened(shelf: Shelf, **variables: str) -> AbstractContextManager[Shelf]:
    """A shelf whose server has ended, served again: at the same address, with the same data."""
    library = Path(shelf.server.variables["MUSIC_DIR"]).parent
    return open_shelf(shelf.folder, library, shelf.server.variables["PORT"], **variables)
