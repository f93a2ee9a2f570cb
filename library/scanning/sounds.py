"""Finds the known tracks with a sound, by its digest, and says which of them lost their file."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils import timezone

from library.models.catalogue import Track
from library.models.joins import Join
from library.scanning.agreement import stated_tags
from library.scanning.compare import Scope
from library.scanning.disk import Disk
from library.scanning.lookup import rows_among
from library.scanning.matching import Candidate, Known, Traits
from library.scanning.sound_rows import (
    HAS_DIGEST,
    NO_DIGEST,
    SoundRow,
    digest_or_none,
    rows_where,
    rows_with,
    version_on_disk,
)
from library.scanning.track_rows import TrackWrite
from library.scanning.transactions import retried

COMMON = 100
"""A sound that more tracks have is looked up once a scan: silence, or a tone. Their candidates stay
in memory."""
_IDS_AT_ONCE = 500


def traits_of(write: TrackWrite) -> Traits:
    """What is compared of a file that was read."""
    found, read, tags = write.found, write.read, write.tags
    stated = stated_tags(
        found.path, tags.title, tags.artist, tags.album, tags.musicbrainz_recording_id
    )
    return Traits(
        *(found.root, found.path, found.device, found.inode, read.mtime_ns, read.size_bytes),
        *(digest_or_none(tags.audio_digest), stated, tags.track_number),
        (tags.codec, tags.sample_rate_hz, tags.channels),
        tags.duration_s,
    )


class KnownSound:
    """The tracks with one sound. `tracks`: how many there are, with a file or without. `is_open`:
    the file of one of them has another sound now, or is not read yet. `free`: the candidates that
    no file has taken, by id."""

    def __init__(self, tracks: int, *, is_open: bool, candidates: Iterable[Candidate]) -> None:
        self.tracks = tracks
        self.is_open = is_open
        self.free = {each.track_id: each for each in candidates}
        self._by_inode = defaultdict[tuple[int, int], list[Candidate]](list)
        self._by_path = defaultdict[str, list[Candidate]](list)
        for each in self.free.values():
            self._by_inode[each.traits.device, each.traits.inode].append(each)
            self._by_path[each.traits.path].append(each)

    def with_inode(self, file: Traits) -> list[Candidate]:
        same = self._by_inode.get((file.device, file.inode), ()) if file.inode else ()
        return [each for each in same if each.track_id in self.free]

    def at_path(self, file: Traits) -> list[Candidate]:
        return [each for each in self._by_path.get(file.path, ()) if each.track_id in self.free]


class Sounds:
    """The sounds of the library, as one scan sees them after its walk.

    `gone`: ids of present tracks whose files it did not find. `walked`: the folders that it listed
    with all that is in them. `unread`: ids of known tracks whose changed files are not read yet.
    `displaced`: ids of tracks at whose path is a file with another sound. `taken`: ids of tracks
    that are another file now. The last two may change during the scan.
    """

    def __init__(
        self,
        gone: Collection[int],
        walked: Collection[Scope],
        unread: Collection[int],
        displaced: Collection[int],
        taken: Collection[int],
    ) -> None:
        self._gone = gone
        self._walked = walked
        self._unread = unread
        self._displaced = displaced
        self._taken = taken
        self.changed_elsewhere: set[int] = set()
        """The ids of tracks outside `walked` that were looked up, and whose files have changed."""
        self._common: dict[str, KnownSound] = {}
        self._disk = Disk()

    def look_up(self, digests: Collection[str]) -> dict[str, KnownSound]:
        """Those of these digests that any track has. Only reads the database."""
        found = {digest: self._common[digest] for digest in digests if digest in self._common}
        ids = defaultdict[str, list[int]](list)
        columns, wanted = ("audio_digest", "id"), digests - found.keys()
        query = partial(rows_among, Track, columns, "audio_digest", wanted, HAS_DIGEST)
        for digest, track_id in retried(query) if wanted else ():
            ids[digest].append(track_id)
        candidates = defaultdict[str, list[Candidate]](list)
        for row in rows_with(ids.keys()):
            if self._lost_its_file(row):
                candidates[row.digest].append(row.as_candidate())
        for digest, same in ids.items():
            open_ids = (self._unread, self._displaced, self.changed_elsewhere)
            is_open = any(pk in ids_ for pk in same for ids_ in open_ids)
            known = KnownSound(len(same), is_open=is_open, candidates=candidates[digest])
            found[digest] = known
            if len(same) > COMMON:
                self._common[digest] = known
        return found

    def take(self, digest: str, track_id: int) -> None:
        """Note that a candidate was taken."""
        if known := self._common.get(digest):
            known.free.pop(track_id, None)

    def of_groups(
        self, digests: Collection[str]
    ) -> tuple[dict[str, list[Candidate]], dict[str, list[Known]]]:
        """The candidates by digest, with the displaced tracks, and all tracks. For files that had
        to wait until all were read. Only reads the database."""
        now = timezone.now()
        candidates = defaultdict[str, list[Candidate]](list)
        known = defaultdict[str, list[Known]](list)
        for row in rows_with(digests):
            known[row.digest].append(row.as_known(now))
            if row.track_id in self._displaced or self._lost_its_file(row):
                candidates[row.digest].append(row.as_candidate())
        return candidates, known

    def without_digest(self, new_inodes: Collection[int]) -> Iterator[Candidate]:
        """The candidates that have no digest. Those outside the folders that were walked only if a
        new file has their inode. Only reads the database."""
        for row in rows_where(Q(audio_digest__in=NO_DIGEST, missing_since__isnull=False)):
            yield row.as_candidate()
        elsewhere = list[int]()
        present = Track.objects.filter(
            audio_digest__in=NO_DIGEST, missing_since__isnull=True
        ).order_by()
        for pk, inode in retried(lambda: list(present.values_list("pk", "inode"))):
            if pk in self._gone or inode in new_inodes:
                elsewhere.append(pk)
        for start in range(0, len(elsewhere), _IDS_AT_ONCE):
            for row in rows_where(Q(pk__in=elsewhere[start : start + _IDS_AT_ONCE])):
                if self._lost_its_file(row):
                    yield row.as_candidate()

    def _lost_its_file(self, row: SoundRow) -> bool:
        if row.track_id in self._taken or row.track_id in self._unread:
            return False
        if row.track_id in self._gone:
            return True
        is_walked = any(_is_within(row, scope) for scope in self._walked)
        if row.missing_since is not None:
            is_aside = row.file_path != row.path
            return is_aside or is_walked or not os.path.lexists(f"{row.root}/{row.path}")
        if is_walked:
            return False
        if not _is_as_known(row):
            self.changed_elsewhere.add(row.track_id)
        return self._disk.is_gone(row.root, row.path, row.device)


def returning_digests() -> set[str]:
    """The digests of tracks that were joined with another and live again when their file comes
    back. Only reads the database."""
    live = Join.objects.filter(ended_at=None).order_by().values_list("audio_digest", flat=True)
    return set(live)


def changed_sounds(writes: Sequence[TrackWrite]) -> Mapping[int, str]:
    """The stored digests, by id, of those of these known tracks whose file has another sound now.
    Only reads the database."""
    ids = ((write.track_id, write.tags.audio_digest) for write in writes)
    now = {track_id: digest_or_none(digest) for track_id, digest in ids if track_id}
    stored: list[tuple[Any, ...]] = rows_among(Track, ("id", "audio_digest"), "id", now.keys())
    return {pk: old for pk, old in stored if digest_or_none(old) and now[pk] and now[pk] != old}


def _is_as_known(row: SoundRow) -> bool:
    """Whether the file is as it was read last; also if it is not there or cannot be seen."""
    return version_on_disk(row) in (None, (row.mtime_ns, row.size_bytes))


def _is_within(row: SoundRow, scope: Scope) -> bool:
    return row.root == scope.root and row.path.startswith(scope.prefix)
