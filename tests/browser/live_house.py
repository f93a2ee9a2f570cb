"""A small library with a track that sounds, to which tests add while somebody listens."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.audio_files import make_audio, retag
from tests.browser.small_libraries import scan_new_library
from tests.browser.tone import sine
from tests.databases import copy_database, place_in
from tests.library.runner.house import wait_until
from tests.web.served import ServedMus, manage, serve

CHANGES = "/api/v1/sync?since="
HAS_ASKED = """(address) =>
  performance.getEntriesByType("resource").some(({ name }) => name.includes(address))"""
TONE_SECONDS = 60
SILENT_TRACKS = 260
METRICS_TOKEN = "a-token-of-the-tests-alone"
STORE_EVENTS = """
from django.db import transaction
from events.storage import store
from events.summary import MessageLevel, Summary
with transaction.atomic():
    for level, text in {events!r}:
        level = MessageLevel(level)
        store(Summary(message_to_show=text, message_level=level, action_key={action!r}))
"""


@dataclass
class LiveHouse:
    """`Tone` by `A` comes first in the list of tracks; all others are silent and by `M`."""

    folder: Path
    server: ServedMus

    @property
    def music(self) -> Path:
        return self.folder / "music"

    def add(self, title: str, **tags: Any) -> None:
        make_audio(self.music / f"{title}.mp3", title=title, **tags)

    def rename_tone(self, title: str) -> None:
        retag(self.music / "tone.wav", title=title)
        let_it_be_old(self.music / "tone.wav")

    def scan(self) -> None:
        """By the command, in a process of its own."""
        done = manage(self.server.variables, "scan_tracks", "--quiet")
        assert done.returncode == 0, done.stderr

    def say(self, *events: tuple[str, str], action: str | None = None) -> None:
        """Summaries as scans leave them: a level and a text each."""
        self.server.python(STORE_EVENTS.format(events=list(events), action=action))

    def wait_for_streams(self, number: int) -> None:
        """Until so many browsers listen: what a scan says before that, they do not hear."""
        wait_until(lambda: f"mus_listeners {number}.0" in self._metrics())

    def wait_until_heard_by(self, *pages: Page) -> None:
        """Until these pages, and no others, hear events, and know what was changed before that."""
        self.wait_for_streams(len(pages))
        for page in pages:
            page.wait_for_function(HAS_ASKED, arg=CHANGES)

    def _metrics(self) -> str:
        headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
        return httpx.get(f"{self.server.url}/metrics", headers=headers).text


def let_it_be_old(path: Path) -> None:
    then = time.time() - 60
    os.utime(path, (then, then))


def make_live_library(folder: Path, database: Path) -> None:
    music = folder / "music"
    for number in range(SILENT_TRACKS):
        title = f"m{number:03}"
        tags: dict[str, Any] = {"artist": "M", "album": "Silence", "track_number": number + 1}
        make_audio(music / f"{title}.mp3", title=title, **tags)
    tone = music / "tone.wav"
    tone.write_bytes(sine(TONE_SECONDS))
    retag(tone, title="Tone", artist="A")
    let_it_be_old(tone)
    copy_database(database, place_in(folder / "data"))


@contextmanager
def live_house(folder: Path, library: Path, **variables: str) -> Iterator[LiveHouse]:
    """A server of a copy of `library`, to which tests may add. It is scanned where it is: albums
    are told apart by their folders."""
    shutil.copytree(library / "music", folder / "music")
    scan_new_library(folder, place_in(library / "data"))
    with serve(
        folder, None, "--no-scan", SCAN_WORKERS="1", METRICS_TOKEN=METRICS_TOKEN, **variables
    ) as server:
        yield LiveHouse(folder, server)
