"""Who waits for a cover, and who stops waiting, is nobody else's business."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from library.covers import shared_jobs
from library.covers.making import Cover, CoverMaker, Picture
from library.covers.rendering import UnusablePicture
from library.covers.shared_jobs import JOBS_PER_DISK
from library.covers.size import CoverSize
from tests.library.covers.pictures import plain

COVER_ID = "c" * 32
SMALL = CoverSize.SQUARE_160


class Source:
    """A picture that is read when it is let go."""

    def __init__(self, source: bytes, cover_id: str = COVER_ID) -> None:
        self.picture = Picture(cover_id, source)
        self.is_free = threading.Event()
        self.has_begun = threading.Semaphore(0)
        self.reads = 0

    async def begins(self, within_seconds: float = 30) -> bool:
        """Whether one more began to read it."""
        return await asyncio.to_thread(self.has_begun.acquire, timeout=within_seconds)

    async def read(self) -> Picture:
        self.reads += 1
        self.has_begun.release()
        assert await asyncio.to_thread(self.is_free.wait, 30)
        return self.picture


def reading(picture: Picture) -> Callable[[], Awaitable[Picture]]:
    async def read() -> Picture:
        return picture

    return read


def test_one_who_is_cancelled_cancels_no_other(tmp_path: Path) -> None:
    source = Source(plain())

    async def ask() -> tuple[Cover, Cover]:
        maker = CoverMaker(tmp_path, 10**9)
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
    assert second.content.startswith(b"RIFF")
    assert second == third
    assert source.reads == 1


def test_no_more_are_read_at_once_than_memory_is_for(tmp_path: Path) -> None:
    source = Source(plain())

    async def ask() -> None:
        maker = CoverMaker(tmp_path, 10**9)
        ids = [f"{number:032x}" for number in range(10)]
        asked = [asyncio.create_task(maker.make(each, SMALL, source.read)) for each in ids]
        for _ in range(JOBS_PER_DISK):
            assert await source.begins()
        assert not await source.begins(within_seconds=0.2)
        source.is_free.set()
        await asyncio.gather(*asked)

    asyncio.run(ask())
    assert source.reads == len(range(10))


def test_what_fails_is_tried_again_by_who_asks_next(tmp_path: Path) -> None:
    """A disk that fails says nothing of the picture."""

    async def fail() -> Picture:
        raise OSError("Input/output error")

    async def ask() -> Cover:
        maker = CoverMaker(tmp_path, 10**9)
        with pytest.raises(OSError, match="Input/output"):
            await maker.make(COVER_ID, SMALL, fail)
        return await maker.make(COVER_ID, SMALL, reading(Picture(COVER_ID, plain())))

    assert asyncio.run(ask()).content


@pytest.mark.parametrize("source", [plain(), b"no picture"])
def test_of_a_picture_that_changed_while_it_was_read_nothing_is_kept(
    tmp_path: Path, source: bytes
) -> None:
    async def ask() -> Cover:
        return await CoverMaker(tmp_path, 10**9).make(COVER_ID, SMALL, reading(Picture("", source)))

    if source == plain():
        assert asyncio.run(ask()).cover_id == ""
    else:
        with pytest.raises(UnusablePicture):
            asyncio.run(ask())
    assert not list(tmp_path.iterdir())


def cover_id(number: int) -> str:
    return f"{number:032x}"


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several that are begun together, the one whose thread is quicker reads first."""
    monkeypatch.setattr(shared_jobs, "JOBS_PER_DISK", 1)


class Order:
    """In which order covers are begun, by their numbers."""

    def __init__(self) -> None:
        self.begun: list[int] = []

    def reading(self, number: int) -> Callable[[], Awaitable[Picture]]:
        async def read() -> Picture:
            self.begun.append(number)
            return Picture(cover_id(number), plain(size=(16, 16)))

        return read


def test_who_asks_for_two_thousand_delays_nobody_else(tmp_path: Path, one_at_a_time: None) -> None:
    order = Order()

    async def ask() -> None:
        maker = CoverMaker(tmp_path, 10**9)

        def wanted(number: int, user: int) -> asyncio.Task[Cover]:
            making = maker.make(cover_id(number), SMALL, order.reading(number), user=user)
            return asyncio.create_task(making)

        crowd = [wanted(number, user=1) for number in range(2000)]
        await asyncio.sleep(0)  # each of them is in the queue
        other = wanted(5000, user=2)
        await other
        for each in crowd:
            each.cancel()
        await asyncio.wait(crowd)

    asyncio.run(ask())
    assert order.begun.index(5000) <= 2


def test_a_cover_that_both_wait_for_comes_when_it_is_the_first_ones_turn(
    tmp_path: Path, one_at_a_time: None
) -> None:
    order = Order()

    async def ask() -> None:
        maker = CoverMaker(tmp_path, 10**9)
        asked = [
            asyncio.create_task(maker.make(cover_id(n), SMALL, order.reading(n), user=1))
            for n in range(100)
        ]
        await asyncio.sleep(0)
        last = await maker.make(cover_id(99), SMALL, order.reading(99), user=2)
        assert last == await asked[99]
        await asyncio.gather(*asked)

    asyncio.run(ask())
    assert order.begun.index(99) <= 2
    assert sorted(order.begun) == list(range(100))


def test_what_nobody_waits_for_any_more_is_not_begun(tmp_path: Path) -> None:
    order = Order()

    async def ask() -> None:
        maker = CoverMaker(tmp_path, 10**9)
        asked = [
            asyncio.create_task(maker.make(cover_id(n), SMALL, order.reading(n), user=n % 2))
            for n in range(20)
        ]
        await asyncio.sleep(0)
        for each in asked[5:]:
            each.cancel()
        await asyncio.gather(*asked[:5])
        assert await maker.make(cover_id(7), SMALL, order.reading(7))

    asyncio.run(ask())
    assert sorted(order.begun) == [0, 1, 2, 3, 4, 7]


def test_a_disk_that_hangs_holds_up_no_other(tmp_path: Path) -> None:
    async def ask() -> None:
        maker = CoverMaker(tmp_path, 10**9)
        never: asyncio.Future[Picture] = asyncio.get_running_loop().create_future()

        async def hang() -> Picture:
            return await never

        hung = [
            asyncio.create_task(maker.make(cover_id(n), SMALL, hang, disk="/hung"))
            for n in range(10)
        ]
        await asyncio.sleep(0)
        source = reading(Picture(COVER_ID, plain()))
        assert await maker.make(COVER_ID, SMALL, source, disk="/well")
        for each in hung:
            each.cancel()
        await asyncio.wait(hung)
        never.set_exception(OSError("It is back, and broken"))

    asyncio.run(ask())
