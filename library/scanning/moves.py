"""Recognises moved files: a new file that is really a known track, perhaps also retagged.

Candidates are tracks whose file is gone. Each is matched at most once. A match needs three things.

The stream must be alike: same codec, sample rate and channels, and about the same duration.

One of these must be equal, tried in this order:

1. the inode: the file was renamed within a file system;
2. modification time and size: it was moved to another file system by a tool that keeps times;
3. the tags: it was moved by a tool that does not keep times;
4. the file name: it was moved by such a tool and retagged.

The tags must fit, see `agreement`: with an equal inode they must not all differ, otherwise they
must agree. Tags are not compared if the file has the same path below another music folder.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import NamedTuple

from django.db.models import Q

from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.scanning.agreement import agree, all_differ, stated_tags
from library.scanning.batch import portions
from library.scanning.spelling import is_alike, spelling_of
from library.tags import ReadFile, TrackTags

DURATION_TOLERANCE_S = 0.5
"""Some durations are estimated from the file size, which changes when tags are edited."""

_QUERY_SIZE = 500
_COLUMNS = (
    "id", "root", "path", "mtime_ns", "size_bytes", "device", "inode", "codec", "sample_rate_hz",
    "channels", "duration_s", "title", "artist", "album_title", "track_number",
    "musicbrainz_recording_id",
)  # fmt: skip


class Candidate(NamedTuple):
    """A track whose file is gone."""

    track_id: int
    root: str
    path: str
    mtime_ns: int
    size_bytes: int
    device: int
    inode: int
    codec: str
    sample_rate_hz: int
    channels: int
    duration_s: float
    title: str
    artist: str
    album: str
    track_number: int | None
    recording_id: str

    def match_keys(self) -> list[tuple[object, ...]]:
        """The values that the four rules compare, in their order."""
        return [
            ("inode", self.device, self.inode),
            ("times", self.mtime_ns, self.size_bytes),
            ("tags", self.title, self.artist, self.album, self.track_number),
            ("name", os.path.basename(self.path)),
        ]

    def sounds_like(self, tags: TrackTags) -> bool:
        return (self.codec, self.sample_rate_hz, self.channels) == (
            tags.codec,
            tags.sample_rate_hz,
            tags.channels,
        ) and abs(self.duration_s - tags.duration_s) <= DURATION_TOLERANCE_S

    def may_be(self, found: FoundFile, read: ReadFile, tags: TrackTags) -> bool:
        """Whether the tags of the found file fit those of this track."""
        if self.path == found.path:
            return True
        own = stated_tags(self.path, self.title, self.artist, self.album, self.recording_id)
        new = stated_tags(
            found.path, tags.title, tags.artist, tags.album, tags.musicbrainz_recording_id
        )
        if (self.device, self.inode) == (found.device, found.inode):
            return not all_differ(own, new)
        return agree(own, new, same_size=self.size_bytes == read.size_bytes)


class Moves:
    """Matches the new files of one scan with the candidates.

    A new file that was not read yet has a claim on the candidate with the same inode: another file
    must not be matched with that candidate before.
    """

    def __init__(self, gone: Collection[int], new: Collection[FoundFile]) -> None:
        """`gone`: ids of rows whose files this scan did not find; `new`: files without a row."""
        self._by_key: dict[tuple[object, ...], list[Candidate]] = defaultdict(list)
        self._taken: set[int] = set()
        self._reserved = {("inode", file.device, file.inode): file.absolute_path for file in new}
        if new:
            for candidate in _load_candidates(gone, new):
                for key in candidate.match_keys():
                    self._by_key[key].append(candidate)

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def take(self, found: FoundFile, read: ReadFile, tags: TrackTags) -> int | None:
        """The id of the track that `found` is, which is then taken; None if the file is new."""
        self._reserved.pop(("inode", found.device, found.inode), None)
        for candidate in self._fitting(found, read, tags):
            if not self._owner(candidate):
                self._taken.add(candidate.track_id)
                return candidate.track_id
        return None

    def has_to_wait(self, found: FoundFile, read: ReadFile, tags: TrackTags) -> bool:
        """Whether `found` must wait, because another unread file has a claim on its candidate.

        The other file may turn out to be a different song that got a reused inode.
        """
        fitting = self._fitting(found, read, tags)
        owners = [self._owner(candidate) for candidate in fitting]
        return any(owners) and not {None, found.absolute_path} & {*owners}

    def lift_claims(self) -> None:
        """Drop all claims, after all new files were read as far as possible."""
        self._reserved.clear()

    @property
    def taken(self) -> frozenset[int]:
        return frozenset(self._taken)

    def _fitting(self, found: FoundFile, read: ReadFile, tags: TrackTags) -> Iterator[Candidate]:
        """Candidates that are not taken and match `found`, the best first."""
        for key in _keys(found, read, tags):
            for candidate in self._by_key.get(key, ()):
                is_free = candidate.track_id not in self._taken
                if is_free and candidate.sounds_like(tags) and candidate.may_be(found, read, tags):
                    yield candidate

    def _owner(self, candidate: Candidate) -> str | None:
        """The path of the unread new file that has a claim on the candidate, if any."""
        return self._reserved.get(("inode", candidate.device, candidate.inode))


def _keys(found: FoundFile, read: ReadFile, tags: TrackTags) -> list[tuple[object, ...]]:
    return [
        ("inode", found.device, found.inode),
        ("times", read.mtime_ns, read.size_bytes),
        ("tags", tags.title, tags.artist, tags.album, tags.track_number),
        ("name", os.path.basename(found.path)),
    ]


def _load_candidates(gone: Collection[int], new: Collection[FoundFile]) -> Iterator[Candidate]:
    yield from _query(Q(missing_since__isnull=False))
    for ids in portions(sorted(gone), _QUERY_SIZE):
        yield from _query(Q(missing_since__isnull=True, id__in=ids))
    yield from _moved_from_elsewhere(set(gone), new)


def _moved_from_elsewhere(gone: set[int], new: Collection[FoundFile]) -> Iterator[Candidate]:
    """Tracks outside the scanned folders that have the inode of a new file and whose file is gone.

    Needed when a scan is limited to a folder and a file was moved into that folder.
    """
    by_inode = {file.inode: file for file in new}
    for inodes in portions(sorted(by_inode), _QUERY_SIZE):
        for candidate in _query(Q(missing_since__isnull=True, inode__in=inodes)):
            is_elsewhere = candidate.track_id not in gone and os.path.isdir(candidate.root)
            if is_elsewhere and _is_gone(candidate, by_inode[candidate.inode]):
                yield candidate


def _is_gone(candidate: Candidate, new: FoundFile) -> bool:
    """Whether the candidate's file is gone. On a file system that ignores case, a file renamed from
    `a.mp3` to `A.mp3` still opens by its old name; it counts as gone."""
    if not os.path.lexists(f"{candidate.root}/{candidate.path}"):
        return True
    if candidate.root != new.root or not is_alike(candidate.path, new.path):
        return False
    spelling = spelling_of(candidate.root, candidate.path)
    return spelling is None or spelling.path != candidate.path


def _query(condition: Q) -> Iterator[Candidate]:
    for row in Track.objects.filter(condition).values_list(*_COLUMNS).iterator():
        yield Candidate(*row)
