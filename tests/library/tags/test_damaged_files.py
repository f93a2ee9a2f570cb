"""Whatever a file holds, what comes out is storable or a reason; in bounded time and memory."""

import os
import random
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.tags import AUDIO_SUFFIXES, TrackTags
from library.tags.bounded_file import BoundedFile
from library.tags.reader import UnreadableAudio, read_tags
from tests.audio_files import ALAC, FILM_WITHOUT_SOUND, JPEG, PNG, SAMPLES, make_audio
from tests.library.tags.storable import assert_storable

SECONDS_PER_FILE = 5
READER_MEMORY_BYTES = 200 * 1024 * 1024
ROOT = Path(__file__).parents[3]
BEGINNINGS = (
    *(b"ID3\x02\0\0", b"ID3\x03\0\0", b"ID3\x04\0\0", b"ID3\x03\0\x80", b"ID3\x04\0\x40"),
    *(b"\xff\xfb\x90\x64", b"\xff\xf3\x40", b"\xff\xf1\x50\x80", b"ADIF", b"fLaC\0\0\0\x22"),
    *(
        b"OggS\0\x02",
        b"RIFF\xff\xff\0\0WAVEfmt ",
        b"RIFF\x10\0\0\0WAVELIST",
        b"FORM\0\0\xff\xffAIFF",
    ),
    *(b"\0\0\0\x18ftypM4A ", b"\0\0\0\x08moov", b"MAC \x96\x0f", b"wvpk\0\0\0\0", b"MPCKSH"),
    *(b"MPCKEI\0", b"MP+\x07", b"TTA1", b"DSD \x1c\0\0\0\0\0\0\0", b"APETAGEX\xd0\x07\0\0"),
    bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
    *(b"RF64\xff\xff\xff\xffWAVEds64\x1c\0\0\0", b"RIFX\0\0\xff\xffWAVEfmt \0\0\0\x10"),
    *(b"FORM\0\0\xff\xffAIFCCOMM\0\0\0\x16", b"FRM8" + bytes(6) + b"\xff\xffDSD PROP"),
    *(b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 7, b"\x1a\x45\xdf\xa3\x9f\x42\x86"),
    b"G\x40\0\x10",
)
FULL: dict[str, object] = {
    "title": "Tïtle",
    "artist": ["A", "B"],
    "album": "Album",
    "album_artist": "AA",
    "track_number": 3,
    "track_total": 12,
    "disc_number": 1,
    "year": 2003,
    "genre": "(17)Jazz",
    "compilation": True,
    "musicbrainz_recording_id": "4d5f3a1b-6c6e-4f0e-9c5a-0c7b1f0e2a33",
    "replaygain_track_gain_db": "-6.20 dB",
}

bounded = settings(
    max_examples=150,
    deadline=None,  # `read_whatever` has one of its own, which ends a loop too
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
suffixes = st.sampled_from(sorted(AUDIO_SUFFIXES))


class Hung(BaseException):
    """No Exception: the reader would take it for the file's fault."""


@contextmanager
def time_limit() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_FILE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def read_whatever(path: Path, data: bytes) -> TrackTags | str:
    path.write_bytes(data)
    try:
        with time_limit():
            tags = read_tags(str(path))
    except UnreadableAudio as error:
        reason = str(error)
    else:
        assert_storable(tags)
        return tags
    assert reason.endswith(".")
    return reason


def full_samples(folder: Path) -> dict[str, bytes]:
    """Each format with tags and a cover: by its suffix, or what it shares one with."""
    cover = {"cover": PNG}
    made = {suffix: make_audio(folder / f"full{suffix}", **cover, **FULL) for suffix in SAMPLES}  # type: ignore[arg-type]
    others = {".alac.m4a": ALAC, ".film.mp4": FILM_WITHOUT_SOUND}
    return {name: path.read_bytes() for name, path in (made | others).items()}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return full_samples(tmp_path_factory.mktemp("samples"))


def damaged(data: bytes, random_: random.Random) -> bytes:
    """A few bytes changed, put in or left out, mostly where the headers are."""
    changed = bytearray(data)
    for _ in range(random_.choice((1, 1, 2, 4, 16))):
        at = random_.randrange(min(len(changed), random_.choice((64, 512, 4096, 1 << 20))))
        kind = random_.randrange(4)
        if kind == 0:
            changed[at] ^= 1 << random_.randrange(8)
        elif kind == 1:
            changed[at] = random_.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
        elif kind == 2:
            changed[at : at + 4] = random_.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x01"))
        else:
            changed[at : at + random_.randrange(8)] = random_.randbytes(random_.randrange(8))
    return bytes(changed) or b"\0"


@pytest.mark.parametrize("name", [*sorted(SAMPLES), ".alac.m4a", ".film.mp4"])
def test_a_file_cut_off_anywhere(tmp_path: Path, samples: dict[str, bytes], name: str) -> None:
    data = samples[name]
    offsets = {*range(0, 256, 3), *range(0, len(data), max(1, len(data) // 150))}
    for offset in offsets:
        read_whatever(tmp_path / f"a{name}", data[:offset])


@pytest.mark.parametrize("name", [*sorted(SAMPLES), ".alac.m4a", ".film.mp4"])
def test_a_file_with_bits_turned(tmp_path: Path, samples: dict[str, bytes], name: str) -> None:
    random_ = random.Random(name)
    for _ in range(250):
        read_whatever(tmp_path / f"a{name}", damaged(samples[name], random_))


def test_the_end_of_a_file_with_bits_turned(tmp_path: Path, samples: dict[str, bytes]) -> None:
    """Where APEv2, ID3v1 and the chunks of WAV, AIFF and DSF are."""
    random_ = random.Random(0)
    for name in (".wv", ".ape", ".mpc", ".wav", ".aiff", ".dsf", ".dff", ".mka") * 60:
        backwards = damaged(samples[name][::-1], random_)
        read_whatever(tmp_path / f"a{name}", backwards[::-1])


@bounded
@given(suffix=suffixes, beginning=st.sampled_from(BEGINNINGS), data=st.binary(max_size=2000))
def test_any_bytes_after_any_beginning(
    tmp_path: Path, suffix: str, beginning: bytes, data: bytes
) -> None:
    read_whatever(tmp_path / f"a{suffix}", beginning + data)


@bounded
@given(suffix=suffixes, data=st.binary(max_size=2000))
def test_any_bytes(tmp_path: Path, suffix: str, data: bytes) -> None:
    read_whatever(tmp_path / f"a{suffix}", data)


@bounded
@given(
    suffix=st.sampled_from([".mp3", ".flac", ".ogg", ".opus", ".m4a", ".wma", ".wv", ".wav"]),
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), min_size=4),
)
def test_any_text_in_any_field(tmp_path: Path, suffix: str, texts: list[str]) -> None:
    title, year, number, *artists = texts
    path = make_audio(
        tmp_path / f"a{suffix}", title=title, date=year, artist=artists, disc_total=None
    )
    if suffix != ".m4a":
        make_audio(path, title=title, date=year, artist=artists, track_number=number)
    assert_storable(read_tags(str(path)))


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
def test_nothing_but_a_formats_beginning_repeated(tmp_path: Path, suffix: str) -> None:
    """Headers that follow each other at once, as often as a megabyte holds them."""
    for beginning in (SAMPLES[suffix].read_bytes()[:16], SAMPLES[suffix].read_bytes()[:64]):
        read_whatever(tmp_path / f"a{suffix}", beginning * (1_000_000 // len(beginning)))


WAVE = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0"
MATROSKA = (
    b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01"
    + b"\xff" * 7
    # A list of one track, of sound in Opus.
    + b"\x16\x54\xae\x6b\x8d\xae\x8b\x83\x81\2\x86\x86A_OPUS"
)


@pytest.mark.parametrize(
    ("suffix", "beginning", "part"),
    [
        (".wav", WAVE, b"data\0\0\0\0"),
        (".wav", WAVE, b"LIST\x0e\0\0\0INFOINAM\2\0\0\0a\0"),
        (".wav", WAVE, b"id3 \x18\0\0\0ID3\4\0\0\x7f\x7f\x7f\x7fTIT2\0\0\0\4\0\0\3abc"),
        (".aiff", b"FORM\0\0\0\0AIFF", b"SSND\0\0\0\0"),
        (".dff", b"FRM8\0\0\0\0\0\0\0\0DSD ", b"DIIN\0\0\0\0\0\0\0\0"),
        (".mka", MATROSKA, b"\x1f\x43\xb6\x75\x80"),
        (".mka", MATROSKA, b"\x1f\x43\xb6\x75\x83\xe7\x81\0"),
        (".mka", MATROSKA, b"\x1f\x43\xb6\x75\x80" + b"\xec\x80" * 150),
        (".mka", MATROSKA, b"\x12\x54\xc3\x67\x01" + b"\xff" * 7),
        (
            ".wma",
            bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + b"\xff" * 14,
            bytes(16) + b"\x18" + bytes(7),
        ),
    ],
)
def test_parts_without_number_cost_a_bounded_number_of_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, beginning: bytes, part: bytes
) -> None:
    reads = 0
    original = BoundedFile.read

    def counted(file: BoundedFile, size: int | None = -1, /) -> bytes:
        nonlocal reads
        reads += 1
        return original(file, size)

    monkeypatch.setattr(BoundedFile, "read", counted)
    read_whatever(tmp_path / f"a{suffix}", beginning + part * (4_000_000 // len(part)))
    assert reads < 50_000


def test_large_covers_are_read_within_a_readers_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    tags = read_whatever(make_audio(path, cover=JPEG + bytes(30_000_000)), path.read_bytes())
    assert isinstance(tags, TrackTags)
    assert tags.embedded_cover_id


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux has it")
def test_a_reader_of_200_mebibytes_survives_all_of_it(tmp_path: Path) -> None:
    """In a process of its own, which has the memory that a reader process has."""
    child = subprocess.run(
        [sys.executable, "-m", "tests.library.tags.test_damaged_files", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
        capture_output=True,
        text=True,
    )
    assert child.returncode == 0, child.stderr[-2000:]
    assert int(child.stdout) * 1024 < READER_MEMORY_BYTES


def read_a_damaged_library(folder: Path) -> None:
    """What the child process does; prints its peak memory in KiB."""
    samples = full_samples(folder)
    large = make_audio(folder / "large.flac", cover=JPEG + bytes(12_000_000)).read_bytes()
    resource.setrlimit(resource.RLIMIT_DATA, (READER_MEMORY_BYTES, READER_MEMORY_BYTES))
    random_ = random.Random(2)
    for name, data in samples.items():
        for _ in range(60):
            read_whatever(folder / f"a{name}", damaged(data, random_))
    for beginning in BEGINNINGS:
        for suffix in (".mp3", ".m4a", ".flac"):
            read_whatever(folder / f"a{suffix}", beginning + b"\xff" * 64 + random_.randbytes(4000))
            read_whatever(folder / f"a{suffix}", beginning + b"\x7f\xff\xff\xff" * 64)
    for _ in range(10):
        read_whatever(folder / "a.flac", damaged(large, random_))
    # Not getrusage: its peak is also that of the process this one was forked from.
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    sys.stdout.write(found[1])


if __name__ == "__main__":
    read_a_damaged_library(Path(sys.argv[1]))
