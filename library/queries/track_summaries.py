"""What only the tracks of an album tell; and the tracks of a folder that are on no album, which are
taken together as an album of the folder."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Min, QuerySet, Sum

from library.models.catalogue import Track
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value


class Told(NamedTuple):
    """`explicit_status`: `explicit` if a track of the album is; `clean` if one is, and none is
    explicit."""

    moods: tuple[str, ...] = ()
    explicit_status: str = ""


class FolderAlbum(NamedTuple):
    """The present tracks of a folder that are on no album. `year`: the latest."""

    folder_id: int
    track_count: int
    duration_s: float
    first_added_at: datetime
    year: int | None


def told_by_tracks(album_ids: Iterable[int]) -> dict[int, Told]:
    """Of each of these albums whose tracks have moods or an explicit status. One query."""
    moods: dict[int, dict[str, None]] = {}
    statuses: dict[int, set[str]] = {}
    for album_id, names, status in _told.rows(ids_value([*album_ids])):
        moods.setdefault(album_id, {}).update(dict.fromkeys(names))
        statuses.setdefault(album_id, set()).add(status)
    return {
        pk: Told((*found,), max(statuses[pk], key=_WEIGHT.index)) for pk, found in moods.items()
    }


def folder_albums(folder_ids: Iterable[int]) -> dict[int, FolderAlbum]:
    """Of each of these folders that has tracks without an album. One query."""
    rows = _of_folders.rows(ids_value([*folder_ids]))
    return {row[0]: FolderAlbum(*row) for row in rows}


def ids_on_album(album_id: int) -> list[int]:
    """The present tracks of the album, by disc and number, then title."""
    tracks = Track.objects.present().filter(album=album_id)
    return _in_order(tracks)


def ids_on_no_album(folder_id: int) -> list[int]:
    """The present tracks of the folder that are on no album, in the same order."""
    tracks = Track.objects.present().filter(folder=folder_id, album=None)
    return _in_order(tracks)


_WEIGHT = ("", "clean", "explicit")
_ORDER = (
    F("disc_number").asc(nulls_first=True),
    F("track_number").asc(nulls_first=True),
    "title_key",
    "pk",
)


def _in_order(tracks: QuerySet[Track]) -> list[int]:
    return [*tracks.order_by(*_ORDER).values_list("pk", flat=True)]


def _telling() -> QuerySet[Any, Any]:
    tracks = Track.objects.present().filter(IsAmong(F("album"), given()))
    told = tracks.exclude(moods=[], explicit_status="").order_by("album", "pk")
    return told.values_list("album", "moods", "explicit_status")


def _on_no_album() -> QuerySet[Any, Any]:
    tracks = Track.objects.present().filter(IsAmong(F("folder"), given()), album=None)
    grouped = tracks.order_by().values("folder")
    summed = grouped.annotate(
        count=Count("pk"), length_s=Sum("duration_s"), first=Min("added_at"), latest=Max("year")
    )
    found: QuerySet[Any, Any] = summed.values_list("folder", "count", "length_s", "first", "latest")
    return found


_told = PreparedQuery(_telling)
_of_folders = PreparedQuery(_on_no_album)
