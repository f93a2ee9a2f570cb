"""Writes a track's tags to a file in a tagger's style, with mutagen."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mutagen
import mutagen.id3
import mutagen.mp4

from tests.audio_files import SAMPLES, make_audio
from tests.library.tags.styles import taggers
from tests.library.tags.styles.records import Track, an_id
from tests.library.tags.styles.taggers import Style

id3: Any = mutagen.id3
mp4: Any = mutagen.mp4
INVOLVED = ("arranger", "producer")
PEOPLE = {"TIPL", "IPLS", "TMCL"}
INTEGERS = {"tmpo", "rtng", "\xa9mvi", "\xa9mvc"}
SOUND_CHECK = " 000003E8 000007D0" + 8 * " 00002710"
OLD_NAMES = """
TIT2=TT2 TSOT=TST TPE1=TP1 TSOP=TSP TALB=TAL TSOA=TSA TPE2=TP2 TSO2=TS2 TCOM=TCM TSOC=TSC
TRCK=TRK TPOS=TPA TYER=TYE TCON=TCO TCMP=TCP TBPM=TBP COMM=COM GRP1=GP1 TIT1=TT1 MVNM=MVN MVIN=MVI
"""
V22_NAMES = dict(pair.split("=") for pair in OLD_NAMES.split())


def write(path: Path, track: Track, style: Style) -> None:
    values = native(track, style)
    if style.version == 2:
        path.write_bytes(_version_2_2(values) + SAMPLES[style.suffix].read_bytes())
        return
    audio: Any = mutagen.File(make_audio(path))
    if audio.tags is None:
        audio.add_tags()
    if style.family == taggers.ID3:
        _write_id3(audio, values, style)
        return
    for name, texts in values.items():
        if style.family == taggers.MP4:
            _write_mp4(audio.tags, name, texts)
        else:
            audio.tags[name] = texts
    audio.save()


def native(track: Track, style: Style) -> dict[str, list[str]]:
    """The values to write, by the tagger's names."""
    found: dict[str, list[str]] = {}
    for field, name in style.names.items():
        if texts := values_of(field, track, style):
            found.setdefault(name, []).extend(texts)
    return found


def values_of(field: str, track: Track, style: Style) -> list[str]:
    """The texts that a tagger of this style writes for a field."""
    if field in {"artist", "artist_sort", "composer", "composer_sort"}:
        return _of_names(field, track, style)
    if field in {*INVOLVED, "performer"}:
        return [*_people(field, track, style)]
    if field in {"track", "disc", "movement_number"}:
        return [_number(field, track, style)] if getattr(track, field) else []
    is_single = style.tagger in {"itunes", "eac"}  # they have one field for the genre
    made = {
        "album_artist_sort": [*track.album_artist_sorts],
        "genre": ["; ".join(track.genres)] if is_single else [*track.genres],
        "mood": [*track.moods],
        "type": [*track.types],
        "label": [*track.labels],
        "compilation": ["1"] if track.compilation else [],
        "advisory": [str(track.advisory)] if track.advisory else [],
        "sound_check": [SOUND_CHECK],
        "musicbrainz_recording": [an_id(track.number)],
        "musicbrainz_track": [an_id(track.number + 10)],
        "musicbrainz_release": [an_id(track.number + 20)],
        "musicbrainz_release_group": [an_id(track.number + 30)],
        "musicbrainz_artists": [*track.artist_ids()],
        "musicbrainz_album_artists": [*track.album_artist_ids()],
        "track_gain": [f"{track.gains[0]:.2f} dB"],
        "track_peak": [f"{track.gains[1]:.6f}"],
        "album_gain": [f"{track.gains[2]:.2f} dB"],
        "album_peak": [f"{track.gains[3]:.6f}"],
    }
    return made[field] if field in made else _plain(field, track, style)


def _plain(field: str, track: Track, style: Style) -> list[str]:
    value = getattr(track, field)
    if isinstance(value, tuple):
        return [*value]
    if value and style.names[field] in {"TYER", "TORY", "ORIGYEAR"}:
        return [value[:4]]
    if style.tagger == "itunes" and field == "date" and len(value) == len("2019-03-08"):
        return [f"{value}T07:00:00Z"]
    return [str(value)] if value else []


def _of_names(field: str, track: Track, style: Style) -> list[str]:
    is_list = style.repeats or style.tagger in {"picard", "beets"}
    if field == "artist":
        return [*track.artists] if style.repeats else [track.artist]
    if field == "artist_sort":
        one = track.artist_sort or track.artist_sorts[0]
        return [*track.artist_sorts] if style.repeats else [one]
    names = track.composers if field == "composer" else track.composer_sorts
    return [*names] if is_list or not names else [", ".join(names)]


def _people(field: str, track: Track, style: Style) -> Iterator[str]:
    name = style.names[field]
    if field == "performer":
        for person, instrument in track.performers:
            if name in PEOPLE:
                yield from (instrument, person)
            elif name == "MUSICIANCREDITS":
                yield f"{instrument}:{person}"
            else:
                yield f"{person} ({instrument})"
        return
    for person in getattr(track, field):
        if name in PEOPLE:
            yield from (field, person)
        else:
            yield f"{field}:{person}" if name == "INVOLVEDPEOPLE" else person


def _number(field: str, track: Track, style: Style) -> str:
    number = str(getattr(track, field))
    if style.family == taggers.MP4:
        number = number.lstrip("AB")
    total = getattr(track, field.replace("_number", "") + "_total")
    is_pair = style.names[field] in {"trkn", "disk"} or (
        style.slashed and field != "movement_number"
    )
    is_pair = is_pair or style.names[field] == "MVIN"
    return f"{number}/{total}" if is_pair else number


def _write_id3(audio: Any, values: dict[str, list[str]], style: Style) -> None:
    for name, texts in values.items():
        for frame in _frames(name, texts, encoding=1 if style.version == 3 else 3):
            audio.tags.add(frame)
    options: dict[str, Any] = {} if style.version == 4 else {"v23_sep": style.joined or None}
    if style.suffix in {".mp3", ".tta"}:
        options["v1"] = 2 if style.has_v1 else 0
    audio.tags.save(audio.filename, v2_version=style.version, **options)


def _frames(name: str, texts: list[str], encoding: int) -> Iterator[Any]:
    kind, _, detail = name.partition(":")
    if kind == "TXXX":
        yield id3.TXXX(encoding=encoding, desc=detail, text=texts)
    elif kind == "UFID":
        yield id3.UFID(owner=detail, data=texts[0].encode("ascii"))
    elif kind == "COMM":
        yield id3.COMM(encoding=encoding, lang="eng", desc=detail, text=texts)
        yield id3.COMM(encoding=0, lang="eng", desc="iTunPGAP", text=["0"])
    elif kind in PEOPLE:
        yield getattr(id3, kind)(
            encoding=encoding, people=[*zip(texts[::2], texts[1::2], strict=True)]
        )
    else:
        yield getattr(id3, kind)(encoding=encoding, text=texts)


def _write_mp4(tags: Any, name: str, texts: list[str]) -> None:
    if name.startswith("----"):
        name = name.replace("----:", "----:com.apple.iTunes:")
        tags[name] = [mp4.MP4FreeForm(text.encode(), mp4.AtomDataType.UTF8) for text in texts]
    elif name in {"trkn", "disk"}:
        number, _, total = texts[0].partition("/")
        tags[name] = [(int(number), int(total))]
    elif name == "cpil":
        tags[name] = texts == ["1"]
    elif name in INTEGERS:
        tags[name] = [int(text) for text in texts]
    else:
        tags[name] = texts


def _version_2_2(values: dict[str, list[str]]) -> bytes:
    """A tag of version 2.2, which mutagen does not write."""
    frames = b""
    for name, texts in values.items():
        kind, _, detail = name.partition(":")
        body = b"\1" + texts[0].encode("utf-16")
        if kind == "COMM":
            body = b"\1eng" + detail.encode("utf-16") + b"\0\0" + texts[0].encode("utf-16")
        old = V22_NAMES[kind].encode("ascii")
        frames += old + struct.pack(">I", len(body))[1:] + body
    size = len(frames)
    return b"ID3\2\0\0" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + frames
