"""Recognises known tracks in new files, whatever their names, folders and tags are; and in files at
the paths of known tracks that have another sound than before. See `matching` for the rules.

A new file is stored at once if no track could be it, or if it certainly is one: it has the inode of
its file, or the same path below another music folder. Every other file waits until all files are
read, since another file may be more alike. So the order in which files are read makes no
difference.

What becomes of the files that wait is decided group by group, and stored in one transaction each:
whatever ends a scan, the next one decides as this one would have done.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from library.files.walk import FoundFile
from library.models.paths import path_aside
from library.scanning import returned
from library.scanning.compare import Scope
from library.scanning.matching import (
    Candidate,
    ReadFrom,
    Traits,
    assign,
    assign_without_digests,
    fits_several,
    fits_without_digest,
    has_same_tags,
    keys_without_digest,
    several_recordings,
)
from library.scanning.outdated import Known, tracks_with
from library.scanning.sounds import (
    KnownSound,
    Sounds,
    changed_sounds,
    returning_digests,
    traits_of,
)
from library.scanning.track_rows import Change, TrackGroup, TrackWrite
from library.scanning.transactions import retried
from library.scanning.waiting import Waiting

_DIGESTS_AT_ONCE = 500


def hold_changed_sounds(writes: Sequence[TrackWrite], waiting: Waiting) -> list[TrackWrite]:
    """Of known tracks whose files changed, those that can be stored at once; the others, which have
    another sound now, are added to `waiting`."""
    changed = retried(partial(changed_sounds, writes)) if writes else {}
    for write in writes:
        if digest := changed.get(write.track_id or 0):
            waiting.add(write, digest)
    return [write for write in writes if write.track_id not in changed]


class Moves:
    """Decides which new files of one scan are known tracks.

    `gone`: ids of present tracks whose files the scan did not find. `walked`: the folders that it
    listed with all that is in them. `new`: the files without a row. `unread`: the changed files of
    known tracks that are not read yet, by id. `waiting`: the files that wait.
    """

    def __init__(
        self,
        gone: Collection[int],
        walked: Collection[Scope],
        new: Collection[FoundFile],
        unread: dict[int, FoundFile],
        waiting: Waiting,
    ) -> None:
        self._waiting = waiting
        self.taken: set[int] = set()
        """The ids of tracks whose files were found elsewhere."""
        displaced = waiting.displaced
        self._sounds = Sounds(gone, walked, unread.keys(), displaced, self.taken)
        self._looked_up: set[str] = set()
        self._unread_elsewhere: set[int] = set()
        self._new_inodes = Counter(file.inode for file in new)
        self._other_inodes = {file.inode for file in unread.values()} | waiting.inodes
        self._doubled_paths = _doubled_paths(new)
        self._returning = retried(returning_digests)
        self._without_digest = _WithoutDigest(
            self._sounds.without_digest(self._new_inodes.keys()) if new else ()
        )

    def decide(self, writes: Sequence[TrackWrite]) -> list[TrackWrite]:
        """Those of these new files that can be stored now, as the tracks that they are. The others
        are added to the files that wait."""
        digests = {write.tags.audio_digest for write in writes} - {""}
        known = self._sounds.look_up(digests)
        decided = (self._decide(write, known.get(write.tags.audio_digest)) for write in writes)
        return [write for write in decided if write is not None]

    def changed_elsewhere(self) -> list[Known]:
        """Tracks outside the folders that were walked whose files have to be read before it is
        known what becomes of the files that wait: they had one of their sounds, and have changed.
        Each is returned once. Only reads the database."""
        digests = sorted(self._waiting.digests - self._looked_up)
        self._looked_up.update(digests)
        for start in range(0, len(digests), _DIGESTS_AT_ONCE):
            self._sounds.look_up(digests[start : start + _DIGESTS_AT_ONCE])
        ids = self._sounds.changed_elsewhere - self._unread_elsewhere
        self._unread_elsewhere |= ids
        return retried(partial(tracks_with, ids)) if ids else []

    def groups(self, size: int) -> Iterator[list[TrackGroup]]:
        """What becomes of the files that waited, in portions of about `size` files. Each portion
        has to be committed before the next one is asked for."""
        for portion in self._waiting.groups(size):
            digests = {digest for group in portion for digest in group.digests}
            candidates, known = self._sounds.of_groups(digests)
            several = several_recordings(chain.from_iterable(known.values()))
            yield [
                self._without_digests(group.writes)
                if not group.digests
                else self._decide_group(
                    group.writes,
                    [each for key in group.digests for each in candidates[key]],
                    several,
                )
                for group in portion
            ]

    def _decide(self, write: TrackWrite, known: KnownSound | None) -> TrackWrite | None:
        """The file as it is to be stored; None if it has to wait."""
        digest = write.tags.audio_digest
        is_contested = known and (known.is_open or digest in self._waiting.digests)
        if is_contested or digest in self._returning:
            self._waiting.add(write)
            return None
        if known and known.free:
            if certain := self._certain(traits_of(write), known):
                return self._as_moved(write, certain)
            self._waiting.add(write)
            return None
        fitting = self._without_digest.fitting(traits_of(write)) if self._without_digest else []
        if not fitting:
            return write
        self._waiting.add(write, by_sound=False)
        return None

    def _certain(self, file: Traits, known: KnownSound) -> Candidate | None:
        """The candidate that no other new file can be."""
        if same := known.with_inode(file):
            is_one = len(same) == 1 and self._new_inodes[file.inode] == 1
            has_rivals = len(known.free) > 1 and not has_same_tags(file, same[0].traits)
            is_fitting = known.tracks == 1 or fits_several(file, same[0].traits)
            return same[0] if is_one and is_fitting and not has_rivals else None
        same = known.at_path(file)
        if len(same) != 1 or file.path in self._doubled_paths:
            return None
        inode = same[0].traits.inode
        is_claimed = inode in self._new_inodes or inode in self._other_inodes
        return None if inode and is_claimed else same[0]

    def _as_moved(self, write: TrackWrite, track: Candidate) -> TrackWrite:
        self.taken.add(track.track_id)
        self._sounds.take(track.traits.digest, track.track_id)
        return write._replace(change=Change.MOVED, track_id=track.track_id)

    def _decide_group(
        self,
        writes: Sequence[TrackWrite],
        candidates: Sequence[Candidate],
        several: Collection[str],
    ) -> TrackGroup:
        files = [ReadFrom(traits_of(write), write.track_id) for write in writes]
        assignment = assign(files, candidates, several)
        self.taken |= {*assignment.taken.values(), *(each.goes for each in assignment.joined)}
        returning = dict(zip(assignment.new, self._returned(writes, assignment.new), strict=True))
        paths = {each.track_id: each.traits.path for each in candidates}
        stored, aside = list[TrackWrite](), dict[int, str]()
        for place, write in enumerate(writes):
            track_id = assignment.taken.get(place)
            if write.track_id is not None and write.track_id != track_id:
                aside[write.track_id] = path_aside(paths[write.track_id], write.track_id)
            if track_id is None:
                stored.append(write._replace(change=Change.ADDED, track_id=returning[place]))
            elif track_id == write.track_id:
                stored.append(write)
            else:
                stored.append(write._replace(change=Change.MOVED, track_id=track_id))
        return TrackGroup(stored, aside, assignment.lost, assignment.joined)

    def _returned(self, writes: Sequence[TrackWrite], new: Sequence[int]) -> list[int | None]:
        """For each of the files with these places the id of a track that lives again with it."""
        if not any(writes[place].tags.audio_digest in self._returning for place in new):
            return [None] * len(new)
        files = [(writes[place].found, writes[place].read, writes[place].tags) for place in new]
        return retried(partial(returned.ids_of, files))

    def _without_digests(self, writes: Sequence[TrackWrite]) -> TrackGroup:
        files = [ReadFrom(traits_of(write), None) for write in writes]
        taken = assign_without_digests(files, self._without_digest.free(self.taken))
        self.taken |= set(taken.values())
        stored = [
            write._replace(change=Change.MOVED, track_id=taken[place]) if place in taken else write
            for place, write in enumerate(writes)
        ]
        return TrackGroup(stored, {}, [], [])


class _WithoutDigest:
    """The candidates that have no digest."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._candidates = list(candidates)
        self._by_key = defaultdict[Hashable, list[Candidate]](list)
        for each in self._candidates:
            for key in keys_without_digest(each.traits):
                self._by_key[key].append(each)

    def __bool__(self) -> bool:
        return bool(self._candidates)

    def fitting(self, file: Traits) -> list[Candidate]:
        return [
            each
            for key in keys_without_digest(file)
            for each in self._by_key.get(key, ())
            if fits_without_digest(file, each.traits)
        ]

    def free(self, taken: Collection[int]) -> list[Candidate]:
        return [each for each in self._candidates if each.track_id not in taken]


def _doubled_paths(new: Collection[FoundFile]) -> set[str]:
    """Paths below several music folders."""
    if len({file.root for file in new}) < 2:  # noqa: PLR2004
        return set()
    return {path for path, count in Counter(file.path for file in new).items() if count > 1}
