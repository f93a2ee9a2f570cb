"""ID3 in all its versions, and in all the ways it is written wrong."""

import os
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import mutagen.id3
import pytest

from library.tags import TrackTags
from library.tags.id3v2 import MAX_INFLATED_BYTES
from library.tags.native_tags import cover_id
from library.tags.reader import read_embedded_covers, read_tags
from tests.audio_files import JPEG, PNG, SAMPLES, jpeg, make_audio

id3: Any = mutagen.id3
LATIN1, UTF16, UTF16_BE, UTF8 = range(4)
UNSYNCHRONISED, EXTENDED = 0x80, 0x40


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name: str, body: bytes, *, version: int = 4, flags: int = 0) -> bytes:
    if version == 2:
        return name.encode() + len(body).to_bytes(3, "big") + body
    size = synchsafe(len(body)) if version == 4 else len(body).to_bytes(4, "big")
    return name.encode() + size + flags.to_bytes(2, "big") + body


def text_frame(name: str, text: str, encoding: int = UTF8, *, version: int = 4) -> bytes:
    codec = ("latin-1", "utf-16", "utf-16-be", "utf-8")[encoding]
    return frame(name, bytes([encoding]) + text.encode(codec), version=version)


def tag(*frames: bytes, version: int = 4, flags: int = 0) -> bytes:
    body = b"".join(frames)
    return b"ID3" + bytes([version, 0, flags]) + synchsafe(len(body)) + body


def read(tmp_path: Path, before: bytes, after: bytes = b"", suffix: str = ".mp3") -> TrackTags:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(before + SAMPLES[suffix].read_bytes() + after)
    return read_tags(str(path))


def id3v1(title: bytes = b"", artist: bytes = b"", genre: int = 255, track: int = 0) -> bytes:
    return struct.pack(
        "<3s30s30s30s4s28sBBB", b"TAG", title, artist, b"", b"1999", b"", 0, track, genre
    )


def read_as_genre(tmp_path: Path, text: str, version: int = 3) -> str:
    whole = tag(text_frame("TCON", text, LATIN1, version=version), version=version)
    return "; ".join(read(tmp_path, whole).genres)


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [LATIN1, UTF16, UTF16_BE, UTF8])
def test_every_encoding_is_read(tmp_path: Path, version: int, encoding: int) -> None:
    frames = (
        text_frame("TIT2", "Für Élise", encoding, version=version),
        text_frame("TPE1", "Ÿ".encode("cp1252").decode("latin-1"), LATIN1, version=version),
    )
    tags = read(tmp_path, tag(*frames, version=version))
    assert (tags.title, tags.artist) == ("Für Élise", "Ÿ")


def test_version_2_2_is_read(tmp_path: Path) -> None:
    picture = bytes([LATIN1]) + b"PNG" + b"\3" + b"front\0" + PNG
    frames = [
        text_frame("TT2", "Title", UTF16, version=2),
        text_frame("TP1", "Artist", LATIN1, version=2),
        text_frame("TP2", "Album artist", LATIN1, version=2),
        text_frame("TRK", "03/12", LATIN1, version=2),
        text_frame("TPA", "1/2", LATIN1, version=2),
        text_frame("TYE", "1999", LATIN1, version=2),
        text_frame("TCO", "(17)", LATIN1, version=2),
        text_frame("TCP", "1", LATIN1, version=2),
        text_frame("TXX", "REPLAYGAIN_TRACK_GAIN\0-6.20 dB", LATIN1, version=2),
        frame("PIC", picture, version=2),
    ]
    tags = read(tmp_path, tag(*frames, version=2))
    assert (tags.title, tags.artist, tags.album_artist) == ("Title", "Artist", "Album artist")
    assert (tags.track_number, tags.track_total, tags.disc_number, tags.disc_total) == (3, 12, 1, 2)
    assert (tags.year, tags.genre, tags.compilation) == (1999, "Rock", True)
    assert tags.replaygain_track_gain_db == -6.2
    assert tags.embedded_cover_id == cover_id(PNG)


def test_version_2_3_frames_with_the_names_of_2_2_are_read(tmp_path: Path) -> None:
    assert read(tmp_path, tag(text_frame("TT2\0", "T", version=3), version=3)).title == "T"


def test_id3v1_alone_is_read(tmp_path: Path) -> None:
    tags = read(tmp_path, b"", id3v1(b"Title", b"Bj\xf6rk", genre=17, track=7))
    assert (tags.title, tags.artist, tags.genre) == ("Title", "Björk", "Rock")
    assert (tags.year, tags.track_number) == (1999, 7)


def test_id3v1_fills_only_what_id3v2_leaves_out(tmp_path: Path) -> None:
    tags = read(tmp_path, tag(text_frame("TIT2", "Long title")), id3v1(b"Long", b"Artist"))
    assert (tags.title, tags.artist) == ("Long title", "Artist")


def test_utf8_in_a_latin1_frame_is_read_as_utf8(tmp_path: Path) -> None:
    body = bytes([LATIN1]) + "Für Elise, тест".encode()
    assert read(tmp_path, tag(frame("TIT2", body))).title == "Für Elise, тест"


def test_utf16_in_a_latin1_frame_is_read_as_utf16(tmp_path: Path) -> None:
    body = bytes([LATIN1]) + "тест".encode("utf-16")
    assert read(tmp_path, tag(frame("TIT2", body))).title == "тест"


def test_latin1_that_is_latin1_stays_so(tmp_path: Path) -> None:
    body = bytes([LATIN1]) + b"Caf\xe9 \x96 \x93na\xefve\x94"
    assert read(tmp_path, tag(frame("TIT2", body))).title == "Café \N{EN DASH} “naïve”"


def test_utf8_that_is_broken_shows_where(tmp_path: Path) -> None:
    body = bytes([UTF8]) + b"ab\xffcd"
    assert read(tmp_path, tag(frame("TIT2", body))).title == "ab\N{REPLACEMENT CHARACTER}cd"


def test_utf16_without_a_mark_or_with_half_a_character_is_read(tmp_path: Path) -> None:
    body = bytes([UTF16]) + "тест".encode("utf-16-le") + b"\x42"
    assert read(tmp_path, tag(frame("TIT2", body))).title == "тест"


def test_a_lone_surrogate_in_utf16_is_replaced(tmp_path: Path) -> None:
    body = bytes([UTF16]) + b"\xff\xfe" + b"a\0\x00\xd8b\0"
    assert read(tmp_path, tag(frame("TIT2", body))).title == "a\N{REPLACEMENT CHARACTER}b"


def test_an_unknown_encoding_costs_its_frame_alone(tmp_path: Path) -> None:
    tags = read(tmp_path, tag(frame("TIT2", b"\x09text"), text_frame("TALB", "Album")))
    assert (tags.title, tags.album) == ("a", "Album")


@pytest.mark.parametrize(
    ("text", "genre"),
    [
        ("17", "Rock"),
        ("(17)", "Rock"),
        ("(17)Rock", "Rock"),
        ("(17)Roots", "Rock; Roots"),
        ("(4)Eurodisco", "Disco; Eurodisco"),
        ("(31)(39)", "Trance; Noise"),
        ("(RX)", "Remix"),
        ("CR", "Cover"),
        ("((Parenthetical)", "(Parenthetical)"),
        ("(255)", ""),
        ("80s", "80s"),
        ("Rock", "Rock"),
    ],
)
def test_a_genre_given_as_a_number_is_named(tmp_path: Path, text: str, genre: str) -> None:
    assert read_as_genre(tmp_path, text) == genre


def test_several_genres_are_read(tmp_path: Path) -> None:
    assert read_as_genre(tmp_path, "17\0Folk\x0031", version=4) == "Rock; Folk; Trance"


def test_null_separated_values_are_several_artists(tmp_path: Path) -> None:
    tags = read(tmp_path, tag(text_frame("TPE1", "A\0B\0", UTF16)))
    assert (tags.artist, tags.artists) == ("A, B", ("A", "B"))


def test_a_slash_is_part_of_a_name(tmp_path: Path) -> None:
    tags = read(tmp_path, tag(text_frame("TPE1", "AC/DC", version=3), version=3))
    assert tags.artists == ("AC/DC",)


def test_the_year_of_version_2_3_is_read(tmp_path: Path) -> None:
    frames = text_frame("TYER", "1984", version=3) + text_frame("TDAT", "1705", version=3)
    assert read(tmp_path, tag(frames, version=3)).year == 1984


def test_the_release_date_counts_before_the_original_one(tmp_path: Path) -> None:
    original, release = text_frame("TDOR", "1969"), text_frame("TDRC", "2009-09-09")
    assert read(tmp_path, tag(original, release)).year == 2009
    assert read(tmp_path, tag(original)).year == 1969


def test_free_names_are_the_same_in_any_spelling(tmp_path: Path) -> None:
    one = text_frame("TXXX", "musicbrainz_albumid\0" + "AB" * 4 + "-0000-4000-8000-" + "0" * 12)
    two = text_frame("TXXX", "ReplayGain_Track_Peak\x000.5", UTF16)
    tags = read(tmp_path, tag(one, two))
    assert tags.musicbrainz_release_id == "abababab-0000-4000-8000-000000000000"
    assert tags.replaygain_track_peak == 0.5


def test_a_tag_written_unsynchronised_is_read(tmp_path: Path) -> None:
    safe = JPEG.replace(b"\xff", b"\xff\0")
    picture = bytes([LATIN1]) + b"image/jpeg\0\3\0"
    whole = tag(
        text_frame("TIT2", "T", version=3),
        # The size is that after the zeros are gone again (section 5 of version 2.3).
        b"APIC" + len(picture + JPEG).to_bytes(4, "big") + b"\0\0" + picture + safe,
        version=3,
        flags=UNSYNCHRONISED,
    )
    assert read(tmp_path, whole).embedded_cover_id == cover_id(JPEG)
    by_frame = tag(frame("APIC", picture + safe, flags=0x02), text_frame("TIT2", "T"))
    assert read(tmp_path, by_frame).embedded_cover_id == cover_id(JPEG)


def test_a_flag_for_unsynchronisation_that_lies_is_ignored(tmp_path: Path) -> None:
    picture = bytes([LATIN1]) + b"image/jpeg\0\3\0" + JPEG
    tags = read(tmp_path, tag(frame("APIC", picture), flags=UNSYNCHRONISED))
    assert tags.embedded_cover_id == cover_id(JPEG)


@pytest.mark.parametrize("version", [3, 4])
def test_a_compressed_frame_is_read(tmp_path: Path, version: int) -> None:
    body = bytes([UTF8]) + b"Title" * 50
    flags = 0x09 if version == 4 else 0x80
    packed = len(body).to_bytes(4, "big") + zlib.compress(body)
    squeezed = frame("TIT2", packed, version=version, flags=flags)
    assert read(tmp_path, tag(squeezed, version=version)).title == "Title" * 50


def test_a_compressed_frame_without_end_is_not_unpacked_whole(tmp_path: Path) -> None:
    """Two hundred megabytes of zeros, packed to a few hundred kilobytes."""
    bomb = zlib.compress(bytes([UTF8]) + bytes(200_000_000), 1)
    squeezed = frame("TIT2", bytes(4) + bomb, flags=0x09)
    assert read(tmp_path, tag(squeezed, text_frame("TALB", "Album"))).album == "Album"


def test_all_compressed_frames_of_a_tag_are_unpacked_to_a_bounded_sum(tmp_path: Path) -> None:
    """Twenty pictures of 30 MB each, packed to a few hundred kilobytes."""
    picture = bytes([LATIN1]) + b"image/png\0\3\0" + PNG + bytes(30_000_000)
    packed = frame("APIC", bytes(4) + zlib.compress(picture, 1), flags=0x09)
    source = tag(text_frame("TIT2", "Title"), *[packed] * 20, text_frame("TALB", "Album"))
    tracemalloc.start()
    tags = read(tmp_path, source)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tags.title, tags.album) == ("Title", "Album")
    assert tags.embedded_cover_id == cover_id(PNG + bytes(30_000_000))
    assert peak_bytes < 4 * MAX_INFLATED_BYTES


def test_of_a_frame_that_would_become_too_long_nothing_is_taken(tmp_path: Path) -> None:
    """The beginning of a picture is a damaged picture."""
    picture = bytes([LATIN1]) + b"image/png\0\3\0" + PNG + bytes(MAX_INFLATED_BYTES)
    packed = frame("APIC", bytes(4) + zlib.compress(picture, 1), flags=0x09)
    assert read(tmp_path, tag(packed)).embedded_cover_id == ""


def test_an_encrypted_frame_is_passed_over(tmp_path: Path) -> None:
    secret = frame("TIT2", b"\x01secret", flags=0x04)
    tags = read(tmp_path, tag(secret, text_frame("TALB", "Album")))
    assert (tags.title, tags.album) == ("a", "Album")


@pytest.mark.parametrize(
    ("version", "extended"),
    [(3, struct.pack(">IHI", 6, 0, 0)), (4, synchsafe(6) + b"\x01\x00"), (4, b"")],
)
def test_an_extended_header_is_skipped(tmp_path: Path, version: int, extended: bytes) -> None:
    whole = tag(extended, text_frame("TIT2", "T", version=version), version=version, flags=EXTENDED)
    assert read(tmp_path, whole).title == "T"


def test_sizes_that_old_itunes_wrote_in_eight_bits_are_understood(tmp_path: Path) -> None:
    long_text = "x" * 300
    wrong = frame("TALB", bytes([UTF8]) + long_text.encode(), version=3)
    tags = read(tmp_path, tag(wrong, text_frame("TIT2", "T")))
    assert (tags.album, tags.title) == (long_text, "T")
    right = frame("TALB", bytes([UTF8]) + long_text.encode())
    tags = read(tmp_path, tag(right, text_frame("TIT2", "T")))
    assert (tags.album, tags.title) == (long_text, "T")


def test_padding_ends_the_frames(tmp_path: Path) -> None:
    tags = read(tmp_path, tag(text_frame("TIT2", "T"), bytes(2000)))
    assert (tags.title, tags.codec) == ("T", "mp3")


def test_the_front_cover_is_preferred(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", title="T")
    tags = id3.ID3(path)
    for kind, number in ((4, 1), (3, 2), (0, 3)):
        data = jpeg(number)
        tags.add(id3.APIC(encoding=0, mime="image/jpeg", type=kind, desc=str(kind), data=data))
    tags.save(path)
    assert read_tags(str(path)).embedded_cover_id == cover_id(jpeg(2))


def test_pictures_are_ordered_by_their_kinds_and_icons_come_last(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", title="T")
    tags = id3.ID3(path)
    kinds = (2, 1, 4, 8, 5, 0, 3)  # other icon, icon, back, artist, leaflet, other, front
    for kind in kinds:
        tags.add(id3.APIC(encoding=0, mime="", type=kind, desc=str(kind), data=jpeg(kind)))
    tags.save(path)
    pictures = read_embedded_covers(os.open(path, os.O_RDONLY), ".mp3")
    assert pictures == [jpeg(kind) for kind in (3, 0, 5, 8, 4, 2, 1)]
    assert read_tags(str(path)).embedded_cover_id == cover_id(jpeg(3))
    for kind in (3, 0, 5):
        tags.delall(f"APIC:{kind}")
    tags.save(path)
    assert read_tags(str(path)).embedded_cover_id == cover_id(jpeg(8))


def test_a_file_icon_of_32_pixels_is_no_cover(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", title="T")
    tags = id3.ID3(path)
    icon = PNG[:16] + (32).to_bytes(4, "big") * 2 + PNG[24:]
    tags.add(id3.APIC(encoding=0, mime="", type=1, desc="", data=icon))
    tags.save(path)
    assert read_tags(str(path)).embedded_cover_id == ""
    tags.add(id3.APIC(encoding=0, mime="", type=1, desc="", data=JPEG))  # a wrong kind
    tags.save(path)
    assert read_tags(str(path)).embedded_cover_id == cover_id(JPEG)


def test_the_first_picture_stands_in_for_a_front_cover(tmp_path: Path) -> None:
    back = bytes([UTF16]) + b"image/png\0\4" + "Rückseite".encode("utf-16") + b"\0\0" + PNG
    assert read(tmp_path, tag(frame("APIC", back))).embedded_cover_id == cover_id(PNG)


@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\0image/jpeg\0", b"\0image/jpeg\0\3\0not a picture"]
)
def test_what_is_no_picture_is_no_cover(tmp_path: Path, data: bytes) -> None:
    tags = read(tmp_path, tag(frame("APIC", data), text_frame("TIT2", "T")))
    assert (tags.title, tags.embedded_cover_id) == ("T", "")


def test_a_picture_behind_a_description_of_one_nul_is_read(tmp_path: Path) -> None:
    """It should have two, since it is in UTF-16."""
    picture = bytes([UTF16]) + b"image/jpeg\0\3\0" + JPEG
    assert read(tmp_path, tag(frame("APIC", picture))).embedded_cover_id == cover_id(JPEG)


def test_a_link_instead_of_a_picture_is_no_cover(tmp_path: Path) -> None:
    link = b"\0-->\0\3\0https://example.org/a.jpg"
    assert read(tmp_path, tag(frame("APIC", link))).embedded_cover_id == ""


@pytest.mark.parametrize("suffix", [".wav", ".aiff", ".dsf", ".tta", ".aac"])
@pytest.mark.parametrize("version", [3, 4])
def test_other_formats_hold_the_same_tags(tmp_path: Path, suffix: str, version: int) -> None:
    path = make_audio(tmp_path / f"a{suffix}", title="T", artist=["A", "B"], year=2003)
    audio = id3.ID3(path) if suffix == ".aac" else mutagen.File(path).tags
    if version == 3:
        audio.update_to_v23()
    audio.save(path, v2_version=version, v23_sep=None)
    tags = read_tags(str(path))
    assert (tags.title, tags.artists, tags.year) == ("T", ("A", "B"), 2003)


def test_thousands_of_small_frames_take_no_time(tmp_path: Path) -> None:
    """A reader that copies the rest of the tag for each frame would take minutes."""
    tags = read(tmp_path, tag(text_frame("TIT2", "T"), text_frame("TALB", "x") * 500_000))
    assert tags.title == "T"


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [UTF16, UTF8])
def test_the_reader_agrees_with_mutagen(tmp_path: Path, version: int, encoding: int) -> None:
    path = make_audio(tmp_path / "a.mp3")
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=encoding, text=["Tïtle"]))
    tags.add(id3.TPE1(encoding=encoding, text=["A", "B"]))
    tags.add(id3.TALB(encoding=encoding, text=["Al" * 200]))
    tags.add(id3.TRCK(encoding=encoding, text=["3/12"]))
    tags.add(id3.TXXX(encoding=encoding, desc="ALBUMARTISTSORT", text=["S"]))
    tags.add(id3.TPE2(encoding=encoding, text=["AA"]))
    tags.add(id3.COMM(encoding=encoding, lang="eng", desc="", text=["comment"]))
    tags.save(path, v2_version=version, v23_sep=None)
    stored = id3.ID3(path)
    read_here = read_tags(str(path))
    assert read_here.title == str(stored["TIT2"])
    assert read_here.artists == tuple(stored["TPE1"].text)
    assert read_here.album == str(stored["TALB"])
    assert read_here.album_artist_sort_names == tuple(stored["TXXX:ALBUMARTISTSORT"].text)
    assert (read_here.track_number, read_here.track_total) == (3, 12)
