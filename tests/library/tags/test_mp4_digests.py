"""The digest of the sound in MP4 files: the same for as long as the sound is the same."""

# mutagen is typed only in part.
# mypy: allow-untyped-calls

import struct
import subprocess
from pathlib import Path

import pytest
from mutagen.mp4 import MP4, MP4Cover

from library.tags.audio_digest import WINDOW_BYTES, digest_of_payload
from library.tags.ordinary import OpenFile, read_ordinary
from library.tags.ordinary.open_file import HEAD_BYTES
from library.tags.reader import read_fully, read_quickly
from tests.audio_files import JPEG, SAMPLES, make_audio
from tests.library.tags import mp4_files as made
from tests.library.tags.mp4_files import MDAT, SOUND, TITLE, needs_ffmpeg, read_alike

INDEX = made.movie(made.track(), made.tagged(TITLE))
DIGEST = digest_of_payload(lambda start, end: SOUND[start:end], 0, len(SOUND))
LONG_SOUND = bytes(range(251)) * 40_000


class RecordingFile(OpenFile):
    """An open file that keeps which parts of it were read from the disk."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.reads = [(0, len(self.head))]

    def _read(self, start: int, end: int) -> bytes:
        self.reads.append((start, end))
        return super()._read(start, end)


def digest(path: Path) -> str:
    tags = read_fully(str(path))
    quick = read_quickly(str(path))
    assert quick is None or quick.audio_digest == tags.audio_digest
    return tags.audio_digest


@pytest.mark.parametrize(
    "boxes",
    [
        (MDAT, INDEX),
        (INDEX, MDAT),
        (INDEX, made.box(b"free", bytes(50_000)), MDAT, made.box(b"free", bytes(50_000))),
        (INDEX, struct.pack(">I4sQ", 1, b"mdat", 16 + len(SOUND)), SOUND),
        (INDEX, struct.pack(">I4s", 0, b"mdat"), SOUND),
        (made.box(b"mdat", SOUND[:100]), INDEX, made.box(b"mdat"), made.box(b"mdat", SOUND[100:])),
        (INDEX, *(made.box(b"mdat", SOUND[at : at + 1000]) for at in range(0, len(SOUND), 1000))),
        (made.box(b"mdat", SOUND[:-1]), INDEX, made.box(b"mdat", SOUND[-1:])),
    ],
)
def test_the_digest_is_that_of_all_audio_data_together(
    tmp_path: Path, boxes: tuple[bytes, ...]
) -> None:
    assert read_alike(tmp_path / "a.m4a", *boxes).audio_digest == DIGEST


@pytest.mark.parametrize("at", [0, len(SOUND) // 2, len(SOUND) - 1])
def test_another_sound_has_another_digest(tmp_path: Path, at: int) -> None:
    other = SOUND[:at] + bytes([SOUND[at] ^ 1]) + SOUND[at + 1 :]
    tags = read_alike(tmp_path / "a.m4a", INDEX, made.box(b"mdat", other))
    assert tags.audio_digest not in {"", DIGEST}
    tags = read_alike(tmp_path / "a.m4a", INDEX, made.box(b"mdat", SOUND + b"\0"))
    assert tags.audio_digest not in {"", DIGEST}


def test_a_file_without_audio_data_has_no_digest(tmp_path: Path) -> None:
    for boxes in ((INDEX,), (INDEX, made.box(b"mdat"))):
        assert read_alike(tmp_path / "a.m4a", *boxes).audio_digest == ""


def test_a_file_that_is_cut_off_has_the_digest_of_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    tags = read_alike(path, INDEX, MDAT[:-100])
    assert (
        tags.audio_digest == read_alike(path, INDEX, made.box(b"mdat", SOUND[:-100])).audio_digest
    )


@pytest.mark.parametrize("suffix", [".m4a", ".m4b", ".mp4"])
def test_tagging_a_file_leaves_its_digest_alone(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}")
    before = digest(path)
    assert before
    for title, cover in (("Title", JPEG), ("T", JPEG + bytes(100_000)), ("Title" * 40, JPEG)):
        audio = MP4(path)
        if audio.tags is None:
            audio.add_tags()
        audio["\xa9nam"], audio["covr"] = [title], [MP4Cover(cover)]
        audio.save()
        assert digest(path) == before
    MP4(path).delete()
    assert digest(path) == before


@needs_ffmpeg
def test_copying_the_sound_to_another_file_leaves_its_digest_alone(tmp_path: Path) -> None:
    source, copy = SAMPLES[".m4a"], tmp_path / "copy.m4a"
    for options in ([], ["-movflags", "faststart"], ["-movflags", "frag_keyframe+empty_moov"]):
        command: list[str | Path] = [
            "ffmpeg",
            "-v",
            "error",
            "-y",
            "-i",
            source,
            "-c",
            "copy",
            *options,
            copy,
        ]
        subprocess.run(command, check=True)
        assert digest(copy) == digest(source)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_file_is_read_in_one_direction_and_little_of_it(
    tmp_path: Path, *, is_first: bool
) -> None:
    path = tmp_path / "a.m4a"
    tags = made.tagged(TITLE, made.item("covr", JPEG + bytes(100_000)))
    index = made.movie(made.track(), tags)
    sound = made.box(b"mdat", LONG_SOUND)
    path.write_bytes(made.mp4(*((index, sound) if is_first else (sound, index))))
    with RecordingFile(str(path)) as file:
        read_ordinary(file, str(path))
        starts = [start for start, _ in file.reads]
        assert starts == sorted(starts)
        # The head; the index; the beginning of the sound, its middle and its end.
        assert len(file.reads) <= 5
        middle = (WINDOW_BYTES, (len(LONG_SOUND) - WINDOW_BYTES) // 2)
        assert any(
            (end - start, start - path.read_bytes().index(LONG_SOUND)) == middle
            for start, end in file.reads
        )
        assert file.bytes_read <= len(index) + 4 * HEAD_BYTES + 2 * WINDOW_BYTES


def test_of_a_long_books_index_only_what_is_used_is_read(tmp_path: Path) -> None:
    sizes = made.full_box(b"stsz", made.numbers(0, 1_500_000), bytes(4 * 1_500_000))
    track = made.track(sizes=sizes)
    path = tmp_path / "a.m4b"
    path.write_bytes(made.mp4(made.movie(track, made.tagged(TITLE)), MDAT))
    with OpenFile(str(path)) as file:
        assert read_ordinary(file, str(path)).tags.values["title"] == ["Title"]
        assert file.bytes_read <= 12 * HEAD_BYTES
    assert read_quickly(str(path)) == read_fully(str(path))
