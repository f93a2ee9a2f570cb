"""The reader of ordinary files reads what the reader of all files reads, or leaves it to that."""

# mutagen has types for half of itself, and strict checking trips over the other half.
# mypy: allow-untyped-calls

import base64
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen.id3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from bench import compare_readers
from library.tags.ordinary import NeedsFullReader, OpenFile, read_ordinary
from library.tags.ordinary.open_file import HEAD_BYTES
from library.tags.reader import read_fully, read_quickly
from library.tags.streams.mpeg_frames import frame as mpeg_frame
from library.tags.track_tags import TrackTags
from tests.audio_files import ALAC, FOLDER, JPEG, PNG, SAMPLES, VOCABULARIES, jpeg, make_audio
from tests.library.tags.test_damaged_files import damaged, full_samples

id3: Any = mutagen.id3
QUICK = (".mp3", ".flac", ".ogg", ".oga", ".opus", ".spx", ".m4a", ".m4b", ".mp4")
FRAME_HEADER = bytes.fromhex("fffb9064")  # MPEG 1, layer III, 128 kbit/s, 44.1 kHz, joint stereo
FRAME_SIZE = 417
XING, UNTAGGED = SAMPLES[".mp3"].read_bytes(), FRAME_HEADER.ljust(FRAME_SIZE, b"\0") * 9

fuzzed = settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
values = st.lists(
    texts | st.sampled_from(["3/12", "(17)Jazz", "2003-05-17", "-6.20 dB", "1"]),
    min_size=1,
    max_size=3,
)
ids = st.uuids().map(str)
pictures = st.none() | st.sampled_from([JPEG, PNG, b"no picture", JPEG + bytes(100_000)])


def read_alike(path: Path) -> TrackTags | None:
    """What the quick reader says, which must be what the other says too; None where it refuses."""
    ordinary = read_quickly(str(path))
    if ordinary is not None:
        assert ordinary == read_fully(str(path))
    return ordinary


def assert_ordinary(path: Path) -> TrackTags:
    tags = read_alike(path)
    assert tags is not None, "it was left to the reader of all files"
    return tags


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    full = full_samples(tmp_path_factory.mktemp("samples"))
    return {name: data for name, data in full.items() if name.endswith(QUICK)}


@pytest.mark.parametrize("suffix", QUICK)
def test_a_file_as_taggers_write_it_is_ordinary(tmp_path: Path, suffix: str) -> None:
    path = make_audio(
        tmp_path / f"a{suffix}",
        title="Título",
        artist=["One", "Two"],
        album="Album",
        track_number=3,
        track_total=12,
        musicbrainz_release_id="4d5f3a1b-6c6e-4f0e-9c5a-0c7b1f0e2a33",
        cover=jpeg(1),
    )
    tags = assert_ordinary(path)
    assert (tags.title, tags.artists, tags.track_total) == ("Título", ("One", "Two"), 12)
    assert tags.embedded_cover_id


def test_every_sample_reads_alike() -> None:
    assert compare_readers.main([str(FOLDER)]) == 0
    read_alike(ALAC)


def test_a_difference_between_the_readers_is_told(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.flac", title="Title")
    tags = assert_ordinary(path)
    assert compare_readers.compare(str(path), tags) == ""
    changed = tags._replace(title="Another", channels=9)
    difference = compare_readers.compare(str(path), changed)
    assert "'Another', else 'Title'" in difference
    assert "channels: 9, else" in difference


@pytest.mark.parametrize("suffix", QUICK)
def test_a_file_cut_off_anywhere_reads_alike(
    tmp_path: Path, samples: dict[str, bytes], suffix: str
) -> None:
    data = samples[suffix]
    for end in {*range(0, 256, 3), *range(0, len(data), max(1, len(data) // 300)), len(data) - 1}:
        path = tmp_path / f"a{suffix}"
        path.write_bytes(data[:end])
        read_alike(path)


@pytest.mark.parametrize("suffix", [*QUICK, ".alac.m4a"])
def test_a_file_with_bits_turned_reads_alike(
    tmp_path: Path, samples: dict[str, bytes], suffix: str
) -> None:
    random_ = random.Random(suffix)
    path = tmp_path / f"a{suffix}"
    for number in range(400):
        data = samples[suffix]
        # Every other one from its end, where ID3v1, the last page and mostly `moov` are.
        turned = damaged(data[::-1], random_)[::-1] if number % 2 else damaged(data, random_)
        path.write_bytes(turned)
        read_alike(path)


@fuzzed
@given(
    frames=st.dictionaries(st.sampled_from([row[0] for row in VOCABULARIES.values()]), values),
    version=st.sampled_from([3, 4]),
    encoding=st.integers(0, 3),
    picture=pictures,
    ends=st.tuples(st.sampled_from([XING, UNTAGGED]), st.sampled_from([0, 2])),
)
def test_any_id3_tag_reads_alike(
    tmp_path: Path,
    *,
    frames: dict[str, list[str]],
    version: int,
    encoding: int,
    picture: bytes | None,
    ends: tuple[bytes, int],
) -> None:
    sound, v1 = ends
    path = tmp_path / "a.mp3"
    path.write_bytes(sound)
    tags = id3.ID3()
    for name, held in frames.items():
        kind, _, detail = name.partition(":")
        if kind == "TXXX":
            tags.add(id3.TXXX(encoding=3, desc=detail, text=held))
        elif kind and kind != "UFID":
            written = [each.encode("latin-1", "replace").decode("latin-1") for each in held]
            tags.add(getattr(id3, kind)(encoding=encoding, text=held if encoding else written))
    if picture:
        tags.add(id3.APIC(encoding=encoding, mime="image/jpeg", type=3, desc="", data=picture))
    tags.add(id3.UFID(owner="http://musicbrainz.org", data=b"4d5f3a1b-6c6e-4f0e-9c5a-0c7b1f0e2a33"))
    tags.save(path, v1=v1, v2_version=version)
    assert_ordinary(path)


@fuzzed
@given(
    suffix=st.sampled_from([".flac", ".ogg", ".opus"]),
    comments=st.lists(
        st.tuples(
            st.sampled_from([row[1] for row in VOCABULARIES.values()]) | st.just("X"), texts | ids
        ),
        max_size=12,
    ),
    picture=pictures,
)
def test_any_vorbis_comments_read_alike(
    tmp_path: Path, suffix: str, comments: list[tuple[str, str]], picture: bytes | None
) -> None:
    path = make_audio(tmp_path / f"a{suffix}")
    kinds: dict[str, Callable[[Path], Any]] = {".flac": FLAC, ".ogg": OggVorbis, ".opus": OggOpus}
    audio = kinds[suffix](path)
    audio.tags[:] = comments
    if picture:
        block: Any = Picture()
        block.type, block.mime, block.data = 3, "image/jpeg", picture
        if suffix == ".flac":
            audio.add_picture(block)
        else:
            audio.tags.append(("METADATA_BLOCK_PICTURE", base64.b64encode(block.write()).decode()))
    audio.save(path)
    assert_ordinary(path)


@fuzzed
@given(
    items=st.dictionaries(st.sampled_from([row[2] for row in VOCABULARIES.values()]), values),
    pair=st.tuples(st.integers(0, 65535), st.integers(0, 65535)),
    picture=pictures,
)
def test_any_mp4_items_read_alike(
    tmp_path: Path, items: dict[str, list[str]], pair: tuple[int, int], picture: bytes | None
) -> None:
    path = make_audio(tmp_path / "a.m4a")
    audio: Any = MP4(path)
    if audio.tags is None:
        audio.add_tags()
    for name, held in items.items():
        if len(name) > len("cpil"):
            free_form = [MP4FreeForm(each.encode()) for each in held]
            audio[f"----:com.apple.iTunes:{name}"] = free_form
        elif name == "cpil":
            audio[name] = bool(held)
        elif name:
            audio[name] = [pair] if name in {"trkn", "disk"} else held
    if picture:
        audio["covr"] = [MP4Cover(picture)]
    audio.save()
    assert_ordinary(path)


def tagged_mp3(tmp_path: Path, sound: bytes) -> Path:
    path = make_audio(tmp_path / "a.mp3", title="Title")
    end_of_tag = id3.ID3(path).size
    path.write_bytes(path.read_bytes()[:end_of_tag] + sound)
    return path


def xing_frame(tag: bytes, header: bytes = FRAME_HEADER, at: int = 36) -> bytes:
    return header.ljust(at, b"\0") + tag.ljust(FRAME_SIZE - at, b"\0")


def lame(version: bytes, delays: int = 576 << 12 | 1000, revision: int = 0) -> bytes:
    return version.ljust(9, b"\0") + bytes([revision << 4]) + bytes(11) + delays.to_bytes(3, "big")


@pytest.mark.parametrize(
    ("header", "at"),
    [("fffb9064", 36), ("fffb90c4", 21), ("fff39064", 21), ("fff390c4", 13), ("ffe390c4", 13)],
)
@pytest.mark.parametrize("name", [b"Xing", b"Info"])
@pytest.mark.parametrize("flags", [3, 7, 11, 15])
def test_the_tag_of_the_first_frame_is_read_alike(
    tmp_path: Path, header: str, at: int, name: bytes, flags: int
) -> None:
    header_bytes = bytes.fromhex(header)
    first = mpeg_frame(header_bytes)
    assert first is not None
    frames = header_bytes.ljust(first.length, b"\0") * 99
    fields = struct.pack(">III", flags, 99, 100 * first.length) + bytes(100 if flags & 4 else 0)
    quality = struct.pack(">I", 78) if flags & 8 else b""
    for version in (b"LAME3.100", b"LAME3.98r", b"LAME3.91 ", b"Lavc58.13", b""):
        tag = name + fields[: 12 if not flags & 4 else None] + quality
        tag += lame(version) if version else b""
        sound = xing_frame(tag, header_bytes, at)[: first.length] + frames
        tags = assert_ordinary(tagged_mp3(tmp_path, sound))
        silent = 1576 if version and len(sound) - len(frames) >= at + len(tag) else 0
        expected_s = (99 * first.samples - silent) / first.sample_rate
        assert tags.duration_s == pytest.approx(expected_s)


def test_rare_tags_of_the_first_frame_read_alike(tmp_path: Path) -> None:
    frame = FRAME_HEADER.ljust(FRAME_SIZE, b"\0")
    numbers = struct.pack(">III", 3, 99, 100 * FRAME_SIZE)
    for tag in (
        b"Xing" + struct.pack(">II", 1, 99),  # no size
        b"Xing" + struct.pack(">II", 2, 100 * FRAME_SIZE),  # no number of frames
        b"Xing" + numbers + lame(b"LAME3.88 "),
        b"Xing" + numbers + lame(b"LAME3.90 "),
        b"Xing" + numbers + lame(b"L3.99r1  "),
        b"Xing" + numbers + lame(b"LAME3.98r", revision=1),
        b"VBRI" + struct.pack(">HHHIIHHHH", 1, 0, 0, 100 * FRAME_SIZE, 99, 0, 1, 2, 1),
    ):
        tags = assert_ordinary(tagged_mp3(tmp_path, xing_frame(tag) + frame * 99))
        assert tags.duration_s == pytest.approx(99 * 1152 / 44100, abs=0.1)


def test_sound_that_does_not_begin_behind_the_tag_is_left_to_the_other_reader(
    tmp_path: Path,
) -> None:
    frame = FRAME_HEADER.ljust(FRAME_SIZE, b"\0")
    assert_ordinary(tagged_mp3(tmp_path, frame * 4))
    assert read_alike(tagged_mp3(tmp_path, frame * 3)) is None
    assert read_alike(tagged_mp3(tmp_path, bytes(7) + frame * 9)) is None
    assert read_alike(tagged_mp3(tmp_path, frame * 2 + bytes(20) + frame * 9)) is None


@pytest.mark.parametrize(
    "end",
    [
        b"APETAGEX" + bytes(24),
        b"APETAGEX" + bytes(24) + b"TAG" + bytes(125),
        b"APETAGEX" + struct.pack("<IIII", 2000, 2**31, 1, 0) + bytes(8),
        b"LYRICSBEGIN" + b"ETT00004Text" + b"000023LYRICS200" + b"TAG" + bytes(125),
        b"LYRICSBEGIN text LYRICSEND",
        b"999999LYRICS200",
        b"3DI\4\0\x10\x7f\x7f\x7f\x7f",
        bytes(5000),
    ],
)
def test_tags_behind_the_sound_read_alike(tmp_path: Path, end: bytes) -> None:
    path = make_audio(tmp_path / "a.mp3", title="Title")
    with path.open("ab") as file:
        file.write(end)
    assert assert_ordinary(path).title == "Title"


def test_a_pipe_a_folder_and_another_suffix_are_left_to_the_other_reader(tmp_path: Path) -> None:
    (tmp_path / "folder.mp3").mkdir()
    assert read_quickly(str(tmp_path / "folder.mp3")) is None
    assert read_quickly(str(tmp_path / "none.mp3")) is None
    assert read_quickly(str(SAMPLES[".wv"])) is None


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".ogg", ".opus", ".m4a"])
def test_no_more_than_the_tags_is_read(tmp_path: Path, suffix: str) -> None:
    """A file of megabytes costs its first and last kilobytes, and the bytes of its picture."""
    picture = jpeg(1) + bytes(300_000)
    tags: Any = {"title": "Title", "artist": "Artist", "album": "Album"}
    plain = make_audio(tmp_path / f"plain{suffix}", **tags)
    covered = make_audio(tmp_path / f"covered{suffix}", **tags, cover=picture)
    assert _bytes_read(_lengthened(plain)) <= 5 * HEAD_BYTES
    stored = len(picture) * 4 / 3 if suffix in {".ogg", ".opus"} else len(picture)
    # Where pages are walked, what is read at once grows fourfold: one step too far is too much.
    surplus = 4 if suffix in {".ogg", ".opus"} else 1
    assert len(picture) < _bytes_read(_lengthened(covered)) <= surplus * stored + 5 * HEAD_BYTES


def _lengthened(path: Path) -> Path:
    """With ten megabytes of sound, which lie where nobody has to look."""
    data = path.read_bytes()
    if path.suffix in {".ogg", ".opus"}:
        last = data.rindex(b"OggS")
        (number,) = struct.unpack_from("<I", data, last + 18)
        head = data[last : last + 5] + bytes(9) + data[last + 14 : last + 18]
        body = bytes(4) + b"\x02\xff\x64" + bytes(0xFF + 0x64)
        pages = [head + struct.pack("<I", number + n) + body for n in range(25_000)]
        end = data[last : last + 18] + struct.pack("<I", number + len(pages)) + data[last + 22 :]
        data = data[:last] + b"".join(pages) + end
    elif path.suffix == ".m4a":
        at = data.index(b"mdat") - 4
        (size,) = struct.unpack_from(">I", data, at)
        sound = bytes(10_000_000)
        head = struct.pack(">I", size + len(sound))
        data = data[:at] + head + data[at + 4 : at + size] + sound + data[at + size :]
    else:
        if path.suffix == ".flac":  # the low bits of the number of samples, in STREAMINFO
            data = data[:22] + (50_000_000).to_bytes(4, "big") + data[26:]
        sound = FRAME_HEADER.ljust(FRAME_SIZE, b"\0") * 24_000
        is_mpeg = path.suffix == ".mp3"
        size = SAMPLES[path.suffix].stat().st_size
        data = data[:-size] + sound if is_mpeg else data + bytes(10_000_000)
    path.write_bytes(data)
    return path


def _bytes_read(path: Path) -> int:
    with OpenFile(str(path)) as file:
        read_ordinary(file, str(path))
        return file.bytes_read


def test_what_a_file_lacks_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(bytes(100))
    with OpenFile(str(path)) as file:
        assert file.read(90, 100) == bytes(10)
        for start, end in ((90, 101), (2**40, 2**41), (2**41, 2**40)):
            with pytest.raises(NeedsFullReader):
                file.read(start, end)
