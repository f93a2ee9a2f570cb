"""Lists of the tracks that scans joined, for administrators."""

from collections.abc import Sequence
from typing import NamedTuple

from library.models.catalogue import Track
from library.models.joins import Join, JoinQuerySet
from library.models.paths import path_of_file
from library.queries.tombstones import living_ids


class JoinedTracks(NamedTuple):
    """A join, and what became of its tracks. `track` is the one that they are today, after it may
    have been joined with others; None if it was purged."""

    join: Join
    track: Track | None

    @property
    def title(self) -> str:
        """Of the track today, else of the lost file."""
        return self.track.title if self.track else self.join.lost_title

    @property
    def artist(self) -> str:
        return self.track.artist if self.track else self.join.lost_artist

    @property
    def replaced_path(self) -> str:
        """Where the file was that `track` has now, when the two were joined."""
        return path_of_file(self.join.replaced_path)


def joins_of(scan_id: int | None = None) -> JoinQuerySet:
    """The joins of a scan, else all; the latest first."""
    joins = Join.objects.order_by("-pk")
    return joins if scan_id is None else joins.filter(scan=scan_id)


def with_tracks(joins: Sequence[Join]) -> list[JoinedTracks]:
    """These joins with their tracks, by a fixed number of queries."""
    columns = Track.objects.only("root", "path", "title", "artist")
    ids = {join.track_id for join in joins}
    tracks = columns.in_bulk(ids)
    living = living_ids(Track, ids - tracks.keys())
    others = columns.in_bulk(set(living.values()) - tracks.keys()) if living else {}
    tracks |= others
    return [
        JoinedTracks(join, tracks.get(join.track_id) or tracks.get(living.get(join.track_id, 0)))
        for join in joins
    ]
