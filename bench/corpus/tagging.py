"""Writes what is planned for a track into its bytes, as the usual taggers do for each format."""

# mutagen has types for half of itself, and strict checking trips over the other half.
# mypy: allow-untyped-calls

import base64
import io
import random
from collections.abc import Callable, Iterator

from mutagen import id3
from mutagen.flac import FLAC, Picture
from mutagen.mp4 import MP4, MP4Cover, MP4FreeForm
from mutagen.oggopus import OggOpus
from mutagen.oggvorbis import OggVorbis

from bench.corpus.plan import TrackPlan

V23_SHARE = 0.5
V1_SHARE = 0.4
UTF16, UTF8 = 1, 3  # ID3 names of encodings; UTF-8 is not in version 2.3

ID3_FRAMES = {
    "artistsort": id3.TSOP,
    "albumartistsort": id3.TSO2,
    "originaldate": id3.TDOR,
    "composer": id3.TCOM,
    "label": id3.TPUB,
    "media": id3.TMED,
}
ID3_THOROUGH = {
    "genre": id3.TCON,
    "titlesort": id3.TSOT,
    "albumsort": id3.TSOA,
    "composersort": id3.TSOC,
    "conductor": id3.TPE3,
    "lyricist": id3.TEXT,
    "remixer": id3.TPE4,
    "label": id3.TPUB,
    "date": id3.TDRC,
    "isrc": id3.TSRC,
    "bpm": id3.TBPM,
    "mood": id3.TMOO,
    "grouping": id3.TIT1,
}
MP4_THOROUGH = {
    "genre": "©gen",
    "titlesort": "sonm",
    "albumsort": "soal",
    "composersort": "soco",
    "date": "©day",
    "grouping": "©grp",
    "comment": "©cmt",
    "lyrics": "©lyr",
}
DESCRIPTIONS = {
    "musicbrainz_trackid": "MusicBrainz Track Id",
    "musicbrainz_releasetrackid": "MusicBrainz Release Track Id",
    "musicbrainz_artistid": "MusicBrainz Artist Id",
    "musicbrainz_albumartistid": "MusicBrainz Album Artist Id",
    "musicbrainz_albumid": "MusicBrainz Album Id",
    "musicbrainz_releasegroupid": "MusicBrainz Release Group Id",
}


def write_tags(
    body: bytes, suffix: str, track: TrackPlan, cover: bytes | None, rng: random.Random
) -> bytes:
    """`body` with the track's tags, and the cover where one is given."""
    file = io.BytesIO(body)
    WRITERS[suffix](file, track, cover, rng)
    return file.getvalue()


def _write_mp3(file: io.BytesIO, track: TrackPlan, cover: bytes | None, rng: random.Random) -> None:
    tags = id3.ID3()
    version = 3 if rng.random() < V23_SHARE else 4
    for frame in _id3_frames(track, UTF16 if version == 3 else UTF8):
        tags.add(frame)
    if cover:
        tags.add(id3.APIC(encoding=0, mime="image/jpeg", type=3, desc="", data=cover))
    if version == 3:
        tags.update_to_v23()
    tags.save(file, v1=2 if rng.random() < V1_SHARE else 0, v2_version=version)


def _id3_frames(track: TrackPlan, encoding: int) -> list[id3.Frame]:
    frames: list[id3.Frame] = [
        frame(encoding=encoding, text=text)
        for frame, text in (
            (id3.TIT2, [track.title]),
            (id3.TPE1, list(track.artists)),
            (id3.TPE2, [track.album_artist]),
            (id3.TALB, [track.album]),
            (id3.TCON, [track.genre]),
            (id3.TDRC, [track.date]),
            (id3.TRCK, [f"{track.track_number}/{track.track_total}"]),
            (id3.TPOS, [f"{track.disc_number}/{track.disc_total}"]),
        )
    ]
    if track.is_compilation:
        frames.append(id3.TCMP(encoding=encoding, text=["1"]))
    for name, value in track.picard.items():
        if name == "musicbrainz_trackid":
            frames.append(id3.UFID(owner="http://musicbrainz.org", data=value.encode()))
        elif name in ID3_FRAMES:
            frames.append(ID3_FRAMES[name](encoding=encoding, text=[value]))
        else:
            frames.append(
                id3.TXXX(encoding=encoding, desc=DESCRIPTIONS.get(name, name), text=[value])
            )
    frames += _id3_thorough(track.thorough, encoding)
    return frames


def _id3_thorough(fields: dict[str, tuple[str, ...]], encoding: int) -> Iterator[id3.Frame]:
    """They take the place of plainer frames of the same kind."""
    people: list[list[str]] = []
    for name, values in fields.items():
        if name in ID3_THOROUGH:
            # Version 2.3 knows no several values: taggers write them as one text.
            texts = ["; ".join(values)] if encoding == UTF16 else list(values)
            yield ID3_THOROUGH[name](encoding=encoding, text=texts)
        elif name in {"arranger", "producer"}:
            people += [[name, value] for value in values]
        elif name == "performer":
            played = [value.removesuffix(")").split(" (") for value in values]
            yield id3.TMCL(encoding=encoding, people=[[part, who] for who, part in played])
        elif name == "comment":
            yield id3.COMM(encoding=encoding, lang="eng", desc="", text=list(values))
        elif name == "lyrics":
            yield id3.USLT(encoding=encoding, lang="eng", desc="", text=values[0])
        else:
            yield id3.TXXX(encoding=encoding, desc=name.upper(), text=list(values))
    if people:
        yield id3.TIPL(encoding=encoding, people=people)


def _comments(track: TrackPlan) -> dict[str, str | list[str]]:
    """Vorbis comments, as FLAC, Vorbis and Opus have them."""
    comments: dict[str, str | list[str]] = {
        "title": track.title,
        "artist": list(track.artists),
        "albumartist": track.album_artist,
        "album": track.album,
        "genre": track.genre,
        "date": track.date,
        "tracknumber": str(track.track_number),
        "tracktotal": str(track.track_total),
        "discnumber": str(track.disc_number),
        "disctotal": str(track.disc_total),
        **track.picard,
        **{name: list(values) for name, values in track.thorough.items()},
    }
    if track.is_compilation:
        comments["compilation"] = "1"
    return comments


def _picture(cover: bytes) -> Picture:
    picture = Picture()
    picture.type, picture.mime, picture.data = 3, "image/jpeg", cover
    picture.width = picture.height = 600
    picture.depth = 24
    return picture


def _write_flac(file: io.BytesIO, track: TrackPlan, cover: bytes | None, _: random.Random) -> None:
    audio = FLAC(file)
    audio.update(_comments(track))
    if cover:
        audio.add_picture(_picture(cover))
    file.seek(0)
    audio.save(file)


def _write_ogg(
    kind: type[OggVorbis] | type[OggOpus], file: io.BytesIO, track: TrackPlan, cover: bytes | None
) -> None:
    audio = kind(file)
    audio.update(_comments(track))
    if cover:
        audio["metadata_block_picture"] = base64.b64encode(_picture(cover).write()).decode()
    file.seek(0)
    audio.save(file)


def _write_m4a(file: io.BytesIO, track: TrackPlan, cover: bytes | None, _: random.Random) -> None:
    audio = MP4(file)
    audio.update(
        {
            "©nam": [track.title],
            "©ART": list(track.artists),
            "aART": [track.album_artist],
            "©alb": [track.album],
            "©gen": [track.genre],
            "©day": [track.date],
            "trkn": [(track.track_number, track.track_total)],
            "disk": [(track.disc_number, track.disc_total)],
            "cpil": track.is_compilation,
        }
    )
    for name, value in track.picard.items():
        if name in track.thorough:
            continue
        key = f"----:com.apple.iTunes:{DESCRIPTIONS.get(name, name)}"
        audio[key] = [MP4FreeForm(value.encode())]
    for name, values in track.thorough.items():
        if name == "bpm":
            audio["tmpo"] = [int(value) for value in values]
        elif name in MP4_THOROUGH:
            audio[MP4_THOROUGH[name]] = list(values)
        else:
            key = f"----:com.apple.iTunes:{name.upper()}"
            audio[key] = [MP4FreeForm(value.encode()) for value in values]
    if cover:
        audio["covr"] = [MP4Cover(cover, MP4Cover.FORMAT_JPEG)]
    file.seek(0)
    audio.save(file)


WRITERS: dict[str, Callable[[io.BytesIO, TrackPlan, bytes | None, random.Random], None]] = {
    "mp3": _write_mp3,
    "flac": _write_flac,
    "m4a": _write_m4a,
    "ogg": lambda file, track, cover, _: _write_ogg(OggVorbis, file, track, cover),
    "opus": lambda file, track, cover, _: _write_ogg(OggOpus, file, track, cover),
}
