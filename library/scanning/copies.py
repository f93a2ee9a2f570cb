"""Finds the tracks that live on in a copy: somebody copied a file, and deleted the original later.

The copy came as a track of its own, since the original was still there. When the original goes
missing, the older track takes over the file of the copy (`joining`), so that it keeps its id.

A track O whose file is gone and a present track N are matched if

- both have the same sound: the same digest;
- a later scan than that of O has added N: tracks that came at the same time are two;
- their tags are the same, or N was added less than a day ago: copies that have lived side by side
  with other tags are two;
- the file of N is there, unchanged;
- the file of O is known to be gone: each folder above it, down to the one where its name or that of
  its folder is absent, can be listed;
- no person has parted the two.

Silences and cut tones have one digest, but are several recordings. Where the tracks with that
digest have different titles or artists, O and N need the same tags or the same file name.

Only reads the database, outside of transactions.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from library.models.catalogue import Track
from library.models.joins import Ended, Join, JoinReason
from library.scanning.batch import portions
from library.scanning.disk import Disk
from library.scanning.joining import TakeOver
from library.scanning.lookup import rows_among
from library.scanning.matching import Shown, recordings_of
from library.scanning.sound_rows import (
    HAS_DIGEST,
    SoundRow,
    digest_or_none,
    rows_with,
    version_on_disk,
)
from library.scanning.transactions import retried

_IDS_AT_ONCE = 5_000


class Gone(NamedTuple):
    """Tracks whose files are gone, and what is to become of them in one transaction."""

    joined: list[TakeOver]
    missing: list[int]


def decide(
    gone: Collection[int], scanned_roots: Collection[str], size: int, now: datetime
) -> Iterator[Gone]:
    """What is to become of the tracks with the ids `gone`, whose files a scan did not find, in
    portions of about `size`. `scanned_roots`: the music folders that the scan has read; `gone` may
    have tracks of others, which are no music folders any more.

    Tracks of one digest are in one portion: what becomes of them depends on each other. Ask for the
    next portion after this one was committed.
    """
    sounds = _with_copies(gone)
    alone = sorted({*gone} - {pk for ids in sounds.values() for pk in ids})
    groups = sorted(sounds.items(), key=lambda group: min(group[1]))
    terms = Terms(frozenset(gone), frozenset(scanned_roots), now, Disk())
    for portion in _portions(groups, size):
        yield _decided(portion, terms)
    for ids in portions(alone, size):
        yield Gone([], list(ids))


def _with_copies(gone: Collection[int]) -> dict[str, list[int]]:
    """The ids of those tracks that may live on in a copy, by digest, with all others of `gone` that
    have that digest."""
    oldest, ids = dict[str, int](), defaultdict[str, list[int]](list)
    for some in portions(sorted(gone), _IDS_AT_ONCE):
        columns = ("id", "audio_digest", "added_by_scan")
        for pk, digest, scan_id in retried(partial(rows_among, Track, columns, "id", some)):
            if digest_or_none(digest):
                oldest[digest] = min(scan_id, oldest.get(digest, scan_id))
                ids[digest].append(pk)
    has_copy = set[str]()
    for digests in portions(sorted(oldest), _IDS_AT_ONCE):
        columns = ("audio_digest", "id", "added_by_scan")
        newer = partial(rows_among, Track, columns, "audio_digest", digests, _IS_PRESENT)
        has_copy.update(
            digest
            for digest, pk, scan_id in retried(newer)
            if scan_id > oldest[digest] and pk not in gone
        )
    return {digest: ids[digest] for digest in has_copy}


_IS_PRESENT = f"{HAS_DIGEST} AND missing_since IS NULL"


class Terms(NamedTuple):
    """What decides about all pairs. `parted`: pairs of the older and the newer id that a person has
    parted: they are two for good."""

    gone: frozenset[int]
    scanned_roots: frozenset[str]
    now: datetime
    disk: Disk
    parted: frozenset[tuple[int, int]] = frozenset()

    def is_lost(self, track: SoundRow) -> bool:
        """Whether the track's file is known to be gone."""
        if track.track_id not in self.gone:
            return False
        was_scanned = track.root in self.scanned_roots
        place = (track.root, track.path, track.device)
        return self.disk.is_gone(*place, may_be_empty=was_scanned)

    def may_live_on(self, track: SoundRow) -> bool:
        """Whether the track may be a copy whose file another track takes over."""
        is_present = track.track_id not in self.gone and track.missing_since is None
        return is_present and _is_there(track)


def _decided(groups: Sequence[tuple[str, list[int]]], terms: Terms) -> Gone:
    digests = [digest for digest, _ in groups]
    by_digest = defaultdict[str, list[SoundRow]](list)
    for row in sorted(rows_with(digests)):
        by_digest[row.digest].append(row)
    joined: list[TakeOver] = []
    terms = terms._replace(parted=retried(partial(_parted_by_hand, digests)))
    for group in by_digest.values():
        joined += _pairs(group, terms)
    lived_on = {pair.stays for pair in joined}
    missing = sorted(pk for _, ids in groups for pk in ids if pk not in lived_on)
    return Gone(joined, missing)


def _parted_by_hand(digests: Sequence[str]) -> frozenset[tuple[int, int]]:
    joins = Join.objects.filter(audio_digest__in=digests, ended_by=Ended.BY_HAND)
    return frozenset(joins.values_list("track_id", "replaced_id"))


def _pairs(group: Sequence[SoundRow], terms: Terms) -> Iterator[TakeOver]:
    """The pairs of one digest, one to one, those that are most alike first. `group`: all tracks
    with that digest, in the order of their ids."""
    recordings = recordings_of([each.as_known(terms.now) for each in group])
    lost = [each for each in group if terms.is_lost(each)]
    if not lost:
        return
    oldest = min(each.added_by_scan for each in lost)
    newer = [each for each in group if each.added_by_scan > oldest]
    copies = [each for each in newer if terms.may_live_on(each)]
    taken: set[int] = set()
    for likeness in _LIKENESSES:
        alike = defaultdict[Hashable, list[SoundRow]](list)
        for copy in copies:
            if copy.track_id not in taken and _is_alike(copy, likeness, recordings, terms):
                alike[likeness.key(copy)].append(copy)
        for track in lost:
            if track.track_id in taken or not (same := alike.get(likeness.key(track))):
                continue
            if later := next((each for each in same if _came_later(track, each, terms)), None):
                same.remove(later)
                taken |= {track.track_id, later.track_id}
                yield TakeOver(track.track_id, later.track_id, likeness.reason)


class _Likeness(NamedTuple):
    """`key`: what is equal for a track and its copy."""

    key: Callable[[SoundRow], Hashable]
    reason: JoinReason
    same_name: bool


def _tags(track: SoundRow) -> Hashable:
    title, artist, album, _ = track.stated
    return title, artist, album, track.track_number


_LIKENESSES = (
    _Likeness(lambda track: (_tags(track), track.file_name), JoinReason.SAME_TAGS, same_name=True),
    _Likeness(_tags, JoinReason.SAME_TAGS, same_name=False),
    _Likeness(lambda track: track.file_name, JoinReason.WITHIN_A_DAY, same_name=True),
    _Likeness(lambda _: None, JoinReason.WITHIN_A_DAY, same_name=False),
)
"""How a track and its copy may be alike, the best first."""


def _is_alike(
    copy: SoundRow, likeness: _Likeness, recordings: Counter[Shown], terms: Terms
) -> bool:
    """Whether `copy` is the same recording as a track to which it is alike in this way.

    Asked once for each copy: among ten thousand silences there are too many pairs. `recordings`: of
    all tracks with their digest. If there are several without the copy, the digest says little: it
    is that of silence, or of a tone.
    """
    if likeness.reason is JoinReason.WITHIN_A_DAY and not copy.is_fresh(terms.now):
        return False
    have_same_tags = likeness.reason is JoinReason.SAME_TAGS and copy.stated.title is not None
    others = len(recordings) - (recordings[copy.shown] == 1)
    return have_same_tags or likeness.same_name or others <= 1


def _came_later(track: SoundRow, copy: SoundRow, terms: Terms) -> bool:
    """Whether `copy` came later than `track`, and nobody has parted the two."""
    # A server of an older version does not store which scan added a track: so the ids count, too.
    is_newer = copy.added_by_scan > track.added_by_scan and copy.track_id > track.track_id
    return is_newer and (track.track_id, copy.track_id) not in terms.parted


def _is_there(track: SoundRow) -> bool:
    """Whether the track's file is there, as the library knows it."""
    version = version_on_disk(track)
    if version is None:
        return False
    mtime_ns, size_bytes = version
    return size_bytes == track.size_bytes and track.mtime_ns in (0, mtime_ns)


def _portions(
    groups: Iterable[tuple[str, list[int]]], size: int
) -> Iterator[list[tuple[str, list[int]]]]:
    """The groups in portions of about `size` tracks."""
    portion, tracks = list[tuple[str, list[int]]](), 0
    for group in groups:
        if portion and tracks + len(group[1]) > size:
            yield portion
            portion, tracks = [], 0
        portion.append(group)
        tracks += len(group[1])
    if portion:
        yield portion
