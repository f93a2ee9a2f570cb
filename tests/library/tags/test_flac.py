"""FLAC files that are not as usual: tags, lengths and digests."""

# mypy: allow-untyped-calls

import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from mutagen.flac import FLAC, Picture

from library.tags import TrackTags
from library.tags.reader import UnreadableAudio, read_fully, read_quickly, read_tags
from library.tags.streams.flac_frames import _crc8, parse_frame
from tests.audio_files import JPEG, PNG, SAMPLES, make_audio, retag
from tests.library.tags.test_damaged_files import time_limit

STREAMINFO_AT, TOTAL_AT, MD5_AT = 8, 21, 26
COMMENTS, PICTURE = 4, 6
ID3V1 = b"TAG" + b"From ID3v1".ljust(30, b"\0") + bytes(94) + b"\xff"


@pytest.fixture
def tagged(tmp_path: Path) -> bytes:
    """A file of half a second with a title, an artist and an album."""
    path = make_audio(tmp_path / "tagged.flac", title="Title", artist="Artist", album="Album")
    return path.read_bytes()


def read(tmp_path: Path, data: bytes) -> TrackTags:
    """The tags of a file with `data`, which are the same for both readers if both read it."""
    path = tmp_path / "name.flac"
    path.write_bytes(data)
    tags = read_tags(str(path))
    assert tags == read_fully(str(path))
    return tags


def block_at(data: bytes, kind: int) -> int:
    """Where the header of the first block of a kind begins."""
    at = 4
    while data[at] & 0x7F != kind:
        at += 4 + int.from_bytes(data[at + 1 : at + 4], "big")
    return at


def sound_at(data: bytes) -> int:
    at, is_last = 4, False
    while not is_last:
        is_last = bool(data[at] & 0x80)
        at += 4 + int.from_bytes(data[at + 1 : at + 4], "big")
    return at


def changed(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def without_total(data: bytes) -> bytes:
    return changed(data, TOTAL_AT, bytes([data[TOTAL_AT] & 0xF0]) + bytes(4))


def without_md5(data: bytes) -> bytes:
    return changed(data, MD5_AT, bytes(16))


def id3v2(tmp_path: Path, **tags: object) -> bytes:
    data = make_audio(tmp_path / "id3.mp3", **tags).read_bytes()  # type: ignore[arg-type]
    return data[: len(data) - SAMPLES[".mp3"].stat().st_size]


def test_id3_tags_alone_are_used(tmp_path: Path) -> None:
    tag = id3v2(tmp_path, title="I", artist="J", album="K", cover=PNG)
    tags = read(tmp_path, tag + SAMPLES[".flac"].read_bytes())
    assert (tags.title, tags.artist, tags.album, tags.codec) == ("I", "J", "K", "flac")
    assert tags.embedded_cover_id


def test_id3_tags_fill_what_the_comments_do_not_say(tmp_path: Path, tagged: bytes) -> None:
    tags = read(tmp_path, id3v2(tmp_path, title="I", year=1999) + tagged)
    assert (tags.title, tags.year) == ("Title", 1999)


def test_tags_and_junk_before_the_marker(tmp_path: Path, tagged: bytes) -> None:
    tag = id3v2(tmp_path, title="I")
    wrong = tag[:6] + bytes([0, 3, 0x7F, 0x7F]) + tag[10:]  # its size leads far behind the marker
    for junk in (tag + tag, bytes(500), tag + bytes(3000), b"\x11" * 300 + tag, wrong):
        tags = read(tmp_path, junk + tagged)
        assert (tags.title, tags.duration_s) == ("Title", 0.5)


def test_tags_behind_the_sound(tmp_path: Path) -> None:
    bare = SAMPLES[".flac"].read_bytes()
    assert read(tmp_path, bare + ID3V1).title == "From ID3v1"
    assert read(tmp_path, bare + id3v2(tmp_path, title="I")).title == "I"
    tags = read(tmp_path, bare + id3v2(tmp_path, title="I") + ID3V1)
    assert (tags.title, tags.duration_s) == ("I", 0.5)


def test_tags_behind_the_sound_are_not_looked_for_without_need(
    tmp_path: Path, tagged: bytes
) -> None:
    tags = read(tmp_path, tagged + id3v2(tmp_path, title="I", year=1999))
    assert (tags.title, tags.year) == ("Title", None)


def test_damaged_comments_do_not_cost_the_file(tmp_path: Path, tagged: bytes) -> None:
    at = block_at(tagged, COMMENTS) + 4
    (vendor,) = struct.unpack_from("<I", tagged, at)
    count_at = at + 4 + vendor
    too_many = changed(tagged, count_at, struct.pack("<I", 99))
    assert read(tmp_path, too_many).title == "Title"
    vendor_too_long = changed(tagged, at, struct.pack("<I", 0x08C80000))
    assert read(tmp_path, vendor_too_long).title == "name"
    (first,) = struct.unpack_from("<I", tagged, count_at + 4)
    second_at = count_at + 8 + first
    second_too_long = changed(tagged, second_at, struct.pack("<I", 0xFFFFFF))
    tags = read(tmp_path, second_too_long)
    assert (tags.title, tags.album, tags.duration_s) == ("Title", "", 0.5)


def test_blocks_of_a_wrong_size_do_not_hide_the_sound(tmp_path: Path, tagged: bytes) -> None:
    at = block_at(tagged, COMMENTS)
    for size in (b"\0\0\x09", b"\x7f\xff\xff"):
        tags = read(tmp_path, changed(tagged, at + 1, size))
        assert (tags.duration_s, tags.bit_depth) == (0.5, 16)
        assert tags.title in {"Title", "name"}


def test_a_missing_flag_of_the_last_block(tmp_path: Path, tagged: bytes) -> None:
    at = 4
    while not tagged[at] & 0x80:
        at += 4 + int.from_bytes(tagged[at + 1 : at + 4], "big")
    tags = read(tmp_path, changed(tagged, at, bytes([tagged[at] & 0x7F])))
    assert (tags.title, tags.duration_s) == ("Title", 0.5)


@pytest.mark.parametrize("extra", [0, 5_000, 1_000_000])
def test_a_picture_larger_than_a_block_can_state(tmp_path: Path, extra: int) -> None:
    """Some programs write such pictures, with the size modulo 16 MiB."""
    path = make_audio(tmp_path / "a.flac", title="Title", cover=JPEG)
    data = path.read_bytes()
    at = block_at(data, PICTURE)
    end = at + 4 + int.from_bytes(data[at + 1 : at + 4], "big")
    picture = Picture(data[at + 4 : end])
    picture.data = JPEG + b"\x55" * ((1 << 24) + extra)
    body: bytes = picture.write()
    size = (len(body) & 0xFFFFFF).to_bytes(3, "big")
    large = data[:at] + data[at : at + 1] + size + body + data[end:]
    tags = read(tmp_path, large)
    assert (tags.title, tags.duration_s) == ("Title", 0.5)
    assert tags.embedded_cover_id != read_tags(str(path)).embedded_cover_id != ""


def test_streaminfo_that_is_not_first_or_missing(tmp_path: Path, tagged: bytes) -> None:
    sound = sound_at(tagged)
    info, others = tagged[4:42], tagged[42:sound]
    last = tagged[4:5] + info[1:]
    at = block_at(b"fLaC" + others, 1) - 4  # the padding, which is the last block
    others = others[:at] + b"\x01" + others[at + 1 :]
    tags = read(tmp_path, b"fLaC" + others + bytes([last[0] | 0x80]) + last[1:] + tagged[sound:])
    assert (tags.title, tags.duration_s, tags.channels) == ("Title", 0.5, 1)
    missing = others[:at] + b"\x81" + others[at + 1 :]
    tags = read(tmp_path, b"fLaC" + missing + tagged[sound:])
    assert (tags.title, tags.duration_s, tags.bit_depth) == ("Title", 0.5, 16)


def test_a_file_that_begins_with_a_frame(tmp_path: Path, tagged: bytes) -> None:
    sound = sound_at(tagged)
    for junk in (b"", bytes(100), b"\xff\xf8 no frame"):
        tags = read(tmp_path, junk + tagged[sound:])
        assert (tags.duration_s, tags.sample_rate_hz, tags.codec) == (0.5, 44100, "flac")


def test_a_file_without_a_number_of_samples(tmp_path: Path, tagged: bytes) -> None:
    for behind in (b"", ID3V1, bytes(5000)):
        tags = read(tmp_path, without_total(tagged) + behind)
        assert tags.duration_s == 0.5
        assert tags.bitrate_kbps > 90


def test_a_part_of_a_stream_is_as_long_as_its_frames(tmp_path: Path, tagged: bytes) -> None:
    data = without_total(tagged)
    sound = sound_at(data)
    starts = [at for at in range(sound, len(data)) if parse_frame(data, at)]
    assert len(starts) == 5  # of 4,608 samples, and the rest
    tags = read(tmp_path, data[:sound] + data[starts[2] :])
    assert tags.duration_s == pytest.approx(0.5 - 2 * 4608 / 44100)


def test_frames_may_change_their_kind_on_the_way(tmp_path: Path, tagged: bytes) -> None:
    """As in the files "uncommon" 2 to 4 of the IETF: here the last frames state no bit depth."""
    data = bytearray(without_total(tagged))
    starts = [at for at in range(sound_at(tagged), len(data)) if parse_frame(bytes(data), at)]
    for start in starts[-2:]:
        end = (
            next(end for end in range(start + 5, start + 16) if _crc8(bytes(data[start:end])) == 0)
            - 1
        )
        data[start + 3] &= 0xF1
        data[end] = _crc8(bytes(data[start:end]))
    assert read(tmp_path, bytes(data)).duration_s == 0.5


def test_a_number_of_samples_that_is_too_small_for_the_file(tmp_path: Path, tagged: bytes) -> None:
    few = changed(tagged, TOTAL_AT + 1, (100).to_bytes(4, "big"))
    assert read(tmp_path, few).duration_s == 0.5


def test_a_file_cut_off_before_its_sound_is_refused(tmp_path: Path, tagged: bytes) -> None:
    path = tmp_path / "a.flac"
    for end in (20, 42, sound_at(tagged)):
        path.write_bytes(tagged[:end])
        with pytest.raises(UnreadableAudio, match="cut off"):
            read_tags(str(path))


def test_the_digest_is_the_md5_of_the_samples(tmp_path: Path, tagged: bytes) -> None:
    tags = read(tmp_path, tagged)
    assert tags.audio_digest == tagged[MD5_AT : MD5_AT + 16].hex()


def test_without_an_md5_the_digest_is_made_of_the_frames(tmp_path: Path, tagged: bytes) -> None:
    data = without_md5(tagged)
    digest = read(tmp_path, data).audio_digest
    assert digest not in {"", read(tmp_path, tagged).audio_digest}
    of_nothing = bytes.fromhex("d41d8cd98f00b204e9800998ecf8427e")
    assert read(tmp_path, changed(tagged, MD5_AT, of_nothing)).audio_digest == digest
    tag = id3v2(tmp_path, title="I")
    for other in (data + ID3V1, tag + data, data + tag, data + tag + ID3V1):
        assert read(tmp_path, other).audio_digest == digest
    path = tmp_path / "retagged.flac"
    path.write_bytes(data)
    retag(path, title="Another", cover=PNG + bytes(100_000))
    assert read_tags(str(path)).audio_digest == digest
    assert read(tmp_path, data[:-1] + b"\0").audio_digest != digest


def test_several_blocks_of_comments(tmp_path: Path, tagged: bytes) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(SAMPLES[".flac"].read_bytes())
    audio: Any = FLAC(path)
    audio["title"], audio["genre"] = "Other", "Jazz"
    audio.save()
    other = path.read_bytes()
    at = block_at(other, COMMENTS)
    end = at + 4 + int.from_bytes(other[at + 1 : at + 4], "big")
    block = bytes([COMMENTS]) + other[at + 1 : end]
    first = block_at(tagged, COMMENTS)
    first += 4 + int.from_bytes(tagged[first + 1 : first + 4], "big")
    tags = read(tmp_path, tagged[:first] + block + tagged[first:])
    assert (tags.title, tags.genre) == ("Title", "Jazz")


def test_the_quick_reader_reads_damaged_files_as_well(tmp_path: Path, tagged: bytes) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(without_total(without_md5(tagged)))
    assert read_quickly(str(path)) == read_fully(str(path))


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xf8\x99\x18" * 2_000_000,
        b"fLaC\4\xff\xff\xff" + b"\xff\xf8\x99\x18\x01" * 2_000_000,
        b"fLaC" + b"\1\0\0\0" * 2_000_000,
        b"fLaC" + (b"\4\xff\xff\xf0" + bytes(4) + b"\xff" * 4 + bytes(0xFFFFE8)) * 3 + b"\x7f",
        b"ID3\3\0\0\0\0\0\0" * 1_000_000,
    ],
    ids=["frames", "frames in a block", "blocks", "comments", "tags"],
)
def test_files_made_to_be_slow_are_read_in_bounded_time(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.flac"
    path.write_bytes(data)
    with time_limit(), suppress(UnreadableAudio):
        read_tags(str(path))
