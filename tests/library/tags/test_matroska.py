"""Matroska and WebM files with sound alone; the tags are those that taggers write."""

import struct
from pathlib import Path

import pytest

from library.tags.native_tags import cover_id
from library.tags.reader import UnreadableAudio, read_tags
from tests.audio_files import JPEG, PNG, SAMPLES, retag
from tests.matroska_files import (
    CHAPTER_ID,
    SEGMENT,
    TAGS,
    add_part,
    attachment,
    element,
    number,
    simple_tag,
    tag,
)

HEADER = element(0x1A45DFA3, element(0x4282, b"matroska"))
INFO, TRACKS, CLUSTER, CUES, SEEK_HEAD = 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x1C53BB6B, 0x114D9B74
UNKNOWN = b"\x01" + b"\xff" * 7
VIDEO, AUDIO = 1, 2
SOUND = bytes(range(200)) * 3


def info(duration: float | None = 10_000, title: str = "", *, scale_ns: int = 1_000_000) -> bytes:
    parts = [number(0x2AD7B1, scale_ns)]
    if duration is not None:
        parts.append(element(0x4489, struct.pack(">d", duration)))
    if title:
        parts.append(element(0x7BA9, title.encode()))
    return element(INFO, *parts)


def track(
    kind: int, codec: str, *, private: bytes = b"", channels: int = 2, frame_ns: int = 0
) -> bytes:
    audio = element(
        0xE1, element(0xB5, struct.pack(">f", 48_000)), number(0x9F, channels), number(0x6264, 24)
    )
    parts = [number(0xD7, kind), number(0x83, kind), element(0x86, codec.encode())]
    if frame_ns:
        parts.append(number(0x23E383, frame_ns))
    return element(0xAE, *parts, element(0x63A2, private), *([audio] if kind == AUDIO else []))


OPUS = track(AUDIO, "A_OPUS")


def cluster(time_ms: int, *, is_sized: bool = True, blocks: int = 10) -> bytes:
    """A second of sound."""
    headers = (b"\x82" + struct.pack(">hB", at * 100, 0x80) for at in range(blocks))
    whole = element(
        CLUSTER, number(0xE7, time_ms), *(element(0xA3, header + SOUND) for header in headers)
    )
    return whole if is_sized else whole[:4] + UNKNOWN + whole[12:]


CLUSTERS = b"".join(cluster(second * 1000) for second in range(10))
LIVE_CLUSTERS = b"".join(cluster(second * 1000, is_sized=False) for second in range(10))


def matroska(*parts: bytes, is_sized: bool = True) -> bytes:
    segment = element(SEGMENT, *parts)
    return HEADER + (segment if is_sized else segment[:4] + UNKNOWN + segment[12:])


def file_of(folder: Path, data: bytes, name: str = "File.mka") -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize(
    "data",
    [
        matroska(info(), element(TRACKS, OPUS), CLUSTERS),
        matroska(info(10_000_000, scale_ns=1_000), element(TRACKS, OPUS), CLUSTERS),
        matroska(info(None), element(TRACKS, OPUS), CLUSTERS),
        matroska(info(0), element(TRACKS, OPUS), CLUSTERS, element(CUES, b"")),
        matroska(info(None), element(TRACKS, OPUS), CLUSTERS, is_sized=False),
        matroska(info(None), element(TRACKS, OPUS), LIVE_CLUSTERS, is_sized=False),
        matroska(element(TRACKS, OPUS), element(0xEC, bytes(500)), CLUSTERS),
        matroska(info(), element(TRACKS, OPUS), CLUSTERS)[:-20],
        matroska(element(0xBF, b"1234"), info(), element(TRACKS, OPUS), CLUSTERS),
    ],
)
def test_the_length_is_stated_or_that_of_the_last_block(tmp_path: Path, data: bytes) -> None:
    tags = read_tags(file_of(tmp_path, data))
    assert tags.duration_s == pytest.approx(10, rel=0.011)
    assert (tags.codec, tags.channels, tags.sample_rate_hz) == ("opus", 2, 48_000)
    assert tags.bitrate_kbps == pytest.approx(49, rel=0.05)
    assert tags.audio_digest


FLAC_PRIVATE = b"fLaC\x80\0\0\x22" + bytes(10) + struct.pack(
    ">Q", 96_000 << 44 | 1 << 41 | 23 << 36 | 960_000
) + bytes(range(16))  # fmt: skip
ACM = struct.pack("<HHIIHHH", 0x55, 2, 48_000, 16_000, 1, 0, 0)


@pytest.mark.parametrize(
    ("codec", "private", "said"),
    [
        ("A_OPUS", b"OpusHead\1\6" + bytes(9), ("opus", 48_000, 6, 0)),
        ("A_VORBIS", b"", ("vorbis", 48_000, 2, 0)),
        ("A_FLAC", FLAC_PRIVATE, ("flac", 96_000, 2, 24)),
        ("A_AAC/MPEG4/LC", b"", ("aac", 48_000, 2, 0)),
        ("A_MPEG/L3", b"", ("mp3", 48_000, 2, 0)),
        ("A_PCM/INT/LIT", b"", ("pcm", 48_000, 2, 24)),
        ("A_MS/ACM", ACM, ("mp3", 48_000, 2, 0)),
        ("A_EAC3", b"", ("eac3", 48_000, 2, 0)),
        ("A_DTS/LOSSLESS", b"", ("dts", 48_000, 2, 0)),
        ("A_TRUEHD", b"", ("truehd", 48_000, 2, 24)),
        ("A_NEW", b"", ("matroska", 48_000, 2, 0)),
    ],
)
def test_each_codec_is_described(
    tmp_path: Path, codec: str, private: bytes, said: tuple[str, int, int, int]
) -> None:
    tracks = element(TRACKS, track(AUDIO, codec, private=private))
    tags = read_tags(file_of(tmp_path, matroska(info(), tracks, CLUSTERS)))
    assert (tags.codec, tags.sample_rate_hz, tags.channels, tags.bit_depth) == said


ALBUM_TEXTS = (
    simple_tag("TITLE", "Album"),
    simple_tag("ARTIST", "The X", simple_tag("SORT_WITH", "X, The")),
    simple_tag("TOTAL_PARTS", "12"),
    simple_tag("DATE_RELEASED", "2003-05-01"),
    simple_tag("GENRE", "Jazz"),
    simple_tag("REPLAYGAIN_GAIN", "-3.00 dB"),
    simple_tag("COMMENT", "of the album"),
)
ALBUM_TAG = tag(*ALBUM_TEXTS, level=50)
ALBUM_TAG_WITHOUT_LEVEL = tag(*ALBUM_TEXTS)  # as mkvpropedit writes it
TRACK_TAG = tag(
    simple_tag("TITLE", "Title"),
    simple_tag("ARTIST", "A"),
    simple_tag("PART_NUMBER", "3"),
    simple_tag("COMPOSER", "C"),
    simple_tag("REPLAYGAIN_GAIN", "-6.00 dB"),
    level=30,
)
FFMPEG_TAG = tag(
    *(
        simple_tag(name, value)
        for name, value in (
            *(("ALBUM", "Album"), ("ARTIST", "A"), ("ALBUM_ARTIST", "The X"), ("DATE", "2003")),
            *(("PART_NUMBER", "3/12"), ("GENRE", "Jazz"), ("COMPOSER", "C")),
            *(("REPLAYGAIN_TRACK_GAIN", "-6.00 dB"), ("REPLAYGAIN_ALBUM_GAIN", "-3.00 dB")),
        )
    )
)
STATISTICS = tag(simple_tag("DURATION", "00:00:10"), simple_tag("BPS", "4800"), track=1)


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        ("Title", [FFMPEG_TAG, STATISTICS]),
        ("A collection", [ALBUM_TAG, TRACK_TAG]),
        ("", [TRACK_TAG, STATISTICS, ALBUM_TAG]),
        ("", [ALBUM_TAG_WITHOUT_LEVEL, TRACK_TAG]),
    ],
)
def test_tags_of_album_and_track_are_told_apart(
    tmp_path: Path, title: str, tags: list[bytes]
) -> None:
    data = matroska(info(title=title), element(TRACKS, OPUS), element(TAGS, *tags), CLUSTERS)
    found = read_tags(file_of(tmp_path, data))
    assert (found.title, found.artist, found.album, found.album_artist) == (
        *("Title", "A", "Album", "The X"),
    )
    assert (found.track_number, found.track_total, found.year) == (3, 12, 2003)
    assert (found.genre, found.composer) == ("Jazz", "C")
    assert (found.replaygain_track_gain_db, found.replaygain_album_gain_db) == (-6, -3)


def test_a_disc_has_a_number_of_its_own(tmp_path: Path) -> None:
    disc = tag(simple_tag("PART_NUMBER", "2"), simple_tag("TOTAL_PARTS", "9"), level=40)
    album = tag(simple_tag("TITLE", "Album"), simple_tag("TOTAL_PARTS", "3"), level=50)
    tags = element(TAGS, album, disc, TRACK_TAG)
    found = read_tags(file_of(tmp_path, matroska(info(), element(TRACKS, OPUS), tags, CLUSTERS)))
    assert (found.disc_number, found.disc_total) == (2, 3)
    assert (found.track_number, found.track_total) == (3, 9)


def test_the_album_artist_stands_in_for_the_artist(tmp_path: Path) -> None:
    tags = element(TAGS, ALBUM_TAG)
    found = read_tags(
        file_of(tmp_path, matroska(info(title="T"), element(TRACKS, OPUS), tags, CLUSTERS))
    )
    assert (found.title, found.artist, found.album) == ("T", "The X", "Album")


def test_a_chapters_tags_are_not_the_tracks(tmp_path: Path) -> None:
    chapters = [
        tag(simple_tag("TITLE", f"Chapter {chapter}"), level=30, chapter=chapter)
        for chapter in (1, 2)
    ]
    assert CHAPTER_ID
    tags = element(TAGS, *chapters, ALBUM_TAG)
    data = matroska(info(), element(TRACKS, OPUS), tags, CLUSTERS)
    assert read_tags(file_of(tmp_path, data)).title == "File"


@pytest.mark.parametrize("has_index", [True, False])
def test_tags_behind_the_sound_are_found(tmp_path: Path, *, has_index: bool) -> None:
    between = element(CUES, b"") if has_index else b""
    tags = element(TAGS, TRACK_TAG)
    seek_head_size = len(_seek_head(0))
    body = (info(), element(TRACKS, OPUS), CLUSTERS, between)
    cues_at = seek_head_size + sum(map(len, body[:3]))
    head = _seek_head(cues_at) if has_index else b""
    path = file_of(tmp_path, matroska(head, *body, tags))
    assert read_tags(path).title == "Title"


def _seek_head(cues_at: int) -> bytes:
    entry = element(0x4DBB, element(0x53AB, CUES.to_bytes(4, "big")), number(0x53AC, cues_at))
    return element(SEEK_HEAD, entry)


def test_the_attached_cover_is_the_cover(tmp_path: Path) -> None:
    path = file_of(tmp_path, SAMPLES[".mka"].read_bytes())
    add_part(path, attachment("booklet.png", "image/png", PNG))
    assert read_tags(path).embedded_cover_id == cover_id(PNG)
    both = element(
        0x1941A469,
        attachment("small_cover.png", "image/png", PNG)[12:],
        attachment("cover.jpg", "image/jpeg", JPEG)[12:],
        attachment("font.ttf", "font/ttf", bytes(100))[12:],
    )
    add_part(path, both)
    assert read_tags(path).embedded_cover_id == cover_id(JPEG)


@pytest.mark.parametrize("suffix", [".mka", ".webm"])
def test_the_digest_stays_when_tags_change(tmp_path: Path, suffix: str) -> None:
    path = file_of(tmp_path, SAMPLES[suffix].read_bytes(), f"a{suffix}")
    before = read_tags(path).audio_digest
    retag(path, title="A title that is longer than that of before", cover=JPEG)
    after = read_tags(path)
    assert before
    assert (after.title[:7], after.audio_digest) == ("A title", before)


def test_the_digest_does_not_depend_on_where_the_tags_are(tmp_path: Path) -> None:
    front = matroska(info(), element(TRACKS, OPUS), element(TAGS, TRACK_TAG), CLUSTERS)
    behind = matroska(info(), element(TRACKS, OPUS), CLUSTERS, element(TAGS, TRACK_TAG))
    none = matroska(info(), element(TRACKS, OPUS), CLUSTERS)
    digests = {read_tags(file_of(tmp_path, data)).audio_digest for data in (front, behind, none)}
    assert len(digests) == 1


def test_flac_in_matroska_has_the_digest_of_its_samples(tmp_path: Path) -> None:
    tracks = element(TRACKS, track(AUDIO, "A_FLAC", private=FLAC_PRIVATE))
    data = matroska(info(), tracks, CLUSTERS)
    assert read_tags(file_of(tmp_path, data)).audio_digest == bytes(range(16)).hex()


def reason(path: str) -> str:
    with pytest.raises(UnreadableAudio) as caught:
        read_tags(path)
    return str(caught.value)


@pytest.mark.parametrize("name", ["a.mka", "a.webm", "a.mp3", "a.m4a"])
def test_a_film_is_refused_as_one(tmp_path: Path, name: str) -> None:
    both = element(TRACKS, track(VIDEO, "V_VP9"), OPUS)
    path = file_of(tmp_path, matroska(info(), both, CLUSTERS), name)
    assert reason(path) == "This is a film: it holds moving pictures beside its sound."
    silent = element(TRACKS, track(VIDEO, "V_VP9"))
    path = file_of(tmp_path, matroska(info(), silent, CLUSTERS), name)
    assert reason(path) == "No audio found: this is a film without a sound track."


PNG_TRACK = bytes(16) + b"MPNG" + bytes(20)


@pytest.mark.parametrize(
    ("codec", "private", "picture"),
    [("V_MJPEG", b"", JPEG), ("V_MS/VFW/FOURCC", PNG_TRACK, PNG)],
)
def test_a_cover_that_is_stored_as_a_track_is_the_cover(
    tmp_path: Path, codec: str, private: bytes, picture: bytes
) -> None:
    """As FFmpeg copies the cover of an MP3."""
    frame = element(0xA3, b"\x81\0\0\x80" + picture)
    first = element(CLUSTER, number(0xE7, 0), element(0xA3, b"\x82\0\0\x80" + SOUND), frame)
    tracks = element(TRACKS, OPUS, track(VIDEO, codec, private=private))
    found = read_tags(file_of(tmp_path, matroska(info(), tracks, first, CLUSTERS)))
    assert (found.codec, found.embedded_cover_id) == ("opus", cover_id(picture))


def test_a_film_of_jpeg_pictures_is_a_film(tmp_path: Path) -> None:
    film = track(VIDEO, "V_MJPEG", frame_ns=40_000_000)
    path = file_of(tmp_path, matroska(info(), element(TRACKS, film, OPUS), CLUSTERS))
    assert reason(path).startswith("This is a film")


def test_a_file_cut_off_before_its_tracks_is_said_to_be_cut_off(tmp_path: Path) -> None:
    assert "cut off" in reason(file_of(tmp_path, matroska(info())[:-10]))
