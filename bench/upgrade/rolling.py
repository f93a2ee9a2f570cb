"""An upgrade of two servers, one after the other: a server of the version before goes on beside one
of this version, which watches the files and answers clients that keep a copy of the library."""

import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from bench.live.client import Browser
from bench.measure import CommandFailed
from bench.upgrade.known_tracks import KnownTracks
from bench.upgrade.ways import MIGRATE, SCAN
from tests.audio_files import make_noise, retag

WATCHED_WITHIN_S = 120.0
OLD_PAGES = (
    *("/api/v1/scans?limit=100", "/api/v1/scans/latest", "/api/v1/library", "/api/v1/tracks"),
    *("/api/v1/albums", "/api/v1/artists", "/admin/library/scan/", "/admin/library/track/"),
)
KINDS = ("folders", "artists", "albums", "tracks")
REVISION = "SELECT number, epoch FROM library_revision"
Row = dict[str, Any]


class Copy:
    """A client's copy of the library, which only syncs."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Row] = {}
        self.token = ""
        self.was_whole = False

    def sync(self, browser: Browser) -> "Copy":
        query = {"since": self.token} if self.token else {}
        came = set[tuple[str, int]]()
        while True:
            page = browser.get_json(f"/api/v1/sync?{urlencode(query)}")
            for kind in KINDS:
                rows = {(kind, row["id"]): row for row in page[kind]}
                self.rows |= rows
                came |= rows.keys()
            for gone in page["removed"]:
                self.rows.pop((f"{gone['kind']}s", gone["id"]), None)
            if page["cursor"] is None:
                break
            query = {"cursor": page["cursor"]}
        self.token, self.was_whole = page["token"], page["is_whole"]
        if self.was_whole:
            self.rows = {place: row for place, row in self.rows.items() if place in came}
        return self

    def faults(self, browser: Browser, when: str) -> Iterator[str]:
        """A line for each row that is not as a client has it that fetches everything."""
        self.sync(browser)
        whole = Copy().sync(browser).rows
        for place in sorted(self.rows.keys() | whole.keys()):
            if self.rows.get(place) != whole.get(place):
                found, wanted = _short(self.rows.get(place)), _short(whole.get(place))
                yield f"{when}: sync has {found} of {place}, not {wanted}"


def upgraded_one_after_the_other(library: KnownTracks) -> list[str]:
    """A line for each fault."""
    faults = list[str]()
    with library.served(is_old=True) as old:
        (revision,) = library.database.rows(REVISION)
        library.manage(*MIGRATE)
        copy = Copy()
        with library.served(watch=True) as new:
            faults += _faults_of_old_token(new, f"{revision['epoch']}-{revision['number'] - 1}")
            copy.sync(new)
            _watch(library, old, new)
            faults += copy.faults(new, "after a scan of the watcher")
            faults += _faults_of_old_pages(old)
        with library.served() as new:
            _scan_with(old, library)
            faults += copy.faults(new, "after a scan of the old server")
            _play_on(old, library)
            faults += _faults_of_playing(new, library)
    library.manage(*SCAN)
    with library.served() as new:
        faults += copy.faults(new, "after a scan of this version")
        library.move_files()
        faults += copy.faults(new, "after files were moved")
    return [*faults, *library.faults_of_ids()]


def _faults_of_old_token(new: Browser, token: str) -> Iterator[str]:
    if not new.get_json(f"/api/v1/sync?since={token}")["is_whole"]:
        yield "a token of the version before is answered with changes alone"


def _watch(library: KnownTracks, old: Browser, new: Browser) -> None:
    """A file comes, and the watcher scans its folder. Raises CommandFailed if it does not."""
    make_noise(library.music / "new" / "watched.wav", 900, title="watched", artist="watched")
    _wait_for(lambda: any(row["title"] == "watched" for row in _tracks(new)))
    _wait_for(lambda: new.get_json("/api/v1/scans/latest")["state"] != "running")
    _wait_for(lambda: any(row["title"] == "watched" for row in _tracks(old)))


def _faults_of_old_pages(old: Browser) -> Iterator[str]:
    for page in OLD_PAGES:
        old.ask("GET", page)  # raises CommandFailed where the answer is an error
    scans = old.get_json(OLD_PAGES[0])["results"]
    if "watch" not in {row["trigger"] for row in scans}:
        yield "the old server does not list the scan of the watcher"
    for row in scans:
        old.ask("GET", f"/api/v1/scans/{row['id']}")


def _scan_with(old: Browser, library: KnownTracks) -> None:
    """The old server sees other tags, a file that comes, and one that goes."""
    retag(library.music / "new" / "watched.wav", artist="somebody else", album="another album")
    make_noise(library.music / "newer" / "old.wav", 901, title="by the old server", artist="x")
    shutil.rmtree(library.file("deleted by hand").parent)
    old.wait_for_scan(old.start_scan(str(library.music)))


def _play_on(old: Browser, library: KnownTracks) -> None:
    playing = {"current_track_id": library.ids["moved"], "progress_seconds": 12.0}
    old.ask("PUT", "/api/v1/player/state", playing)


def _faults_of_playing(new: Browser, library: KnownTracks) -> Iterator[str]:
    state = new.get_json("/api/v1/player/state")
    if (state["current_track_id"], state["progress_seconds"]) != (library.ids["moved"], 12.0):
        yield f"what the old server saved of the player is {_short(state)}"


def _tracks(browser: Browser) -> list[Row]:
    rows: list[Row] = browser.get_json("/api/v1/tracks?limit=500")["results"]
    return rows


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WATCHED_WITHIN_S
    while not holds():
        if time.monotonic() > deadline:
            raise CommandFailed("what the watcher should have done is not to be seen")
        time.sleep(0.1)


def _short(value: object) -> str:
    return str(value)[:300]
