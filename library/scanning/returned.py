"""Lost originals that come back.

A scan joined two tracks, because the file of one was gone and the other was a copy of it (see
`library.models.joins`). If that file comes back after all, it is the second track again: the id
that went lives again with it. What people made stays with the id that went on living.

`ids_of` only reads the database and is called before a transaction, `bring_back` inside it.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from os.path import basename
from typing import NamedTuple

from django.utils import timezone

from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.models.joins import Ended, Join
from library.models.paths import path_from_text
from library.models.tombstones import Tombstone
from library.scanning.lookup import rows_among
from library.scanning.upsert import Update
from library.tags import ReadFile, TrackTags

_COLUMNS = (
    *("track_id", "replaced_id", "audio_digest", "lost_root", "lost_path", "lost_mtime_ns"),
    *("lost_size_bytes", "replaced_root", "replaced_path"),
)
_AS_BEFORE = Update(Track, ("added_at", "added_by_scan", "album_by_hand"))


Version = tuple[str, int, int]
"""The name of a file, its size and its modification time."""


class _Lost(NamedTuple):
    """A join that has not ended. `living`: the version of the file that goes on living."""

    track_id: int
    replaced_id: int
    digest: str
    root: str
    path: str
    mtime_ns: int
    size_bytes: int
    replaced_root: str
    replaced_path: str
    living: Version | None = None

    def decoded(self) -> "_Lost":
        """With paths as `os` functions take them, from their form in the database."""
        return self._replace(
            root=path_from_text(self.root),
            path=path_from_text(self.path),
            replaced_root=path_from_text(self.replaced_root),
            replaced_path=path_from_text(self.replaced_path),
        )

    def likeness(self, found: FoundFile, read: ReadFile) -> int | None:
        """How well the file fits, 0 being the best: it is where the lost file was, or where the
        file was that the joined track took over; or it has the name, size and time of the lost
        one, and the file that goes on living has not: else it may be a copy of that. None if it
        does not fit."""
        if (found.root, found.path) == (self.root, self.path):
            return 0
        if (found.root, found.path) == (self.replaced_root, self.replaced_path):
            return 1
        version = (basename(found.path), read.size_bytes, read.mtime_ns)
        lost = (basename(self.path), self.size_bytes, self.mtime_ns)
        return 2 if version == lost != self.living else None


def ids_of(files: Sequence[tuple[FoundFile, ReadFile, TrackTags]]) -> list[int | None]:
    """For each new file, the id that lives again with it; None for a file that is really new.

    Call this for files that are no known track. Store each as a track with that id; then call
    `bring_back`, in the same transaction. No id is given twice, whatever the order of the files.
    """
    lost = _lost_by_digest({tags.audio_digest for _, _, tags in files} - {""})
    claims = sorted(
        (likeness, -index_of_join, found.root, found.path, index, join.replaced_id)
        for index, (found, read, tags) in enumerate(files)
        for index_of_join, join in enumerate(lost.get(tags.audio_digest, ()))
        if (likeness := join.likeness(found, read)) is not None
    )
    ids: list[int | None] = [None] * len(files)
    taken: set[int] = set()
    for *_, index, replaced_id in claims:
        if ids[index] is None and replaced_id not in taken:
            ids[index] = replaced_id
            taken.add(replaced_id)
    return ids


def bring_back(track_ids: Collection[int], now: datetime | None = None) -> None:
    """Tracks were stored with ids that `ids_of` gave, in the caller's transaction: end their joins,
    and give the tracks back when they were added, and what a person joined them with.

    Of ids that are no part of a join nothing changes. May be called again after a commit whose
    answer was lost.
    """
    columns = (
        *("id", "replaced_id", "replaced_added_at", "replaced_added_by_scan"),
        "replaced_album_by_hand",
    )
    rows = rows_among(Join, columns, "replaced_id", track_ids, " AND ended_at IS NULL")
    if not rows:
        return
    _AS_BEFORE.execute([(*before, pk) for _, pk, *before in sorted(rows)])
    ended = Join.objects.filter(pk__in=[row[0] for row in rows])
    ended.update(ended_at=now or timezone.now(), ended_by=Ended.BY_FILE)
    Tombstone.objects.lift(Track, [row[1] for row in rows])


def _lost_by_digest(digests: Collection[str]) -> dict[str, list[_Lost]]:
    """The live joins with these digests whose second id no track has, in the order of joins."""
    condition = " AND ended_at IS NULL ORDER BY id"
    rows = rows_among(Join, _COLUMNS, "audio_digest", digests, condition) if digests else []
    joins = [_Lost(*row) for row in rows]
    ids = {pk for join in joins for pk in (join.track_id, join.replaced_id)}
    living = {
        pk: (basename(path_from_text(path)), size_bytes, mtime_ns)
        for pk, *(path, size_bytes, mtime_ns) in rows_among(
            Track, ("id", "path", "size_bytes", "mtime_ns"), "id", ids
        )
    }
    found = defaultdict[str, list[_Lost]](list)
    for join in joins:
        if join.replaced_id not in living:
            found[join.digest].append(join.decoded()._replace(living=living.get(join.track_id)))
    return found
