"""Decides which files are which tracks, for a group of tracks and files that depend on each other.

A file and a track are the same sound if both have the same digest. Nothing here reads the database
or the disk, and the order in which files and tracks are given makes no difference.

Files are new, or they lie at the path of a known track but have another sound than that track had.
Candidates are tracks whose file is gone, or has another sound now. Each file takes at most one
candidate, and each candidate is taken at most once: the pairs that are most alike come first, in
the order of `_STAGES`.
"""

import os
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from library.scanning.agreement import StatedTags, agree, all_differ

DURATION_TOLERANCE_S = 0.5
"""Some durations are estimated from the file size, which changes when tags are edited."""


class Traits(NamedTuple):
    """What is compared of a file, or of a track as it was read last.

    `digest`: empty if there is none. `format`: codec, sample rate and channels.
    """

    root: str
    path: str
    device: int
    inode: int
    mtime_ns: int
    size_bytes: int
    digest: str
    stated: StatedTags
    track_number: int | None
    format: tuple[str, int, int]
    duration_s: float

    @property
    def file_name(self) -> str:
        return os.path.basename(self.path)


class ReadFrom(NamedTuple):
    """A file that was read. `track_id`: the track at its path, which had another sound; None for a
    new file."""

    traits: Traits
    track_id: int | None


class Candidate(NamedTuple):
    """A track whose sound is not at its path any more. `traits.path` is that of its lost file."""

    track_id: int
    traits: Traits
    added_by_scan: int


Shown = tuple[str, str]
"""The title and the artist of a track as they are shown, folded."""


class Known(NamedTuple):
    """A track with a digest, whether it is a candidate or not. `is_fresh`: it came less than a day
    ago."""

    digest: str
    shown: Shown
    added_by_scan: int
    is_fresh: bool


class Joined(NamedTuple):
    """Two tracks that become one, because the file of one was moved over that of the other.
    `keeps_file`: the file that is left had been that of `stays`."""

    stays: int
    goes: int
    keeps_file: bool


class Assignment(NamedTuple):
    """What becomes of the files, by their places in the sequence that was given, and of tracks.

    `taken`: the ids of the tracks that they are. `new`: those that are new tracks. `lost`: ids of
    tracks at whose path another track is now, and whose own sound was not found.
    """

    taken: Mapping[int, int]
    new: Sequence[int]
    lost: Sequence[int]
    joined: Sequence[Joined]


def assign(
    files: Sequence[ReadFrom], candidates: Sequence[Candidate], several: Collection[str]
) -> Assignment:
    """Decide for one group. `several`: the digests that stand for several recordings; see
    `several_recordings`. The tracks at the paths of `files` are among the candidates."""
    taken = _pairs(files, candidates, _SameSound(several, candidates))
    by_id = {each.track_id: each for each in candidates}
    found = set(taken.values())
    new, lost, joined = list[int](), list[int](), list[Joined]()
    for place, (_, track_id) in enumerate(files):
        if track_id is None:
            if place not in taken:
                new.append(place)
        elif place not in taken:
            if track_id in found:
                new.append(place)
            else:
                taken[place] = track_id
        elif track_id not in found:
            old, moved = by_id[track_id], by_id[taken[place]]
            if agree(old.traits.stated, moved.traits.stated, same_size=False):
                joined.append(_joined(old, moved))
            else:
                lost.append(track_id)
    return Assignment(taken, new, lost, joined)


def assign_without_digests(
    files: Sequence[ReadFrom], candidates: Sequence[Candidate]
) -> dict[int, int]:
    """The ids of the tracks that new files are, by the places of these files, where the file or the
    track has no digest. Tags must agree then, unless the path below the music folder is the same;
    and the stream must be alike: same format, about the same duration."""
    return _pairs(files, candidates, _WithoutDigest())


def several_recordings(tracks: Iterable[Known]) -> set[str]:
    """The digests that stand for several recordings, such as silences."""
    by_digest = defaultdict[str, list[Known]](list)
    for track in tracks:
        by_digest[track.digest].append(track)
    return {digest for digest, same in by_digest.items() if len(recordings_of(same)) > 1}


def recordings_of(tracks: Iterable[Known]) -> Counter[Shown]:
    """The recordings among tracks with one digest, told apart by title and artist, and how many
    tracks each has.

    A copy may have been given other tags before the original is deleted. So tracks that a later
    scan than the first added, less than a day ago, do not count, unless they differ among
    themselves. It does not matter which of these scans added them: a scan that is killed shares its
    work with the next one.
    """
    added = list(tracks)
    first = min((each.added_by_scan for each in added), default=0)
    copies = Counter(each.shown for each in added if each.is_fresh and each.added_by_scan > first)
    names = Counter(each.shown for each in added)
    return names if len(copies) > 1 else names - copies


def fits_several(file: Traits, track: Traits) -> bool:
    """Whether a file is a track with the same digest although that stands for several recordings:
    their tags agree, or their names are the same, or it is the same file and a tag was left."""
    if file.file_name == track.file_name:
        return True
    if agree(track.stated, file.stated, same_size=track.size_bytes == file.size_bytes):
        return True
    return is_same_inode(file, track) and not all_differ(track.stated, file.stated)


def fits_without_digest(file: Traits, track: Traits) -> bool:
    """Whether a file may be a track where one of them has no digest."""
    if (file.digest and track.digest) or file.format != track.format:
        return False
    if abs(file.duration_s - track.duration_s) > DURATION_TOLERANCE_S:
        return False
    same_size = file.size_bytes == track.size_bytes
    return file.path == track.path or agree(track.stated, file.stated, same_size=same_size)


def keys_without_digest(traits: Traits) -> list[Hashable]:
    """A file and a track where one has no digest have at least one of these in common."""
    keys = ((place, stage.key(traits)) for place, stage in enumerate(_STAGES_WITHOUT_DIGESTS))
    return [(place, key) for place, key in keys if key is not None]


def has_same_tags(file: Traits, track: Traits) -> bool:
    """Whether both state the same title, artist, album and number."""
    return _all_tags(file) is not None and _all_tags(file) == _all_tags(track)


def is_same_inode(one: Traits, other: Traits) -> bool:
    return bool(one.inode) and (one.device, one.inode) == (other.device, other.inode)


def _joined(old: Candidate, moved: Candidate) -> Joined:
    """`old` is the track at the path, `moved` the one whose file was moved there. The lower id is
    that of the older track; which scan added a track is not always known."""
    if old.track_id < moved.track_id:
        return Joined(old.track_id, moved.track_id, keeps_file=False)
    return Joined(moved.track_id, old.track_id, keeps_file=True)


Key = Callable[[Traits], Hashable]
"""What a file and a track must have in common; None for those that lack it."""


class _Stage(NamedTuple):
    """`is_evidence`: what they have in common says that they are the same recording. `for_many`:
    only where several candidates have the same digest. `for_one`: only where the digest stands for
    one recording. Of several, whatever fits was found before; looking at all pairs once more would
    take minutes where a library has ten thousand silences."""

    key: Key
    is_evidence: bool = True
    for_many: bool = False
    for_one: bool = False


def _inode(traits: Traits) -> Hashable:
    return (traits.device, traits.inode) if traits.inode else None


def _path(traits: Traits) -> Hashable:
    return traits.path


def _times(traits: Traits) -> Hashable:
    return (traits.mtime_ns, traits.size_bytes) if traits.mtime_ns else None


def _name(traits: Traits) -> Hashable:
    return traits.file_name


def _all_tags(traits: Traits) -> Hashable:
    title, artist, album, _ = traits.stated
    if artist is None and album is None:
        return None
    return title, artist, album, traits.track_number


def _recording(traits: Traits) -> Hashable:
    return traits.stated.recording_id or None


def _title_and_artist(traits: Traits) -> Hashable:
    title, artist, *_ = traits.stated
    return None if artist is None else (title, artist)


def _title_and_album(traits: Traits) -> Hashable:
    title, _, album, _ = traits.stated
    return None if album is None else (title, album)


def _title_and_size(traits: Traits) -> Hashable:
    """For files that state neither an artist nor an album; see `agree`."""
    title, artist, album, _ = traits.stated
    return (title, traits.size_bytes) if artist is None and album is None else None


def _both(one: Key, other: Key) -> Key:
    def key(traits: Traits) -> Hashable:
        first, second = one(traits), other(traits)
        return None if first is None or second is None else (first, second)

    return key


_TAGS: tuple[Key, ...] = (
    *(_all_tags, _recording, _title_and_artist, _title_and_album, _title_and_size),
)
_TAGS_AND_NAME = tuple(_both(key, _name) for key in _TAGS)
_STAGES = (
    *map(_Stage, (_both(_inode, _path), _both(_inode, _all_tags))),
    # File systems give the inode of a deleted file to a new one: of equal files with other tags,
    # the one with the tags is it.
    _Stage(_both(_all_tags, _path), for_many=True),
    _Stage(_both(_all_tags, _name), for_many=True),
    _Stage(_all_tags, for_many=True),
    _Stage(_both(_inode, _name)),
    _Stage(_inode, is_evidence=False),
    *map(_Stage, (_path, *_TAGS_AND_NAME, *_TAGS, _name)),
    _Stage(lambda _: (), is_evidence=False, for_one=True),
)
_STAGES_WITHOUT_DIGESTS = tuple(map(_Stage, (_inode, _path, _times, *_TAGS_AND_NAME, *_TAGS)))


def _pairs(
    files: Sequence[ReadFrom], candidates: Sequence[Candidate], rule: "_Rule"
) -> dict[int, int]:
    """The ids of the tracks that files are, by the places of the files."""
    taken: dict[int, int] = {}
    places = sorted(range(len(files)), key=lambda place: files[place].traits[:2])
    free = sorted(candidates, key=lambda each: (each.traits[1::-1], each.track_id))
    for stage in rule.stages:
        if not free or len(taken) == len(files):
            break
        alike = defaultdict[Hashable, list[Candidate]](list)
        for candidate in free:
            alike[rule.key(candidate.traits, stage)].append(candidate)
        alike.pop(None, None)
        for place in places:
            file = files[place].traits
            if place not in taken and (same := alike.get(rule.key(file, stage))):
                fitting = (each for each in same if rule.fits(file, each.traits, stage))
                if found := next(fitting, None):
                    taken[place] = found.track_id
                    same.remove(found)
        gone = set(taken.values())
        free = [each for each in free if each.track_id not in gone]
    return taken


class _Rule(ABC):
    """Which files may be which tracks, and what they have in common, the best first."""

    stages: ClassVar[Sequence[_Stage]]

    @abstractmethod
    def key(self, traits: Traits, stage: _Stage) -> Hashable:
        """What a file and a track must have in common in this stage; None if it has no such."""

    @abstractmethod
    def fits(self, file: Traits, track: Traits, stage: _Stage) -> bool:
        """Whether the file may be the track, with which it has the key in common."""


class _SameSound(_Rule):
    stages = _STAGES

    def __init__(self, several: Collection[str], candidates: Iterable[Candidate]) -> None:
        self._several = several
        counts = Counter(each.traits.digest for each in candidates)
        self._many = {digest for digest, count in counts.items() if count > 1}

    def key(self, traits: Traits, stage: _Stage) -> Hashable:
        digest = traits.digest
        if not digest or (stage.for_many and digest not in self._many):
            return None
        if stage.for_one and digest in self._several:
            return None
        key = stage.key(traits)
        return None if key is None else (digest, key)

    def fits(self, file: Traits, track: Traits, stage: _Stage) -> bool:
        return stage.is_evidence or file.digest not in self._several or fits_several(file, track)


class _WithoutDigest(_Rule):
    stages = _STAGES_WITHOUT_DIGESTS

    def key(self, traits: Traits, stage: _Stage) -> Hashable:
        return stage.key(traits)

    def fits(self, file: Traits, track: Traits, stage: _Stage) -> bool:  # noqa: ARG002  # all alike
        return fits_without_digest(file, track)
