"""Every format, from a file with everything in it to one without a single tag."""

from pathlib import Path
from typing import Any

import pytest

from library.tags import AUDIO_SUFFIXES, MIME_TYPES, UNKNOWN_ARTIST, TrackTags
from library.tags.native_tags import cover_id
from library.tags.reader import read_tags
from tests.audio_files import ALAC, PNG, SAMPLES, make_audio, retag
from tests.library.tags.storable import assert_storable

A_ID = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"
B_ID = "b071f9fa-14b0-4217-8e97-eb41da73f598"
RECORDING_ID = "4d5f3a1b-6c6e-4f0e-9c5a-0c7b1f0e2a33"
RELEASE_ID = "9f1d8b6e-2a53-4b13-8b19-6dfa4d1c8f10"

EVERYTHING: dict[str, Any] = {
    "title": "Älä ❤ тест",
    "artist": "A feat. B",
    "artists": ("A", "B"),
    "artist_sort_names": ("A, the", "B, the"),
    "album": "Album",
    "album_artist": "X & Y",
    "album_artists": ("X", "Y"),
    "album_artist_sort_names": ("X, the", "Y, the"),
    "composer": "C",
    "composers": ("C",),
    "track_number": 3,
    "track_total": 12,
    "disc_number": 1,
    "disc_total": 2,
    "year": 2003,
    "genre": "Jazz",
    "compilation": True,
    "musicbrainz_recording_id": RECORDING_ID,
    "musicbrainz_release_id": RELEASE_ID,
    "musicbrainz_artist_ids": (A_ID, B_ID),
    "musicbrainz_album_artist_ids": (B_ID, A_ID),
    "replaygain_track_gain_db": -6.2,
    "replaygain_track_peak": 0.988,
    "replaygain_album_gain_db": 1.5,
    "replaygain_album_peak": 1.0,
}
# Codec, sample rate, channels; what the samples' recipe asks for.
STREAMS = {
    ".mp3": ("mp3", 44100, 2),
    ".flac": ("flac", 44100, 1),
    ".ogg": ("vorbis", 44100, 1),
    ".oga": ("flac", 44100, 1),
    ".opus": ("opus", 48000, 1),
    ".spx": ("speex", 16000, 1),
    # The sample entry of AAC says 2 channels, its own configuration says what they are.
    ".m4a": ("aac", 44100, 1),
    ".m4b": ("aac", 44100, 1),
    ".mp4": ("aac", 44100, 2),
    ".aac": ("aac", 44100, 1),
    ".wav": ("pcm", 8000, 1),
    ".aiff": ("pcm", 8000, 1),
    ".aif": ("pcm", 8000, 1),
    ".aifc": ("pcm", 8000, 1),
    ".wma": ("wma", 44100, 1),
    ".ape": ("ape", 44100, 1),
    ".wv": ("wavpack", 44100, 1),
    ".mpc": ("musepack", 44100, 2),
    ".mp+": ("musepack", 44100, 2),
    ".tta": ("tta", 44100, 1),
    ".dsf": ("dsd", 2822400, 1),
    ".dff": ("dsd", 2822400, 1),
    ".mp2": ("mp2", 44100, 1),
    ".asf": ("wma", 44100, 1),
    ".mka": ("flac", 48000, 1),
    ".webm": ("opus", 48000, 1),
}

every_format = pytest.mark.parametrize("suffix", sorted(SAMPLES))


def written(tags: TrackTags) -> dict[str, object]:
    return {field: getattr(tags, field) for field in EVERYTHING}


@every_format
def test_all_tags_come_back_as_they_were_written(tmp_path: Path, suffix: str) -> None:
    written_as = {field: value for field, value in EVERYTHING.items() if field != "composers"}
    path = make_audio(tmp_path / f"a{suffix}", **written_as)
    tags = read_tags(str(path))
    assert written(tags) == EVERYTHING
    assert_storable(tags)


@every_format
def test_a_changed_tag_is_read_again(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}", title="Before", album="Album")
    inode = path.stat().st_ino
    retag(path, title="After", album=None)
    tags = read_tags(str(path))
    assert (tags.title, tags.album) == ("After", "")
    assert path.stat().st_ino == inode


@every_format
def test_an_untagged_file_is_named_after_itself(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"01. Some tune{suffix}")
    tags = read_tags(str(path))
    assert tags.title == "01. Some tune"
    assert (tags.artist, tags.artists) == (UNKNOWN_ARTIST, (UNKNOWN_ARTIST,))
    assert (tags.album, tags.album_artist, tags.album_artists) == ("", "", ())
    assert tags.embedded_cover_id == ""
    assert_storable(tags)


@every_format
def test_the_stream_is_described(tmp_path: Path, suffix: str) -> None:
    tags = read_tags(str(make_audio(tmp_path / f"a{suffix}")))
    assert (tags.codec, tags.sample_rate_hz, tags.channels) == STREAMS[suffix]
    expected_s = 0.0116 if suffix in {".dsf", ".dff"} else 0.5
    assert tags.duration_s == pytest.approx(expected_s, rel=0.15)
    assert tags.bitrate_kbps > 0


@every_format
def test_an_embedded_cover_is_identified_by_its_bytes(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}", title="T", cover=PNG)
    assert read_tags(str(path)).embedded_cover_id == cover_id(PNG)


@every_format
def test_a_suffix_in_capitals_is_the_same(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix.upper()}", title="T")
    assert read_tags(str(path)).title == "T"


@every_format
def test_a_name_that_is_no_utf8_is_read(tmp_path: Path, suffix: str) -> None:
    path = make_audio(f"{tmp_path}/caf\udce9{suffix}")
    assert read_tags(str(path)).title == "caf\N{REPLACEMENT CHARACTER}"


@every_format
def test_a_file_with_the_wrong_suffix_is_read_for_what_it_is(tmp_path: Path, suffix: str) -> None:
    right = make_audio(tmp_path / f"a{suffix}", **EVERYTHING)
    wrong = right.rename(tmp_path / ("a.flac" if suffix == ".mp3" else "a.mp3"))
    if suffix == ".aac":  # nothing but its suffix tells a stream of bare AAC frames
        wrong = right.with_suffix(suffix)
        (tmp_path / "a.mp3").rename(wrong)
    tags = read_tags(str(wrong))
    assert (tags.codec, tags.title) == (STREAMS[suffix][0], EVERYTHING["title"])


def test_every_sample_has_a_format_and_every_format_a_sample() -> None:
    assert set(SAMPLES) | {".mpp", ".mp1"} == AUDIO_SUFFIXES == set(MIME_TYPES)


def test_mime_types_are_those_that_browsers_know() -> None:
    assert MIME_TYPES[".mp3"] == "audio/mpeg"
    assert MIME_TYPES[".flac"] == "audio/flac"
    assert MIME_TYPES[".opus"] == MIME_TYPES[".ogg"] == "audio/ogg"
    assert MIME_TYPES[".m4a"] == "audio/mp4"


def test_alac_is_told_from_aac(tmp_path: Path) -> None:
    path = tmp_path / "a.m4a"
    path.write_bytes(ALAC.read_bytes())
    assert read_tags(str(path)).codec == "alac"


@pytest.mark.parametrize("suffix", [".ogg", ".opus", ".oga", ".spx"])
def test_any_ogg_stream_may_be_called_ogg(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}", title="T").rename(tmp_path / "a.ogg")
    tags = read_tags(str(path))
    assert (tags.codec, tags.title) == (STREAMS[suffix][0], "T")


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".tta", ".ape", ".wv", ".mpc", ".aac"])
def test_an_id3_tag_before_any_stream_does_not_hide_it(tmp_path: Path, suffix: str) -> None:
    tagged = make_audio(tmp_path / "a.mp3", title="From ID3").read_bytes()
    tag = tagged[: len(tagged) - SAMPLES[".mp3"].stat().st_size]
    path = tmp_path / f"b{suffix}"
    path.write_bytes(tag + SAMPLES[suffix].read_bytes())
    assert read_tags(str(path)).codec == STREAMS[suffix][0]


def test_a_flac_file_with_an_id3_tag_called_mp3_is_read_as_flac(tmp_path: Path) -> None:
    tagged = make_audio(tmp_path / "a.mp3", title="From ID3").read_bytes()
    tag = tagged[: len(tagged) - SAMPLES[".mp3"].stat().st_size]
    path = tmp_path / "b.mp3"
    path.write_bytes(tag + SAMPLES[".flac"].read_bytes())
    assert read_tags(str(path)).codec == "flac"


def test_a_title_made_of_a_decomposed_name_is_composed(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "Bjo\N{COMBINING DIAERESIS}rk.mp3")
    assert read_tags(str(path)).title == "Björk"


def test_a_length_left_out_is_worked_out_from_the_bitrate(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.m4a")
    data = bytearray(path.read_bytes())
    length_at = data.index(b"mdhd") + 4 + 16
    data[length_at : length_at + 4] = bytes(4)
    path.write_bytes(data)
    assert read_tags(str(path)).duration_s == pytest.approx(0.5, rel=0.5)


def test_a_stream_written_to_a_pipe_is_as_long_as_its_bytes(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.wav")
    data = bytearray(path.read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(data)
    assert read_tags(str(path)).duration_s == pytest.approx(0.5, rel=0.02)
