"""Real audio files for tests: a sample of each format, and tags written in its own vocabulary.

The names of the fields are those of `TrackTags`; the names of the tags are those that MusicBrainz
Picard writes ("Tag mapping" in its documentation), so that tests read what people's files hold.
"""

import base64
import os
import random
import shutil
import struct
import time
import wave
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import mutagen
import mutagen.apev2
import mutagen.asf
import mutagen.flac
import mutagen.id3
import mutagen.mp4

from tests.matroska_files import Matroska, forget_tags

# mutagen says that it is typed, but few of its functions are.
id3: Any = mutagen.id3
ape: Any = mutagen.apev2
asf: Any = mutagen.asf
flac: Any = mutagen.flac
mp4: Any = mutagen.mp4

FOLDER = Path(__file__).parent / "audio"
SUFFIXES = (
    *(".mp3", ".flac", ".ogg", ".oga", ".opus", ".spx", ".m4a", ".m4b", ".mp4", ".aac", ".wav"),
    *(".aiff", ".aifc", ".wma", ".ape", ".wv", ".mpc", ".mp+", ".tta", ".dsf"),
    *(".mp2", ".asf", ".dff", ".mka", ".webm"),
)
SAMPLES: dict[str, Path] = {suffix: FOLDER / f"silence{suffix}" for suffix in SUFFIXES}
SAMPLES[".aif"] = SAMPLES[".aiff"]
ALAC = FOLDER / "silence.alac.m4a"
FILM_WITHOUT_SOUND = FOLDER / "film.mp4"
JPEG: bytes = (FOLDER / "cover.jpg").read_bytes()
PNG: bytes = (FOLDER / "cover.png").read_bytes()

NOISE_RATE_HZ = 48_000
NOISE_SAMPLES = 12_000

ID3, VORBIS, MP4, APE, ASF = range(5)

# Field → name in ID3v2.4, Vorbis comments, MP4, APEv2 and ASF.
VOCABULARIES: dict[str, tuple[str, str, str, str, str]] = {
    "title": ("TIT2", "TITLE", "\xa9nam", "Title", "Title"),
    "artist": ("TPE1", "ARTIST", "\xa9ART", "Artist", "Author"),
    "artists": ("TXXX:Artists", "ARTISTS", "ARTISTS", "Artists", "WM/ARTISTS"),
    "artist_sort_names": ("TSOP", "ARTISTSORT", "soar", "ARTISTSORT", "WM/ArtistSortOrder"),
    "album": ("TALB", "ALBUM", "\xa9alb", "Album", "WM/AlbumTitle"),
    "album_artist": ("TPE2", "ALBUMARTIST", "aART", "Album Artist", "WM/AlbumArtist"),
    "album_artists": (
        *("TXXX:ALBUMARTISTS", "ALBUMARTISTS", "ALBUMARTISTS", "ALBUMARTISTS", "WM/ALBUMARTISTS"),
    ),
    "album_artist_sort_names": (
        *("TSO2", "ALBUMARTISTSORT", "soaa", "ALBUMARTISTSORT", "WM/AlbumArtistSortOrder"),
    ),
    "composer": ("TCOM", "COMPOSER", "\xa9wrt", "Composer", "WM/Composer"),
    "track_number": ("TRCK", "TRACKNUMBER", "trkn", "Track", "WM/TrackNumber"),
    "track_total": ("", "TRACKTOTAL", "", "", "TotalTracks"),
    "disc_number": ("TPOS", "DISCNUMBER", "disk", "Disc", "WM/PartOfSet"),
    "disc_total": ("", "DISCTOTAL", "", "", "TotalDiscs"),
    "date": ("TDRC", "DATE", "\xa9day", "Year", "WM/Year"),
    "genre": ("TCON", "GENRE", "\xa9gen", "Genre", "WM/Genre"),
    "compilation": ("TCMP", "COMPILATION", "cpil", "Compilation", "WM/IsCompilation"),
    "original_date": (
        *("TDOR", "ORIGINALDATE", "ORIGINALDATE", "ORIGINALDATE", "WM/OriginalReleaseTime"),
    ),
    "disc_subtitle": ("TSST", "DISCSUBTITLE", "DISCSUBTITLE", "DiscSubtitle", "WM/SetSubTitle"),
    "release_types": (
        *("TXXX:MusicBrainz Album Type", "RELEASETYPE", "MusicBrainz Album Type"),
        *("MUSICBRAINZ_ALBUMTYPE", "MusicBrainz/Album Type"),
    ),
    "labels": ("TPUB", "LABEL", "LABEL", "LABEL", "WM/Publisher"),
    "catalogue_number": (
        *("TXXX:CATALOGNUMBER", "CATALOGNUMBER", "CATALOGNUMBER", "CATALOGNUMBER"),
        "WM/CatalogNo",
    ),
    "edition": ("TXXX:ALBUMVERSION", *("ALBUMVERSION",) * 4),
    "work": ("TXXX:WORK", "WORK", "\xa9wrk", "WORK", "WORK"),
    "movement": ("MVNM", "MOVEMENTNAME", "\xa9mvn", "MOVEMENTNAME", "MOVEMENTNAME"),
    "movement_number": ("MVIN", "MOVEMENT", "", "MOVEMENT", "MOVEMENT"),
    "musicbrainz_release_group_id": (
        *("TXXX:MusicBrainz Release Group Id", "MUSICBRAINZ_RELEASEGROUPID"),
        *("MusicBrainz Release Group Id", "MUSICBRAINZ_RELEASEGROUPID"),
        "MusicBrainz/Release Group Id",
    ),
    "musicbrainz_recording_id": (
        *("UFID:http://musicbrainz.org", "MUSICBRAINZ_TRACKID", "MusicBrainz Track Id"),
        *("MUSICBRAINZ_TRACKID", "MusicBrainz/Track Id"),
    ),
    "musicbrainz_release_id": (
        *("TXXX:MusicBrainz Album Id", "MUSICBRAINZ_ALBUMID", "MusicBrainz Album Id"),
        *("MUSICBRAINZ_ALBUMID", "MusicBrainz/Album Id"),
    ),
    "musicbrainz_artist_ids": (
        *("TXXX:MusicBrainz Artist Id", "MUSICBRAINZ_ARTISTID", "MusicBrainz Artist Id"),
        *("MUSICBRAINZ_ARTISTID", "MusicBrainz/Artist Id"),
    ),
    "musicbrainz_album_artist_ids": (
        *("TXXX:MusicBrainz Album Artist Id", "MUSICBRAINZ_ALBUMARTISTID"),
        *("MusicBrainz Album Artist Id", "MUSICBRAINZ_ALBUMARTISTID"),
        "MusicBrainz/Album Artist Id",
    ),
    **{
        f"replaygain_{scope}_{kind}": (
            f"TXXX:REPLAYGAIN_{scope}_{kind}".upper(),
            *(f"REPLAYGAIN_{scope}_{kind}".upper(), f"replaygain_{scope}_{kind}"),
            *(f"REPLAYGAIN_{scope}_{kind}".upper(), f"replaygain_{scope}_{kind}"),
        )
        for scope in ("track", "album")
        for kind in ("gain", "peak")
    },
}
PAIRS = {"track_total": "track_number", "disc_total": "disc_number"}
ALIASES = {
    "year": "date",
    "composers": "composer",
    "replaygain_track_gain_db": "replaygain_track_gain",
    "replaygain_album_gain_db": "replaygain_album_gain",
}
FALLBACKS = {"artists": "artist", "album_artists": "album_artist"}


def make_audio(
    path: Path | str, *, age_seconds: float = 60, cover: bytes | None = None, **tags: object
) -> Path:
    """A sample copied to `path`, whose suffix says the format, with `tags` and `cover` in it.

    `path` may be a name that is no UTF-8, as `os.fsdecode` gives it. Its modification time is
    `age_seconds` ago.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    forget_tags(path)
    shutil.copyfile(SAMPLES[path.suffix.lower()], path)
    if tags or cover is not None:
        retag(path, cover=cover, **tags)
    then = time.time() - age_seconds
    os.utime(path, (then, then))
    return path


def make_noise(path: Path, number: int, **tags: Any) -> Path:
    """A WAV file with a sound of its own for each number, all equally long, written long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(NOISE_RATE_HZ)
        file.writeframes(random.Random(number).randbytes(2 * NOISE_SAMPLES))
    if tags:
        retag(path, **tags)
    then = time.time() - 60 - number
    os.utime(path, (then, then))
    return path


def retag(path: Path | str, *, cover: bytes | None = None, **tags: object) -> None:
    """Writes `tags` into the file in place; those not named stay, None takes one away."""
    own = _WRITERS.get(Path(path).suffix.lower())
    audio: Any = own(path) if own else mutagen.File(path)
    if audio.tags is None:
        audio.add_tags()
    column, write = _vocabulary(audio)
    for name, values in _native(tags, column).items():
        write(audio.tags, name, values)
    if cover is not None:
        _embed(audio, cover)
    audio.save()


def jpeg(n: int) -> bytes:
    """A picture that differs from that of any other `n` in its bytes: `JPEG` with a comment."""
    comment = str(n).encode()
    return JPEG[:2] + struct.pack(">HH", 0xFFFE, 2 + len(comment)) + comment + JPEG[2:]


class _Adts:
    """The ID3 tags at the front of an ADTS file: players look for them there, mutagen does not."""

    def __init__(self, path: Path | str) -> None:
        self.path = path
        try:
            self.tags = id3.ID3(path)
        except id3.ID3NoHeaderError:
            self.tags = id3.ID3()

    def save(self) -> None:
        self.tags.save(self.path)


_WRITERS: dict[str, Callable[[Path | str], Any]] = {
    ".aac": _Adts,
    ".mka": Matroska,
    ".webm": Matroska,
}
Write = Callable[[Any, str, list[str]], None]


def _vocabulary(audio: Any) -> tuple[int, Write]:
    if isinstance(audio, mp4.MP4):
        return MP4, _write_mp4
    if isinstance(audio, ape.APEv2File):
        return APE, _write_plain
    if isinstance(audio, asf.ASF):
        return ASF, _write_plain
    if isinstance(audio, flac.FLAC | Matroska) or type(audio).__name__.startswith("Ogg"):
        return VORBIS, _write_plain
    return ID3, _write_id3


def _native(tags: Mapping[str, object], column: int) -> dict[str, list[str]]:
    """The names of one vocabulary with their values as text; none where a tag is to go."""
    fields = {ALIASES.get(field, field): _texts(value) for field, value in tags.items()}
    for names, credit in FALLBACKS.items():
        if names in fields and credit not in fields:
            fields[credit] = fields.pop(names)
    for total, number in PAIRS.items():
        if total in fields and not VOCABULARIES[total][column]:
            of = "/".join([*fields.get(number, ["0"]), *fields.pop(total)])
            fields[number] = [of]
    return {VOCABULARIES[field][column]: values for field, values in fields.items()}


def _texts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        return [str(int(value))]
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [str(each) for each in value]
    return [str(value)]


def _write_plain(tags: Any, name: str, values: list[str]) -> None:
    if values:
        tags[name] = values
    elif name in tags:
        del tags[name]


def _write_id3(tags: Any, name: str, values: list[str]) -> None:
    kind, _, detail = name.partition(":")
    tags.delall(name)
    if not values:
        return
    if kind == "TXXX":
        tags.add(id3.TXXX(encoding=3, desc=detail, text=values))
    elif kind == "UFID":
        tags.add(id3.UFID(owner=detail, data=values[0].encode("ascii")))
    else:
        tags.add(getattr(id3, kind)(encoding=3, text=values))


def _write_mp4(tags: Any, name: str, values: list[str]) -> None:
    if len(name) > len("cpil"):
        name = f"----:com.apple.iTunes:{name}"
    written: Any = values
    if name in {"trkn", "disk"}:
        number, _, total = "".join(values).partition("/")
        written = [(int(number), int(total or 0))] if number else []
    elif name == "cpil":
        written = bool(values) and values[0] == "1"
    elif name.startswith("----"):
        written = [mp4.MP4FreeForm(value.encode(), mp4.AtomDataType.UTF8) for value in values]
    _write_plain(tags, name, written)


def _embed(audio: Any, cover: bytes) -> None:
    mime = "image/png" if cover.startswith(b"\x89PNG") else "image/jpeg"
    column, _ = _vocabulary(audio)
    if isinstance(audio, Matroska):
        audio.cover = (mime, cover)
    elif column == ID3:
        audio.tags.delall("APIC")
        audio.tags.add(id3.APIC(encoding=3, mime=mime, type=3, desc="", data=cover))
    elif isinstance(audio, flac.FLAC):
        audio.clear_pictures()
        audio.add_picture(_picture_block(cover, mime))
    elif column == VORBIS:
        block = _picture_block(cover, mime).write()
        audio.tags["METADATA_BLOCK_PICTURE"] = [base64.b64encode(block).decode("ascii")]
    elif column == MP4:
        kind = mp4.MP4Cover.FORMAT_PNG if mime == "image/png" else mp4.MP4Cover.FORMAT_JPEG
        audio.tags["covr"] = [mp4.MP4Cover(cover, kind)]
    elif column == APE:
        audio.tags["Cover Art (Front)"] = ape.APEBinaryValue(b"cover.jpg\0" + cover)
    else:
        head = struct.pack("<BI", 3, len(cover)) + f"{mime}\0\0".encode("utf-16-le")
        audio.tags["WM/Picture"] = [asf.ASFByteArrayAttribute(data=head + cover)]


def _picture_block(cover: bytes, mime: str) -> Any:
    picture = flac.Picture()
    picture.type, picture.mime, picture.data = 3, mime, cover
    return picture
