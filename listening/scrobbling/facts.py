"""What services are told of a track."""

import re
from collections.abc import Collection
from typing import Any

from library.models.catalogue import Track
from listening.models import LostItem

MOST_CHARACTERS = 1000
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COLUMNS = {
    "title": "title",
    "artist": "artist",
    "album": "album_title",
    "album_artist": "album_artist",
}
_MBIDS = {
    "recording_id": "musicbrainz_recording_id",
    "track_id": "musicbrainz_track_id",
    "release_id": "musicbrainz_release_id",
    "release_group_id": "musicbrainz_release_group_id",
}
_OTHERS = ("pk", "duration_s", "track_number", "musicbrainz_artist_ids")


def facts_of_lost(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The same for tracks that were purged meanwhile."""
    return {
        each.pk: _some(
            title=clean_text(each.title),
            artist=clean_text(each.artist),
            album=clean_text(each.album),
            recording_id=musicbrainz_id(each.musicbrainz_id),
            duration_s=each.duration_s,
        )
        for each in LostItem.objects.filter(pk__in=ids)
    }


def facts_of_tracks(ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """One query. What is empty is left out."""
    rows = Track.objects.filter(pk__in=ids).values(*_COLUMNS.values(), *_MBIDS.values(), *_OTHERS)
    return {row["pk"]: _facts(row) for row in rows}


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: clean_text(row[column]) for name, column in _COLUMNS.items()}
    facts |= {name: musicbrainz_id(row[column]) for name, column in _MBIDS.items()}
    artist_ids = map(musicbrainz_id, row["musicbrainz_artist_ids"])
    facts["artist_ids"] = [each for each in artist_ids if each]
    facts["duration_s"] = round(row["duration_s"], 3)
    facts["track_number"] = row["track_number"]
    return _some(**facts)


def _some(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}


def clean_text(text: str) -> str:
    """Text that every service can read: of a sane length, and Unicode without NUL."""
    valid = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return valid.strip()[:MOST_CHARACTERS]


def musicbrainz_id(text: str) -> str:
    """A MusicBrainz id in its usual form; empty if it is none. Services refuse the whole play for
    an id that is none."""
    lowered = str(text).strip().lower()
    return lowered if _MBID.fullmatch(lowered) else ""
