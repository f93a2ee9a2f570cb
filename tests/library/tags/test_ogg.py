"""Ogg files that are not as usual: tags, lengths and digests."""

# mypy: allow-untyped-calls

import struct
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from mutagen.oggvorbis import OggVorbis

from library.tags import TrackTags
from library.tags.ordinary import OpenFile, read_ordinary
from library.tags.reader import UnreadableAudio, read_fully, read_quickly, read_tags
from tests.audio_files import FOLDER, PNG, SAMPLES, make_audio, retag
from tests.library.tags.ogg_files import (
    joined,
    pages_of,
    repaginated,
    shifted,
    with_serial,
    without_positions,
)
from tests.library.tags.test_damaged_files import time_limit

VORBIS = (FOLDER / "tone.ogg").read_bytes()
OPUS = (FOLDER / "tone.opus").read_bytes()
FLAC = SAMPLES[".oga"].read_bytes()
SPEEX = SAMPLES[".spx"].read_bytes()
LONG = {".ogg": VORBIS, ".opus": OPUS}
HEADERS = {".ogg": 3, ".opus": 2}
HOUR = {".ogg": 3600 * 16_000, ".opus": 3600 * 48_000}
ID3V1 = b"TAG" + b"From ID3v1".ljust(30, b"\0") + bytes(94) + b"\xff"


def read(path: Path, data: bytes) -> TrackTags:
    """The tags of a file with `data`, which are the same for both readers if both read it."""
    path.write_bytes(data)
    tags = read_tags(str(path))
    assert tags == read_fully(str(path))
    return tags


def id3v2(tmp_path: Path, title: str) -> bytes:
    data = make_audio(tmp_path / "id3.mp3", title=title).read_bytes()
    return data[: len(data) - SAMPLES[".mp3"].stat().st_size]


def test_id3_tags_and_junk_before_the_first_page(tmp_path: Path) -> None:
    tag = id3v2(tmp_path, "From ID3")
    for junk in (tag, tag + tag, tag + bytes(500), bytes(500), b"\x11" * 2000 + tag):
        for data in (VORBIS, OPUS):
            tags = read(tmp_path / "a.ogg", junk + data)
            assert tags.title == "Tone"
            assert tags.duration_s == pytest.approx(10, abs=0.01)
    untitled = read(tmp_path / "a.spx", tag + SPEEX)
    assert (untitled.title, untitled.codec) == ("From ID3", "speex")


def test_an_id3v1_tag_behind_the_last_page_fills_what_is_missing(tmp_path: Path) -> None:
    assert read(tmp_path / "a.ogg", VORBIS + ID3V1).title == "Tone"
    tags = read(tmp_path / "a.opus", SAMPLES[".opus"].read_bytes() + ID3V1)
    assert tags.title == "From ID3v1"
    assert tags.duration_s == pytest.approx(0.5, abs=0.01)


def test_comments_without_the_framing_bit(tmp_path: Path) -> None:
    pages = pages_of(VORBIS)
    comments = pages[1].packets[0]
    pages[1].packets[0] = comments[: comments.rindex(b"\x01")]
    assert read(tmp_path / "a.ogg", joined(pages)).title == "Tone"


def test_comments_that_are_damaged(tmp_path: Path) -> None:
    pages = pages_of(VORBIS)
    comments = bytearray(pages[1].packets[0])
    comments[comments.index(b"title=") - 1] = 0x7F
    pages[1].packets[0] = bytes(comments)
    tags = read(tmp_path / "damaged.ogg", joined(pages))
    assert (tags.title, tags.duration_s) == ("damaged", 10)


def test_junk_between_pages_is_skipped(tmp_path: Path) -> None:
    for number in (1, 2, 5):
        pages = [page.write() for page in pages_of(VORBIS)]
        pages.insert(number, b"OggS\xde\xad" + bytes(1000))
        tags = read(tmp_path / "a.ogg", b"".join(pages))
        assert (tags.title, tags.duration_s) == ("Tone", 10)


def test_more_junk_than_any_gap_is_not_searched_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    pages = [page.write() for page in pages_of(VORBIS)]
    path.write_bytes(pages[0] + bytes(100_000_000) + b"".join(pages[1:]))
    with pytest.raises(UnreadableAudio, match="cut off"):
        read_tags(str(path))
    with OpenFile(str(path)) as file, pytest.raises(EOFError):
        read_ordinary(file, str(path))
    assert file.bytes_read < 200_000


@pytest.mark.parametrize("name", ["a.ogg", "a.oga"])
def test_a_film_before_the_sound_is_passed_over(tmp_path: Path, name: str) -> None:
    film = (FOLDER / "theora.ogg").read_bytes()
    tags = read(tmp_path / name, film)
    assert (tags.codec, tags.duration_s, tags.channels) == ("vorbis", 10, 1)
    assert (tags.title, tags.artist) == ("Film", "Film")  # nothing else has a title
    assert tags.audio_digest == read(tmp_path / "b.ogg", VORBIS).audio_digest


def test_a_film_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    film = [page for page in pages_of((FOLDER / "theora.ogg").read_bytes()) if not page.serial]
    path.write_bytes(joined(film))
    with pytest.raises(UnreadableAudio, match="film without a sound track"):
        read_tags(str(path))


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_a_file_cut_out_of_a_stream_is_as_long_as_its_sound(tmp_path: Path, suffix: str) -> None:
    tags = read(tmp_path / f"a{suffix}", shifted(LONG[suffix], HOUR[suffix]))
    assert tags.duration_s == pytest.approx(10, rel=0.01)
    assert 0 < tags.bitrate_kbps < 100


def test_opus_that_begins_late_is_measured_to_the_sample(tmp_path: Path) -> None:
    late = read(tmp_path / "a.opus", shifted(OPUS, 48_000))
    assert late.duration_s == 10
    assert late.audio_digest == read(tmp_path / "b.opus", OPUS).audio_digest


def test_a_chain_is_as_long_as_its_links(tmp_path: Path) -> None:
    links = [with_serial(VORBIS if n % 2 else OPUS, n) for n in range(5)]
    tags = read(tmp_path / "a.ogg", b"".join(links))
    assert (tags.duration_s, tags.codec, tags.title) == (50, "opus", "Tone")
    assert read(tmp_path / "b.ogg", with_serial(VORBIS, 1) + FLAC).duration_s == 10.5


@pytest.mark.parametrize("data", [VORBIS, OPUS])
def test_the_links_of_a_chain_may_have_the_same_serial_number(tmp_path: Path, data: bytes) -> None:
    for links in (2, 3, 4, 5, 7, 20):
        assert read(tmp_path / "a.ogg", data * links).duration_s == 10 * links


def test_a_long_chain_is_measured_by_a_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(b"".join(with_serial(VORBIS, n) for n in range(300)))
    assert read_tags(str(path)).duration_s == pytest.approx(3000, rel=0.01)


def test_the_end_of_a_link_is_found_by_halves(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    pages = pages_of(with_serial(VORBIS, 1))
    middle = joined(pages[5:6]) * 20_000  # 8 MB
    first = joined(pages[:5]) + middle + joined(pages[5:])
    path.write_bytes(first + with_serial(OPUS, 2))
    with OpenFile(str(path)) as file:
        assert read_ordinary(file, str(path)).info.length == 20
        assert file.bytes_read < 1_500_000 < file.size / 4


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_a_file_cut_off_is_as_long_as_its_whole_pages(tmp_path: Path, suffix: str) -> None:
    data = LONG[suffix]
    tags = read(tmp_path / f"a{suffix}", data[: int(len(data) * 0.9)])
    assert 7.5 < tags.duration_s < 9.5


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_zeros_at_the_end_do_not_hide_the_last_page(tmp_path: Path, suffix: str) -> None:
    for zeros in (300, 100_000, 3_000_000):
        tags = read(tmp_path / f"a{suffix}", LONG[suffix] + bytes(zeros))
        assert tags.duration_s == pytest.approx(10, abs=0.01)


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_a_last_page_that_says_nothing_of_its_end(tmp_path: Path, suffix: str) -> None:
    pages = pages_of(LONG[suffix])
    pages[-1].position = pages[-2].position = -1
    assert read(tmp_path / f"a{suffix}", joined(pages)).duration_s == pytest.approx(10, rel=0.01)


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
def test_without_positions_the_packets_are_counted(tmp_path: Path, suffix: str) -> None:
    tags = read(tmp_path / f"a{suffix}", without_positions(LONG[suffix]))
    assert tags.duration_s == pytest.approx(10, rel=0.05)


def test_flac_in_ogg(tmp_path: Path) -> None:
    flac, ogg = make_audio(tmp_path / "a.flac"), make_audio(tmp_path / "a.oga", cover=PNG)
    pages = pages_of(ogg.read_bytes())
    # ffmpeg's encoder leaves the MD5 out if it writes Ogg; other programs do not.
    pages[0].packets[0] = pages[0].packets[0][:13] + flac.read_bytes()[4:42]
    wrapped = read(ogg, joined(pages))
    assert wrapped == read_quickly(str(ogg))
    assert wrapped.audio_digest == read_tags(str(flac)).audio_digest
    junk = read(ogg, joined(pages) + bytes(2_000_000))
    assert (junk.audio_digest, junk.duration_s) == (wrapped.audio_digest, 0.5)
    assert (wrapped.bit_depth, wrapped.duration_s, wrapped.codec) == (16, 0.5, "flac")
    assert wrapped.embedded_cover_id


def test_flac_in_ogg_with_a_picture_in_a_packet_of_its_own(tmp_path: Path) -> None:
    tagged = make_audio(tmp_path / "a.flac", cover=PNG)
    data = tagged.read_bytes()
    at = data.index(b"image/png") - 8
    size = int.from_bytes(data[at - 3 : at], "big")
    pages = pages_of(FLAC)
    comments = bytes([4]) + pages[1].packets[0][1:]
    pages[1].packets = [comments, bytes([0x86]) + data[at - 3 : at + size]]
    tags = read(tmp_path / "a.oga", joined(pages))
    assert tags.embedded_cover_id == read_tags(str(tagged)).embedded_cover_id


def test_flac_in_ogg_that_states_no_number_of_samples(tmp_path: Path) -> None:
    pages = pages_of(FLAC)
    first = bytearray(pages[0].packets[0])
    first[30] &= 0xF0
    first[31:35] = bytes(4)
    pages[0].packets[0] = bytes(first)
    assert read(tmp_path / "a.oga", joined(pages)).duration_s == 0.5


@pytest.mark.parametrize("suffix", [".ogg", ".opus", ".spx"])
def test_the_digest_stays_when_the_tags_change(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    before = read(path, LONG.get(suffix, SPEEX)).audio_digest
    retag(path, title="Another", artist="Someone", cover=PNG + bytes(200_000))
    tags = read(path, path.read_bytes())
    assert tags.title == "Another"
    assert tags.audio_digest == before != ""


@pytest.mark.parametrize("suffix", [".ogg", ".opus"])
@pytest.mark.parametrize("packets_per_page", [1, 7, 100, 250])
def test_the_digest_does_not_depend_on_the_size_of_pages(
    tmp_path: Path, suffix: str, packets_per_page: int
) -> None:
    other = repaginated(LONG[suffix], packets_per_page, HEADERS[suffix])
    tags = read(tmp_path / f"a{suffix}", other)
    assert len(pages_of(other)) != len(pages_of(LONG[suffix]))
    assert tags.audio_digest == read(tmp_path / f"b{suffix}", LONG[suffix]).audio_digest != ""


def test_the_digest_tells_sounds_apart(tmp_path: Path) -> None:
    def changed(page: int, packet: int, byte: int) -> str:
        pages = pages_of(VORBIS)
        held = bytearray(pages[page].packets[packet])
        held[byte] ^= 1
        pages[page].packets[packet] = bytes(held)
        return read(tmp_path / "a.ogg", joined(pages)).audio_digest

    shorter = joined(pages_of(VORBIS)[:-1])
    digests = {
        read(tmp_path / "a.ogg", VORBIS).audio_digest,
        read(tmp_path / "a.ogg", OPUS).audio_digest,
        read(tmp_path / "a.ogg", shorter).audio_digest,
        changed(2, 0, -1),
        changed(-1, -1, -1),
    }
    assert len(digests) == 5


def test_a_cover_of_many_pages(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(VORBIS)
    audio: Any = OggVorbis(path)
    audio["x"] = ["y" * 3_000_000]
    audio.save()
    tags = read(path, path.read_bytes())
    assert (tags.title, tags.duration_s) == ("Tone", 10)


def header(flags: int, serial: int, segments: bytes, body: bytes = b"") -> bytes:
    """A page without a checksum, which the readers do not need."""
    numbers = struct.pack("<BqIII", flags, 0, serial, 1, 0)
    return b"OggS\0" + numbers + bytes([len(segments)]) + segments + body


SERIAL = pages_of(VORBIS)[0].serial
FIRST = pages_of(VORBIS)[0].write()


@pytest.mark.parametrize(
    "data",
    [
        FIRST + header(0, SERIAL, b"") * 500_000,
        FIRST + header(0, SERIAL + 1, b"") * 500_000,
        header(2, 7, b"\x05", b"hello") * 500_000,
        FIRST + b"OggS\1" * 2_000_000,
        VORBIS + b"OggS\0" * 2_000_000,
        FIRST + header(0, SERIAL, b"\xff" * 255, bytes(255 * 255)) * 1_000,
        b"".join(header(2, n, b"\x1e", VORBIS[28:58]) for n in range(100_000)),
    ],
    ids=["empty", "foreign", "first", "junk", "tail", "comments", "links"],
)
def test_files_made_to_be_slow_are_read_in_bounded_time(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(data)
    with time_limit(), suppress(UnreadableAudio):
        read_tags(str(path))
