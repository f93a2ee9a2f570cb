"""Look-ups in a database that hangs: all are answered, and those that wait have a bound."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from pytest_django.fixtures import Settings

from asgi import look_ups
from asgi.files import disks
from asgi.files.disks import DiskHangs
from asgi.look_ups import LookUps
from library.media.cover_rows import find_cover
from library.media.disks import disk_of
from library.media.tracks import open_track

PLACES = 5
ASKED = 50


@pytest.fixture
def hang(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What a database that hangs waits for."""
    monkeypatch.setattr(look_ups, "WITHIN_S", 0.1)
    goes_on = threading.Event()
    yield goes_on
    goes_on.set()


def test_look_ups_that_were_given_up_keep_their_places_until_a_thread_takes_them(
    hang: threading.Event,
) -> None:
    looked_up = LookUps("logins", threads=1, places=PLACES)
    begun: list[int] = []

    def find(number: int) -> int:
        begun.append(number)
        hang.wait(30)
        return number

    async def ask(number: int) -> BaseException | int:
        try:
            return await looked_up.find(find, number)
        except OperationalError as error:
            return error

    async def ask_all() -> None:
        for first in range(0, ASKED, PLACES):
            await asyncio.gather(*(ask(first + number) for number in range(PLACES)))
        assert looked_up._threads._executor._work_queue.qsize() <= PLACES
        hang.set()
        for _ in range(1000):
            if looked_up._threads._executor._work_queue.empty():
                break
            await asyncio.sleep(0.01)
        assert await ask(ASKED) == ASKED

    asyncio.run(asyncio.wait_for(ask_all(), 30))
    assert begun == [0, ASKED]  # what nobody waits for any more is not looked up


def test_tracks_and_covers_are_looked_up_within_the_same_bounds(
    hang: threading.Event, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.MUSIC_DIRS = ["/one", "/two"]  # with one alone, its own threads look up tracks
    hung = LookUps("tracks", threads=1, places=1)
    for module in ("tracks", "cover_rows"):
        monkeypatch.setattr(f"library.media.{module}.look_ups", hung)

    async def ask_all() -> None:
        with pytest.raises(OperationalError, match="took more than"):
            await hung.find(hang.wait, 30)
        for _ in range(2):
            with pytest.raises(OperationalError):
                await open_track(1, str)
            with pytest.raises(OperationalError, match="wait already"):
                await find_cover("tracks", "1")

    asyncio.run(asyncio.wait_for(ask_all(), 30))


def test_a_disk_whose_thread_hangs_is_given_up(
    hang: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disks, "BEGIN_WITHIN_S", 0.1)

    async def ask() -> None:
        with pytest.raises(DiskHangs):
            await disk_of("").begin(hang.wait, 30)
        hang.set()
        for _ in range(1000):
            if not disk_of("")._is_known_to_hang():
                break
            await asyncio.sleep(0.01)
        assert await disk_of("").begin(str, 1) == "1"

    asyncio.run(asyncio.wait_for(ask(), 30))
