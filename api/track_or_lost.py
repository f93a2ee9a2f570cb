"""Rows of what belongs to a track, or to one that the library does not have any more."""

from collections.abc import Collection
from typing import Any, Protocol

from ninja import Schema
from pydantic import Field

from api.track_schemas import TrackRow
from api.tracks import rows_of_all
from library.models.catalogue import Track
from listening.kinds import among
from listening.models import LostItem


class LostTrackRow(Schema):
    """What is known of a track that the library does not have. As soon as it has it, the row is of
    that track."""

    title: str
    artist: str
    album: str
    duration_s: float | None


class OfTrackOrLost(Schema):
    track: TrackRow | None = Field(description="null if it is lost.")
    lost: LostTrackRow | None = Field(description="null unless the track is lost.")
    is_missing: bool = Field(description="It cannot be played: it is lost, or its file is gone.")


class HasTrackOrLost(Protocol):
    @property
    def track_id(self) -> int | None: ...
    @property
    def lost_id(self) -> int | None: ...


_LOST_FIELDS = tuple(LostTrackRow.model_fields)


class TracksAndLost:
    """The tracks and lost ones that some rows belong to: three queries, however many they are."""

    def __init__(self, rows: Collection[HasTrackOrLost]) -> None:
        ids = [*{row.track_id for row in rows if row.track_id is not None}]
        lost_ids = [*{row.lost_id for row in rows if row.lost_id is not None}]
        self._tracks = {row["id"]: row for row in rows_of_all(ids)} if ids else {}
        gone = Track.objects.filter(among("pk", ids), missing_since__isnull=False).order_by()
        self._gone = {*gone.values_list("pk", flat=True)} if ids else set()
        lost = LostItem.objects.filter(pk__in=lost_ids).order_by().values("pk", *_LOST_FIELDS)
        self._lost = {row.pop("pk"): row for row in lost} if lost_ids else {}

    def of(self, row: HasTrackOrLost) -> dict[str, Any]:
        """The fields of `OfTrackOrLost`."""
        track = self._tracks.get(row.track_id or 0)
        is_missing = track is None or row.track_id in self._gone
        return {"track": track, "lost": self._lost.get(row.lost_id or 0), "is_missing": is_missing}
