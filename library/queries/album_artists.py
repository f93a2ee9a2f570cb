"""Whose albums these are, for lists that link the artists."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Min, QuerySet

from library.models.catalogue import OWN_ROLES, ArtistRole, Track, TrackArtist
from library.queries.albums import album_rows
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value


def rows_with_artists(ids: Sequence[int]) -> list[dict[str, Any]]:
    """The `album_rows` of these albums. Each has its `album_artists` in addition, with `id` and
    `name`: those whom the first track of the album names. None if the album is by various artists
    and its files do not name them as one."""
    rows = album_rows(ids)
    by_album = _artists_of([row["id"] for row in rows if row["album_artist"]])
    for row in rows:
        row["album_artists"] = by_album.get(row["id"], [])
    return rows


def _artists_of(ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    named: dict[int, dict[str, list[dict[str, Any]]]] = {}
    for album_id, role, artist_id, name in _credits.rows(ids_value(ids)) if ids else ():
        roles = named.setdefault(album_id, {})
        roles.setdefault(role, []).append({"id": artist_id, "name": name})
    return {
        album_id: roles.get(ArtistRole.ALBUM_ARTIST) or roles[ArtistRole.ARTIST]
        for album_id, roles in named.items()
    }


def _of_first_tracks() -> QuerySet[Any, Any]:
    tracks = Track.objects.present().filter(IsAmong(F("album"), given())).order_by()
    first = tracks.values("album").annotate(first=Min("pk")).values("first")
    credited = TrackArtist.objects.filter(track__in=first, role__in=OWN_ROLES)
    return credited.order_by("track", "role", "position").values_list(
        "track__album", "role", "artist", "artist__name"
    )


_credits = PreparedQuery(_of_first_tracks)
