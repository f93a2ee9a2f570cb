"""Files that kill or hold up the process that reads embedded covers."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import FileIO
from pathlib import Path

import pytest

from library.covers.making import CoverMaker, Picture
from library.covers.rendering import UnusablePicture
from library.covers.size import CoverSize
from library.media import embedded
from library.media.embedded import DIED, ENDLESS, EmbeddedReaders, ReaderFailed
from library.tags import embedded_process
from library.tags.embedded_process import PICTURE

COVER_ID = "0" * 32


@pytest.fixture
def covers(monkeypatch: pytest.MonkeyPatch) -> EmbeddedReaders:
    monkeypatch.setattr(embedded_process, "__name__", "tests.library.covers.failing_reader")
    monkeypatch.setattr(embedded, "ANSWERS_WITHIN_S", 5.0)
    return EmbeddedReaders()


def holding(folder: Path, content: bytes) -> FileIO:
    path = folder / f"{content.decode()}.flac"
    path.write_bytes(content)
    return FileIO(path)


@pytest.mark.parametrize(("content", "reason"), [(b"deadly", DIED), (b"endless", ENDLESS)])
def test_a_file_on_which_the_reader_fails_is_told_from_a_disk_that_hangs(
    tmp_path: Path,
    covers: EmbeddedReaders,
    content: bytes,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # On a busy machine what computes without end has little of a processor.
    monkeypatch.setattr(embedded, "COMPUTING_SHARE", 0.01)
    with pytest.raises(ReaderFailed, match=reason):
        covers.read(PICTURE, holding(tmp_path, content), ".flac")
    assert covers.read(PICTURE, holding(tmp_path, b"picture"), ".flac") == b"picture"


def test_a_disk_that_hangs_says_nothing_of_the_file(
    tmp_path: Path, covers: EmbeddedReaders
) -> None:
    with pytest.raises(TimeoutError):
        covers.read(PICTURE, holding(tmp_path, b"on a disk that hangs"), ".flac")


def test_another_cover_of_the_disk_does_not_wait_for_one_that_holds_up_the_reader(
    tmp_path: Path, covers: EmbeddedReaders
) -> None:
    with ThreadPoolExecutor(1) as other:
        held_up = other.submit(
            covers.read, PICTURE, holding(tmp_path, b"on a disk that hangs"), ".flac"
        )
        while not covers._readers[0].lock.locked():
            pass
        assert covers.read(PICTURE, holding(tmp_path, b"picture"), ".flac") == b"picture"
        assert not held_up.done()
        assert isinstance(held_up.exception(), TimeoutError)


def test_what_cannot_be_read_is_not_asked_for_again_within_a_day(tmp_path: Path) -> None:
    reads: list[None] = []

    async def read() -> Picture:
        reads.append(None)
        raise UnusablePicture(DIED)

    async def ask_twice() -> None:
        maker = CoverMaker(tmp_path, 1 << 30)
        for _ in range(2):
            with pytest.raises(UnusablePicture, match=DIED):
                await maker.make(COVER_ID, CoverSize.SQUARE_160, read)

    asyncio.run(ask_twice())
    assert len(reads) == 1
