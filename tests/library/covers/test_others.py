"""What is tried instead of a picture that cannot be shown, and for how long."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from library.covers import making
from library.covers.making import (
    MAX_OTHERS,
    Cover,
    CoverMaker,
    NotReadable,
    OtherPicture,
    Others,
    Picture,
)
from library.covers.rendering import UnusablePicture
from library.covers.size import CoverSize
from tests.library.covers.pictures import BLUE, GREEN, plain

FIRST, KEY = "f" * 32, "e" * 32
SMALL = CoverSize.SQUARE_160
DAMAGED = b"no picture"


class Place:
    """The pictures of a track, and which of them are read. None cannot be read."""

    def __init__(
        self, *others: bytes | None, first: bytes | None = DAMAGED, key: str = KEY
    ) -> None:
        self.pictures = [first, *others]
        self.key = key
        self.read: list[int] = []

    def identity(self, number: int) -> str:
        return f"{self.key[0]}{number:031x}"

    async def make(self, maker: CoverMaker, size: CoverSize = SMALL) -> Cover:
        others = Others(self.key, self._others)
        return await maker.make(FIRST, size, self._reading(0), others=others)

    async def _others(self) -> AsyncIterator[OtherPicture]:
        for number in range(1, len(self.pictures)):
            yield OtherPicture(self.identity(number), self._reading(number))

    def _reading(self, number: int) -> making.Read:
        async def read() -> Picture:
            self.read.append(number)
            source = self.pictures[number]
            if source is None:
                raise NotReadable
            return Picture(self.identity(number) if number else FIRST, source)

        return read


def make(folder: Path, *places: Place, sizes: Sequence[CoverSize] = (SMALL,)) -> list[Cover]:
    async def ask() -> list[Cover]:
        maker = CoverMaker(folder, 10**9)
        return [await place.make(maker, size) for place in places for size in sizes]

    return asyncio.run(ask())


def test_the_first_that_can_be_shown_is_and_no_more_are_read(tmp_path: Path) -> None:
    place = Place(DAMAGED, None, plain(GREEN), plain(BLUE))
    (cover,) = make(tmp_path, place)
    assert cover.cover_id == place.identity(3)
    assert place.read == [0, 1, 2, 3]
    assert make(tmp_path, place) == [cover]
    assert place.read == [0, 1, 2, 3]


def test_in_another_size_only_the_one_that_is_shown_is_read(tmp_path: Path) -> None:
    place = Place(DAMAGED, DAMAGED, plain(GREEN))
    make(tmp_path, place)
    place.read.clear()
    (large,) = make(tmp_path, place, sizes=[CoverSize.ORIGINAL])
    assert large.cover_id == place.identity(3)
    assert place.read == [3]


def test_two_places_with_the_same_first_picture_show_their_own(tmp_path: Path) -> None:
    one = Place(plain(GREEN))
    other = Place(DAMAGED, plain(BLUE), key="d" * 32)
    without = Place(key="c" * 32)
    covers = make(tmp_path, one, other)
    assert covers[0] != covers[1]
    with pytest.raises(UnusablePicture, match="is none of"):
        make(tmp_path, without)
    assert make(tmp_path, one, other) == covers
    assert other.read.count(0) == without.read.count(0) == 0  # known from the first place


def test_no_more_are_read_than_a_request_may_cost(tmp_path: Path) -> None:
    place = Place(*[DAMAGED] * 100)
    for _ in range(2):
        with pytest.raises(UnusablePicture, match="is none of"):
            make(tmp_path, place)
    assert place.read == list(range(MAX_OTHERS + 1))


def test_what_there_was_no_time_for_is_tried_by_the_next_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(DAMAGED, plain(GREEN))
    monkeypatch.setattr(making, "OTHERS_WITHIN_S", -1.0)
    with pytest.raises(UnusablePicture):
        make(tmp_path, place)
    assert place.read == [0]
    monkeypatch.undo()
    assert make(tmp_path, place)[0].cover_id == place.identity(2)


def test_no_more_bytes_are_read_than_a_request_may_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(*[bytes(1000)] * 5, plain(GREEN))
    monkeypatch.setattr(making, "MAX_OTHERS_BYTES", 2500)
    with pytest.raises(UnusablePicture):
        make(tmp_path, place)
    assert place.read == [0, 1, 2, 3]
    assert make(tmp_path, place)[0].cover_id == place.identity(6)
    assert place.read == [0, 1, 2, 3, 4, 5, 6]


def test_of_a_tip_something_is_shown_in_every_size_if_there_is_no_other(tmp_path: Path) -> None:
    tip = plain(size=(600, 600), quality=95)[:640]
    alone = Place(first=tip)
    first, second = make(tmp_path, alone, sizes=[SMALL, CoverSize.ORIGINAL])
    assert first.cover_id == second.cover_id != FIRST
    assert make(tmp_path, alone, sizes=[SMALL, CoverSize.ORIGINAL]) == [first, second]
    place = Place(plain(GREEN), first=tip, key="d" * 32)
    assert make(tmp_path, place)[0].cover_id == place.identity(1)


def test_many_who_ask_at_once_try_the_others_once(tmp_path: Path) -> None:
    place = Place(DAMAGED, plain(GREEN))

    async def ask() -> list[Cover]:
        maker = CoverMaker(tmp_path, 10**9)
        return await asyncio.gather(*(place.make(maker) for _ in range(50)))

    assert len(set(asyncio.run(ask()))) == 1
    assert place.read == [0, 1, 2]


def test_a_picture_that_is_gone_gives_way_until_it_is_back(tmp_path: Path) -> None:
    place = Place(first=None)
    for _ in range(2):
        with pytest.raises(NotReadable):
            make(tmp_path, place)
    assert place.read == [0, 0]
    assert make(tmp_path, Place(plain(GREEN), first=None))[0].cover_id == place.identity(1)
    place.pictures[0] = plain(BLUE)
    assert make(tmp_path, place)[0].cover_id == FIRST
