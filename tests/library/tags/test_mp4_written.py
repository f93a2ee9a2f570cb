"""MP4 files as ffmpeg writes them, and damaged ones."""

import random
import struct
import subprocess
from pathlib import Path

import pytest

from library.tags.reader import UnreadableAudio, read_fully, read_quickly, read_tags
from tests.audio_files import JPEG
from tests.library.tags import mp4_files as made
from tests.library.tags.mp4_files import MDAT, TITLE, needs_ffmpeg
from tests.library.tags.test_damaged_files import damaged, read_whatever

SECONDS = 12
FRAGMENTS = ("-frag_duration", "2000000", "-movflags")


@needs_ffmpeg
@pytest.mark.parametrize("flags", ["empty_moov", "dash+empty_moov+global_sidx", "delay_moov", ""])
@pytest.mark.parametrize("codec", ["aac", "flac", "alac", "libopus"])
def test_fragments_of_each_codec(tmp_path: Path, codec: str, flags: str) -> None:
    path = tmp_path / "a.mp4"
    written = "+".join(filter(None, ("frag_keyframe", flags)))
    made_by_ffmpeg(path, "-c:a", codec, "-strict", "-2", *FRAGMENTS, written)
    tags = read_fully(str(path))
    assert read_quickly(str(path)) == tags
    assert tags.duration_s == pytest.approx(SECONDS, rel=0.01)
    assert (tags.title, tags.codec) == ("Title", codec.removeprefix("lib"))
    assert tags.audio_digest


@needs_ffmpeg
@pytest.mark.parametrize(
    ("suffix", "options", "expected"),
    [
        ("m4a", ["-c:a", "aac", "-ac", "1"], ("aac", 48000, 1, 0)),
        ("m4a", ["-c:a", "aac", "-ac", "6"], ("aac", 48000, 6, 0)),
        ("m4a", ["-c:a", "alac", "-sample_fmt", "s32p", "-ar", "96000"], ("alac", 96000, 1, 24)),
        ("mp4", ["-c:a", "flac", "-sample_fmt", "s32", "-ar", "96000"], ("flac", 96000, 1, 24)),
        ("mp4", ["-c:a", "libopus", "-ac", "2"], ("opus", 48000, 2, 0)),
        ("mp4", ["-c:a", "ac3", "-ac", "6"], ("ac3", 48000, 6, 0)),
        ("mp4", ["-c:a", "eac3", "-ac", "1"], ("eac3", 48000, 1, 0)),
        ("mp4", ["-c:a", "libmp3lame"], ("mp3", 48000, 1, 0)),
        ("m4a", ["-f", "mov", "-c:a", "libmp3lame", "-ac", "2"], ("mp3", 48000, 2, 0)),
        ("m4a", ["-f", "mov", "-c:a", "aac"], ("aac", 48000, 1, 0)),
        ("m4a", ["-f", "mov", "-c:a", "alac", "-sample_fmt", "s16p"], ("alac", 48000, 1, 16)),
        ("m4a", ["-f", "mov", "-c:a", "pcm_s24le", "-ac", "6"], ("pcm", 48000, 6, 24)),
        ("m4a", ["-f", "mov", "-c:a", "pcm_f32le"], ("pcm", 48000, 1, 32)),
        ("m4a", ["-f", "3gp", "-c:a", "aac", "-ar", "16000"], ("aac", 16000, 1, 0)),
        ("m4a", ["-c:a", "aac", "-movflags", "use_metadata_tags"], ("aac", 48000, 1, 0)),
    ],
)
def test_codecs_and_kinds_of_file(
    tmp_path: Path, suffix: str, options: list[str], expected: tuple[str, int, int, int]
) -> None:
    path = tmp_path / f"a.{suffix}"
    made_by_ffmpeg(path, *options, "-strict", "-2")
    tags = read_fully(str(path))
    assert read_quickly(str(path)) == tags
    assert (tags.codec, tags.sample_rate_hz, tags.channels, tags.bit_depth) == expected
    assert tags.duration_s == pytest.approx(SECONDS, rel=0.01)
    assert tags.title == "Title"


def made_by_ffmpeg(path: Path, *options: str) -> None:
    sound = ["-f", "lavfi", "-i", f"anoisesrc=r=48000:d={SECONDS}:a=0.3"]
    bits = ["-fflags", "+bitexact", "-metadata", "title=Title"]
    command: list[str | Path] = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-nostdin",
        *sound,
        *bits,
        *options,
        path,
    ]
    subprocess.run(command, check=True)


# Damaged files


def kinds() -> dict[str, bytes]:
    run = made.run(*[1000] * 50, other_fields=True)
    meta = made.meta(made.keys("title"), made.box(b"ilst", made.item("\0\0\0\1", b"T")))
    texts = made.box(b"udta", made.quicktime_text("\xa9nam", b"Title"), bytes(4))
    empty = made.track(length=0, samples=None)
    pairs = (made.fragment(run), MDAT) * 4
    described = made.aac("139056e5a0")
    edits = made.edits((9_000, 1024))
    return {
        "fragments": made.mp4(made.movie(empty, made.extends(default=5)), *pairs),
        "segments": made.mp4(made.movie(empty, made.extends()), made.segments(5, 6), *pairs),
        "texts": made.mp4(MDAT, made.movie(meta, made.track(described, edits), texts)),
    }


@pytest.mark.parametrize("kind", ["fragments", "segments", "texts"])
def test_damaged_files_read_alike(tmp_path: Path, kind: str) -> None:
    random_ = random.Random(kind)
    path = tmp_path / "a.m4a"
    data = kinds()[kind]
    for number in range(600):
        turned = damaged(data[::-1], random_)[::-1] if number % 2 else damaged(data, random_)
        read_whatever(path, turned[: random_.choice((len(data), random_.randrange(len(data))))])
        quick = read_quickly(str(path))
        assert quick is None or quick == read_fully(str(path))


@pytest.mark.parametrize(
    "data",
    [
        made.box(b"free") * 200_000,
        made.box(b"mdat", b"1") * 200_000,
        made.movie(made.track()) + made.box(b"mdat", b"1") * 200_000,
        made.movie(made.track(length=0, samples=None), made.extends())
        + made.fragment(made.run(1)) * 20_000,
        made.movie(made.track(), made.box(b"udta", made.box(b"meta") * 100_000)),
        made.movie(made.track(), made.tagged(TITLE * 100_000)),
        made.movie(made.track() * 5_000),
        made.movie(made.box(b"trak") * 100_000),
        b"\0\0\xff\xffmoov" * 100_000,
    ],
)
def test_many_boxes_take_little_time(tmp_path: Path, data: bytes) -> None:
    read_whatever(tmp_path / "a.m4a", made.mp4(data))


def test_boxes_in_boxes_are_not_followed_without_end(tmp_path: Path) -> None:
    data = b""
    for name in (b"meta", b"udta", b"trak", b"mdia", b"moov") * 400:
        data = made.box(name, data)
    read_whatever(tmp_path / "a.m4a", made.mp4(data))


def test_a_box_ends_where_the_box_around_it_ends(tmp_path: Path) -> None:
    """The last item claims more than there is; the size of `udta` is right."""
    held = bytearray(made.tagged(TITLE, made.item("\xa9ART", b"Artist")))
    at = held.index(b"\xa9ART") - 4
    held[at : at + 4] = struct.pack(">I", 1_000_000)
    path = tmp_path / "a.m4a"
    path.write_bytes(made.mp4(MDAT, made.movie(bytes(held), made.track())))
    tags = read_tags(str(path))
    assert (tags.title, tags.artist, tags.duration_s) == ("Title", "Artist", 10)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((made.track(made.full_box(b"stsd", made.numbers(0))),), "description of its sound"),
        ((made.track(handler=b"vide"),), "a film without a sound track"),
    ],
)
def test_the_reason_says_what_is_missing(
    tmp_path: Path, parts: tuple[bytes, ...], words: str
) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(made.mp4(MDAT, made.movie(*parts)))
    with pytest.raises(UnreadableAudio, match=words):
        read_tags(str(path))


def test_an_index_may_be_cut_off_behind_its_track(tmp_path: Path) -> None:
    """The sound can be played. A picture that is not whole is left out."""
    track = made.track()
    held = made.tagged(TITLE, made.item("covr", JPEG))
    path = tmp_path / "a.m4a"
    data = made.mp4(MDAT, made.movie(track, held))
    for missing in (1, len(JPEG), len(held) - 8, len(held) - 1):
        path.write_bytes(data[:-missing])
        tags = read_fully(str(path))
        assert read_quickly(str(path)) == tags
        assert tags.duration_s == 10
        assert (tags.title == "Title") == (missing <= len(JPEG))
        assert not tags.embedded_cover_id
    for missing in (len(held) + 1, len(held) + len(track) - 1):
        path.write_bytes(data[:-missing])
        with pytest.raises(UnreadableAudio, match="cut off in its index"):
            read_tags(str(path))
