"""Who waits for a cover, and who stops waiting, is nobody else's business."""

import asyncio
import threading
from pathlib import Path

import pytest

from library.covers.making import THREADS, Cover, CoverMaker, Picture
from library.covers.rendering import UnusablePicture
from library.covers.size import CoverSize
from tests.covers.pictures import plain

COVER_ID = "c" * 32
SMALL = CoverSize.SMALL


class Source:
    """A picture that is read when it is let go."""

    def __init__(self, source: bytes, cover_id: str = COVER_ID) -> None:
        self.picture = Picture(cover_id, source)
        self.is_free = threading.Event()
        self.has_begun = threading.Semaphore(0)
        self.threads: list[str] = []

    async def begins(self, within_seconds: float = 30) -> bool:
        """Whether one more began to read it."""
        return await asyncio.to_thread(self.has_begun.acquire, timeout=within_seconds)

    def read(self) -> Picture:
        self.threads.append(threading.current_thread().name)
        self.has_begun.release()
        assert self.is_free.wait(30)
        return self.picture


def test_one_who_is_cancelled_cancels_no_other(tmp_path: Path) -> None:
    source = Source(plain())

    async def ask() -> tuple[Cover, Cover]:
        maker = CoverMaker(tmp_path)
        first, second, third = (
            asyncio.create_task(maker.make(COVER_ID, SMALL, source.read)) for _ in range(3)
        )
        assert await source.begins()
        first.cancel()
        await asyncio.wait([first])
        assert first.cancelled()
        source.is_free.set()
        return await second, await third

    second, third = asyncio.run(ask())
    assert second.webp.startswith(b"RIFF")
    assert second == third
    assert len(source.threads) == 1


def test_no_more_are_read_at_once_than_there_are_threads(tmp_path: Path) -> None:
    source = Source(plain())

    async def ask() -> None:
        maker = CoverMaker(tmp_path)
        ids = [f"{number:032x}" for number in range(10)]
        asked = [asyncio.create_task(maker.make(each, SMALL, source.read)) for each in ids]
        for _ in range(THREADS):
            assert await source.begins()
        assert not await source.begins(within_seconds=0.2)
        source.is_free.set()
        await asyncio.gather(*asked)

    asyncio.run(ask())
    assert len(set(source.threads)) == THREADS
    assert threading.current_thread().name not in source.threads


def test_what_fails_is_tried_again_by_who_asks_next(tmp_path: Path) -> None:
    """A disk that fails says nothing of the picture."""

    def fail() -> Picture:
        raise OSError("Input/output error")

    async def ask() -> Cover:
        maker = CoverMaker(tmp_path)
        with pytest.raises(OSError, match="Input/output"):
            await maker.make(COVER_ID, SMALL, fail)
        return await maker.make(COVER_ID, SMALL, lambda: Picture(COVER_ID, plain()))

    assert asyncio.run(ask()).webp


@pytest.mark.parametrize("source", [plain(), b"no picture"])
def test_of_a_picture_that_changed_while_it_was_read_nothing_is_kept(
    tmp_path: Path, source: bytes
) -> None:
    async def ask() -> Cover:
        return await CoverMaker(tmp_path).make(COVER_ID, SMALL, lambda: Picture("", source))

    if source == plain():
        assert asyncio.run(ask()).cover_id == ""
    else:
        with pytest.raises(UnusablePicture):
            asyncio.run(ask())
    assert not list(tmp_path.iterdir())
