"""The oddities of the vocabularies besides ID3: Vorbis comments, MP4, APEv2, ASF and RIFF INFO."""

import base64
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen
import mutagen.apev2
import mutagen.asf
import mutagen.flac
import mutagen.mp4
import pytest

from library.tags import TrackTags
from library.tags.native_tags import cover_id
from library.tags.reader import read_tags
from tests.audio_files import JPEG, PNG, SAMPLES, jpeg, make_audio

apev2: Any = mutagen.apev2
asf: Any = mutagen.asf
flac: Any = mutagen.flac
mp4: Any = mutagen.mp4
Edit = Callable[[Any], None]


def read_after(path: Path, edit: Edit) -> TrackTags:
    """What is read of the sample for `path`'s suffix, its tags edited through mutagen."""
    audio: Any = mutagen.File(make_audio(path, title="T"))
    edit(audio)
    audio.save()
    return read_tags(str(path))


def read_raw(path: Path, replace: bytes, by: bytes, **tags: Any) -> TrackTags:
    """The same, with bytes replaced that mutagen would not write."""
    data = make_audio(path, **tags).read_bytes()
    assert len(replace) == len(by)
    assert replace in data
    path.write_bytes(data.replace(replace, by))
    return read_tags(str(path))


def picture_block(data: bytes, kind: int = 3) -> Any:
    picture = flac.Picture()
    picture.type, picture.mime, picture.desc, picture.data = kind, "image/jpeg", "ä", data
    return picture


# Vorbis comments


def test_repeated_vorbis_comments_are_several_artists(tmp_path: Path) -> None:
    tags = read_after(tmp_path / "a.flac", lambda audio: audio.update({"artist": ["A", "B"]}))
    assert (tags.artist, tags.artists) == ("A, B", ("A", "B"))


def test_vorbis_names_are_the_same_in_any_spelling(tmp_path: Path) -> None:
    spelt = {"Album Artist": "AA", "TotalTracks": "9", "Year": "1999", "track": "4"}
    tags = read_after(tmp_path / "a.ogg", lambda audio: audio.update(spelt))
    assert (tags.album_artist, tags.track_number, tags.track_total) == ("AA", 4, 9)
    assert tags.year == 1999


def test_a_total_after_a_slash_counts_before_one_of_its_own(tmp_path: Path) -> None:
    numbered = {"tracknumber": "3/12", "tracktotal": "99"}
    tags = read_after(tmp_path / "a.flac", lambda audio: audio.update(numbered))
    assert (tags.track_number, tags.track_total) == (3, 12)


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".opus", ".spx", ".oga"])
def test_broken_utf8_in_a_vorbis_comment_shows_where(tmp_path: Path, suffix: str) -> None:
    tags = read_raw(tmp_path / f"a{suffix}", b"xyzzy", b"x\xff\xfey\0", title="xyzzy", album="Al")
    assert tags.title == "x\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}y"
    assert tags.album == "Al"


def test_a_vorbis_comment_without_a_name_is_passed_over(tmp_path: Path) -> None:
    tags = read_raw(tmp_path / "a.flac", b"comment=", b"comment:", title="T", album="comment=")
    assert tags.title == "T"


def test_a_genre_number_in_a_vorbis_comment_is_only_a_number(tmp_path: Path) -> None:
    assert read_after(tmp_path / "a.ogg", lambda audio: audio.update(genre="17")).genre == "17"


@pytest.mark.parametrize("suffix", [".ogg", ".flac"])
def test_a_picture_in_a_vorbis_comment_is_a_cover(tmp_path: Path, suffix: str) -> None:
    block = base64.b64encode(picture_block(JPEG).write()).decode()
    path = tmp_path / f"a{suffix}"
    tags = read_after(path, lambda audio: audio.update(metadata_block_picture=block))
    assert tags.embedded_cover_id == cover_id(JPEG)


def test_the_old_picture_comment_is_a_cover(tmp_path: Path) -> None:
    old = base64.b64encode(PNG).decode()
    tags = read_after(tmp_path / "a.ogg", lambda audio: audio.update(coverart=old))
    assert tags.embedded_cover_id == cover_id(PNG)


@pytest.mark.parametrize("value", ["", "AAAA", "not base64 at all!", "ä", "A" * 1001])
@pytest.mark.parametrize("name", ["metadata_block_picture", "coverart"])
def test_a_picture_comment_that_is_none_is_no_error(tmp_path: Path, name: str, value: str) -> None:
    tags = read_after(tmp_path / "a.ogg", lambda audio: audio.update({name: value}))
    assert (tags.title, tags.embedded_cover_id) == ("T", "")


def test_the_front_cover_of_a_flac_file_is_preferred(tmp_path: Path) -> None:
    def add_three(audio: Any) -> None:
        for kind in (4, 3, 0):
            audio.add_picture(picture_block(jpeg(kind), kind))

    tags = read_after(tmp_path / "a.flac", add_three)
    assert tags.embedded_cover_id == cover_id(jpeg(3))


def test_a_broken_picture_block_costs_the_picture_alone(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.flac", title="T", cover=JPEG)
    data = bytearray(path.read_bytes())
    at = data.index(b"image/jpeg") - 4
    data[at : at + 4] = b"\xff\xff\xff\xff"  # the length of the MIME type
    path.write_bytes(data)
    tags = read_tags(str(path))
    assert (tags.title, tags.embedded_cover_id) == ("T", "")


def test_a_picture_too_large_for_its_blocks_size_is_found(tmp_path: Path) -> None:
    """Some write more than the 16 MiB that a block's three bytes of size can say."""
    path = make_audio(tmp_path / "a.flac")
    picture = JPEG + bytes(2**24)
    block = picture_block(picture).write()
    header = b"\x06" + (len(block) & 0xFFFFFF).to_bytes(3, "big")
    stream = SAMPLES[".flac"].read_bytes()
    after_stream_info = 4 + 4 + 34
    path.write_bytes(stream[:after_stream_info] + header + block + stream[after_stream_info:])
    assert read_tags(str(path)).embedded_cover_id == cover_id(picture)


@pytest.mark.parametrize(
    ("value", "gain_db"), [("-256", 4.0), ("0", 5.0), ("-2867", -6.19921875), ("x", None)]
)
def test_the_gain_of_opus_is_told_by_replaygains_reference(
    tmp_path: Path, value: str, gain_db: float | None
) -> None:
    tags = read_after(tmp_path / "a.opus", lambda audio: audio.update(R128_TRACK_GAIN=value))
    assert tags.replaygain_track_gain_db == gain_db


# MP4


def test_genre_numbers_of_itunes_are_named(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.m4a", genre="xx")
    data = path.read_bytes()
    named = data[data.index(b"\xa9gen") : data.index(b"\xa9gen") + 22]
    number = b"gnre" + named[4:12] + b"\0\0\0\0" + b"\0\0\0\0" + b"\0\x12"
    path.write_bytes(data.replace(named, number))
    assert read_tags(str(path)).genre == "Rock"


def test_several_values_of_one_mp4_atom_are_several_artists(tmp_path: Path) -> None:
    tags = read_after(tmp_path / "a.m4a", lambda audio: audio.tags.update({"\xa9ART": ["A", "B"]}))
    assert tags.artists == ("A", "B")


def test_mp4_numbers_of_zero_are_none(tmp_path: Path) -> None:
    tags = read_after(tmp_path / "a.m4a", lambda audio: audio.tags.update({"trkn": [(0, 0)]}))
    assert (tags.track_number, tags.track_total) == (None, None)


def test_a_cut_off_number_costs_the_number_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    tags = read_raw(path, b"trkn\0\0\0\x18data", b"trkn\0\0\0\x12data", title="T", track_number=3)
    assert (tags.title, tags.track_number) == ("T", None)


def test_broken_utf8_in_mp4_shows_where(tmp_path: Path) -> None:
    tags = read_raw(tmp_path / "a.m4a", b"xyzzy", b"xy\xffzy", title="xyzzy")
    assert tags.title == "xy\N{REPLACEMENT CHARACTER}zy"


def test_a_cover_whose_atom_has_no_length_does_not_hang(tmp_path: Path) -> None:
    """mutagen 1.48 goes round for ever on a `name` atom of length 0 in `covr`."""
    path = make_audio(tmp_path / "a.m4a", title="T", cover=JPEG)
    data = path.read_bytes()
    at = data.index(b"covr") + 4
    path.write_bytes(data[:at] + b"\0\0\0\0name" + data[at + 8 :])
    tags = read_tags(str(path))
    assert (tags.title, tags.embedded_cover_id) == ("T", "")


def test_bad_chapters_do_not_cost_the_file(tmp_path: Path) -> None:
    chapters = b"\0\0\0\x1achpl" + bytes(8) + b"\x01" + bytes(8) + b"\xff"
    path = make_audio(tmp_path / "a.m4b", title="T")
    data = path.read_bytes()
    at = data.index(b"udta") - 4
    grown = bytearray(data[: at + 8] + chapters + data[at + 8 :])
    for start in (at, data.index(b"moov") - 4):
        size = int.from_bytes(grown[start : start + 4], "big") + len(chapters)
        grown[start : start + 4] = size.to_bytes(4, "big")
    path.write_bytes(grown)
    assert read_tags(str(path)).title == "T"


# APEv2


def test_null_separated_ape_values_are_several_artists(tmp_path: Path) -> None:
    tags = read_after(tmp_path / "a.wv", lambda audio: audio.update({"Artist": ["A", "B"]}))
    assert tags.artists == ("A", "B")


def test_ape_names_are_the_same_in_any_case(tmp_path: Path) -> None:
    spelt = {"ALBUM ARTIST": "AA", "track": "3/12", "MEDIA": "CD"}
    tags = read_after(tmp_path / "a.mpc", lambda audio: audio.update(spelt))
    assert (tags.album_artist, tags.track_number, tags.track_total) == ("AA", 3, 12)


@pytest.mark.parametrize("suffix", [".mp3", ".aac", ".tta"])
def test_ape_tags_where_there_is_no_id3_are_read(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}")
    tags = apev2.APEv2()
    tags.update({"Title": "T", "Artist": "A"})
    tags["Cover Art (Back)"] = apev2.APEValue(b"b.jpg\0" + jpeg(1), apev2.BINARY)
    tags["Cover Art (Front)"] = apev2.APEValue(b"f.jpg\0" + jpeg(2), apev2.BINARY)
    tags.save(path)
    found = read_tags(str(path))
    assert (found.title, found.artist) == ("T", "A")
    assert found.embedded_cover_id == cover_id(jpeg(2))


def test_id3_counts_before_ape_and_takes_the_gain_from_it(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", title="From ID3")
    tags = apev2.APEv2()
    tags.update({"Title": "From APE", "REPLAYGAIN_TRACK_GAIN": "-7.5 dB"})
    tags.save(path)
    with path.open("ab") as file:
        file.write(b"TAG" + b"From ID3v1".ljust(124, b"\0") + b"\xff")
    found = read_tags(str(path))
    assert (found.title, found.replaygain_track_gain_db) == ("From ID3", -7.5)


def test_one_bad_ape_item_does_not_cost_the_others(tmp_path: Path) -> None:
    tags = read_raw(tmp_path / "a.ape", b"xyzzy", b"\xff\xfe\xfd\0\0", title="T", album="xyzzy")
    assert tags.title == "T"


def test_an_ape_key_without_end_takes_no_time(tmp_path: Path) -> None:
    """A reader that grows the key byte by byte would take minutes."""
    body = b"\1\0\0\0\0\0\0\0" + b"x" * 5_000_000
    footer = b"APETAGEX" + struct.pack("<IIII", 2000, len(body) + 32, 1, 0) + bytes(8)
    path = make_audio(tmp_path / "a.ape")
    path.write_bytes(path.read_bytes() + body + footer)
    assert read_tags(str(path)).title == "a"


# ASF


def test_numbers_and_flags_of_windows_media_are_read(tmp_path: Path) -> None:
    def number(audio: Any) -> None:
        audio.tags["WM/TrackNumber"] = [asf.ASFDWordAttribute(7)]
        audio.tags["WM/Track"] = [asf.ASFDWordAttribute(6)]
        audio.tags["WM/IsCompilation"] = [asf.ASFBoolAttribute(value=True)]
        audio.tags["WM/PartOfSet"] = "1/2"

    tags = read_after(tmp_path / "a.wma", number)
    assert (tags.track_number, tags.disc_number, tags.disc_total) == (7, 1, 2)
    assert tags.compilation


def test_the_old_track_count_of_windows_media_is_not_a_number(tmp_path: Path) -> None:
    def count_from_zero(audio: Any) -> None:
        audio.tags["WM/Track"] = [asf.ASFDWordAttribute(6)]

    assert read_after(tmp_path / "a.wma", count_from_zero).track_number is None


@pytest.mark.parametrize(
    "data", [b"", b"\3", b"\3\xff\xff\xff\xff", b"\3\1\0\0\0a\0\0", b"\3" * 50]
)
def test_a_windows_media_picture_that_is_none_is_no_error(tmp_path: Path, data: bytes) -> None:
    def embed(audio: Any) -> None:
        audio.tags["WM/Picture"] = [asf.ASFByteArrayAttribute(data=data)]

    tags = read_after(tmp_path / "a.wma", embed)
    assert (tags.title, tags.embedded_cover_id) == ("T", "")


# RIFF INFO


def info_list(**texts: str) -> bytes:
    chunks = b"".join(
        name.encode() + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
        for name, text in ((name, text.encode("cp1252") + b"\0") for name, text in texts.items())
    )
    return b"LIST" + struct.pack("<I", len(chunks) + 4) + b"INFO" + chunks


def with_chunk(path: Path, chunk: bytes) -> None:
    data = path.read_bytes() + chunk
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])


def test_the_info_list_of_a_wav_file_is_read(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.wav")
    texts = {"INAM": "Tïtle", "IART": "A", "IPRD": "Album", "ICRD": "1999-01-01", "IGNR": "Jazz"}
    with_chunk(path, info_list(**texts, ITRK="3"))
    tags = read_tags(str(path))
    assert (tags.title, tags.artist, tags.album) == ("Tïtle", "A", "Album")
    assert (tags.year, tags.genre, tags.track_number) == (1999, "Jazz", 3)


def test_the_info_list_fills_what_id3_leaves_out(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.wav", title="From ID3")
    with_chunk(path, info_list(INAM="From INFO", IART="A"))
    tags = read_tags(str(path))
    assert (tags.title, tags.artist) == ("From ID3", "A")
    assert tags.duration_s == pytest.approx(0.5, rel=0.02)


def test_a_list_that_says_it_is_longer_than_the_file_is_read(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.wav")
    chunk = info_list(INAM="Title")
    with_chunk(path, chunk[:4] + b"\xff\xff\xff\x7f" + chunk[8:])
    assert read_tags(str(path)).title == "Title"
