"""Songs: the `Child` of the protocol, made of tracks."""

import os
from collections import namedtuple
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from library.media.types import media_type_of
from library.models.catalogue import ArtistRole
from library.queries.credits import Credited, credits_of
from library.queries.tracks import track_rows
from library.tags import UNKNOWN_ARTIST
from opensubsonic.call import Call
from opensubsonic.cover_ids import cover_art
from opensubsonic.dates import moment
from opensubsonic.ids import id_of
from opensubsonic.objects.folders import folder_album_title
from opensubsonic.objects.kept_objects import KeptObjects
from opensubsonic.objects.own import add_average_ratings, add_bookmarks, own_fields
from opensubsonic.objects.texts import as_text

Song = dict[str, Any]

_COLUMNS = (
    *("id", "title", "title_sort", "artist", "album_title", "album_artist", "composer", "comment"),
    *("album", "album__album_artist", "album__cover_id", "album__cover_track_id"),
    *("folder", "folder__name", "path", "size_bytes", "codec", "added_at"),
    *("track_number", "disc_number", "year", "genre", "genres", "moods", "isrc", "bpm"),
    *("grouping", "work", "movement", "movement_number", "movement_total", "explicit_status"),
    *("duration_s", "bitrate_kbps", "sample_rate_hz", "bit_depth", "channels"),
    *("cover_id", "musicbrainz_recording_id"),
    *("replaygain_track_gain_db", "replaygain_track_peak"),
    *("replaygain_album_gain_db", "replaygain_album_peak"),
)
_GAINS = {
    "trackGain": "replaygain_track_gain_db",
    "trackPeak": "replaygain_track_peak",
    "albumGain": "replaygain_album_gain_db",
    "albumPeak": "replaygain_album_peak",
}
_ARTIST, _ALBUM_ARTIST = ArtistRole.ARTIST.value, ArtistRole.ALBUM_ARTIST.value
_Row: Any = namedtuple("_Row", [*_COLUMNS])  # type: ignore[misc]  # named once, above


def songs(call: Call, track_ids: Sequence[int]) -> list[Song]:
    """The present tracks with these ids, in their order. The number of queries is fixed."""
    if not track_ids:
        return []
    same = kept_songs.of_ids(track_ids)
    own = own_song_fields(call.user_id, same)
    for pk, fields in own.items():
        same[pk].update(fields)
    return [same[pk] for pk in track_ids if pk in same]


def own_song_fields(user_id: int, track_ids: Sequence[int] | Mapping[int, Any]) -> dict[int, Song]:
    """The fields that depend on the user, of each of these tracks."""
    own = own_fields(user_id, "track", [*track_ids])
    add_average_ratings(own, "track")
    add_bookmarks(own, user_id)
    return own


def songs_for_all(track_ids: Sequence[int]) -> dict[int, Song]:
    """The songs by the tracks' ids, without the fields that depend on the user."""
    rows = track_rows(track_ids, _COLUMNS, only_present=True)
    credited = credits_of([row[0] for row in rows])
    return {row[0]: _song(_Row._make(row), credited) for row in rows}


kept_songs = KeptObjects(songs_for_all)


def _song(track: Any, credited: Mapping[int, list[Credited]]) -> Song:
    song: Song = {"id": id_of("track", track.id)}
    if track.folder:
        song["parent"] = id_of("folder", track.folder)
    song["isDir"] = False
    song["title"] = track.title
    for part in (_album, _numbers, _cover, _file, _tags):
        song.update(part(track))
    song.update(_artists(track, credited.get(track.id, [])))
    return song


def _album(track: Any) -> Song:
    """Files without an album are on one of their folder, whose id is the folder's."""
    if track.album:
        return {"album": track.album_title, "albumId": id_of("album", track.album)}
    if track.folder:
        title = folder_album_title(track.folder__name)
        return {"album": title, "albumId": id_of("folder", track.folder)}
    return {"album": track.album_title}


def _numbers(track: Any) -> Song:
    values = {
        "track": track.track_number,
        "discNumber": track.disc_number,
        "year": track.year,
        "genre": track.genre or None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _cover(track: Any) -> dict[str, str]:
    """All songs that have the album's picture name the same one."""
    has_albums = track.cover_id == track.album__cover_id and track.album__cover_track_id
    return cover_art(
        "track", track.album__cover_track_id if has_albums else track.id, track.cover_id
    )


def _file(track: Any) -> Song:
    suffix, content_type = _kind_of_file(os.path.splitext(track.path)[1], track.codec)
    return {
        "size": track.size_bytes,
        "contentType": content_type,
        "suffix": suffix,
        "duration": duration(track.duration_s),
        **({"bitRate": track.bitrate_kbps} if track.bitrate_kbps else {}),
        "bitDepth": track.bit_depth,
        "samplingRate": track.sample_rate_hz,
        "channelCount": track.channels,
        "path": as_text(track.path),
        "isVideo": False,
        "created": moment(track.added_at),
        "type": "music",
        "mediaType": "song",
    }


@lru_cache(maxsize=256)
def _kind_of_file(ending: str, codec: str) -> tuple[str, str]:
    """The suffix without its dot, and the content type."""
    suffix = ending[1:].lower()
    return as_text(suffix), media_type_of(f"_.{suffix}", codec).partition(";")[0]


def duration(duration_s: float) -> int:
    """In whole seconds, and not 0 where there is sound."""
    return max(round(duration_s), 1) if duration_s > 0 else 0


def _tags(track: Any) -> Song:
    return {
        "bpm": round(track.bpm or 0),
        "comment": track.comment,
        "sortName": track.title_sort,
        "musicBrainzId": track.musicbrainz_recording_id,
        "isrc": [*track.isrc],
        "genres": [{"name": name} for name in track.genres],
        "moods": [*track.moods],
        "groupings": [track.grouping] if track.grouping else [],
        "works": [{"name": track.work}] if track.work else [],
        "movements": _movements(track),
        "explicitStatus": track.explicit_status,
        "replayGain": {
            name: value
            for name, column in _GAINS.items()
            if (value := getattr(track, column)) is not None
        },
    }


def _movements(track: Any) -> list[Song]:
    if not track.movement:
        return []
    numbers = {"number": track.movement_number, "count": track.movement_total}
    return [{"name": track.movement, **{name: each for name, each in numbers.items() if each}}]


def _artists(track: Any, credits_: list[Credited]) -> Song:
    """A track without an album artist has its artists as such: clients sort by these."""
    artists: list[Song] = []
    album_artists: list[Song] = []
    contributors: list[Song] = []
    for credit in credits_:
        named = {"id": id_of("artist", credit.artist_id), "name": credit.name}
        if credit.role == _ARTIST:
            artists.append(named)
        elif credit.role == _ALBUM_ARTIST:
            album_artists.append(named)
        else:
            sub_role = {"subRole": credit.instrument} if credit.instrument else {}
            contributors.append({"role": credit.role, **sub_role, "artist": named})
    album_artists = album_artists or artists
    first = next(iter(artists or album_artists), None)
    artist = track.artist or UNKNOWN_ARTIST
    return {
        "artist": artist,
        **({"artistId": first["id"]} if first else {}),
        "artists": artists,
        "displayArtist": artist,
        "albumArtists": album_artists,
        "displayAlbumArtist": track.album_artist or track.album__album_artist or artist,
        "contributors": contributors,
        "displayComposer": track.composer,
    }
