"""Albums as they were worked out, and how they are written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any, NamedTuple
from uuid import uuid4

from library import followers
from library.albums.kept_ids import AlbumBefore, keep_ids
from library.albums.releases import Release, releases
from library.models.albums import Album
from library.models.catalogue import Track
from library.models.revision import NextRevision
from library.models.tombstones import Tombstone
from library.scanning import to_settle
from library.scanning.album_rows import DERIVED, AlbumIdentity, describe, labels_of
from library.scanning.albums import store_labels, touch_albums, write_albums, write_without_tracks
from library.scanning.lookup import newest_id, rows_made_after
from library.scanning.neighbourhood import ALBUM, REVISION, Neighbourhood
from library.scanning.report import ScanCounts
from library.scanning.transactions import Write
from library.scanning.upsert import Row, Update, Upsert, update_among

MOVES_AT_ONCE = 1_000
"""How many tracks one transaction moves at most to another album."""
MANY = 4
"""From so many tracks of an album on, one statement for all of them is the quicker way."""
_ALBUM_WEIGHT = 4
"""As how many of such tracks an album counts."""

_NAMES = tuple(map(DERIVED.index, ("title", "album_artist")))
_NEW = Upsert(Album, ("key", *DERIVED, "revision"))
_MOVED = Update(Track, ("album_id", "revision"))

Move = tuple[int, int | None]
"""A track, and the album that it comes to: an id, None for none, or the number of a new album,
which is negative."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What one transaction writes: rows of `DERIVED`, by the albums' ids or numbers, and tracks."""

    albums: dict[int, Row] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)


class SettledCounts(NamedTuple):
    """How many albums became part of another one, how many new ones hold tracks that were on
    another album, and how many have another title or album artist."""

    joined: int = 0
    parted: int = 0
    renamed: int = 0

    def plus(self, other: "SettledCounts") -> "SettledCounts":
        return SettledCounts(*map(sum, zip(self, other, strict=True)))

    @property
    def sentence(self) -> str:
        """For people; empty if nothing changed."""
        said = [f"{count:,} {name}" for name, count in self._asdict().items() if count]
        return f"Albums: {', '.join(said)}." if said else ""


class SettledAlbums:
    """The albums of some units, worked out and ready to be written.

    New albums have negative numbers until they are written.
    """

    def __init__(self, known: Neighbourhood) -> None:
        """Work the albums out. Only reads the database."""
        self._known = known
        wanted = releases(known.albums())
        kept = keep_ids(wanted, _albums_before(known))
        ids = [pk or -number for number, pk in enumerate(kept.ids, start=1)]
        by_id = dict(zip(ids, wanted, strict=True))
        self._replaced = {old: ids[index] for old, index in kept.replaced.items()}
        self._emptied = {
            pk
            for pk in known.stored.keys() - by_id.keys() - self._replaced.keys()
            if known.stored[pk].column("track_count")
        }
        others = [*_moves_of_missing(self._replaced, known), *_moves_to_none(wanted, known)]
        moves = {pk: _moves(pk, each) for pk, each in by_id.items()}
        touched = _touched(by_id, chain(others, *moves.values()), known)
        self._touched = touched - self._replaced.keys()
        rows = {pk: _described(each, known) for pk, each in by_id.items()}
        self.counts = SettledCounts(
            joined=len(self._replaced),
            parted=sum(pk < 0 and _had_album(each) for pk, each in by_id.items()),
            renamed=sum(pk > 0 and _is_renamed(rows[pk], known.stored[pk].derived) for pk in rows),
        )
        self._portions = _portions(rows, moves, others)
        self._made: dict[int, int] = {}

    def writes(self) -> Iterator[Write]:
        """Functions that write everything, each to be called in a transaction of its own, before
        the next one is asked for. The last one clears the flags."""
        last = len(self._portions) - 1
        for index, portion in enumerate(self._portions):
            yield partial(self._write, portion, newest_id(Album), is_last=index == last)

    def _write(
        self, portion: Portion, newest: int, revision: NextRevision, *, is_last: bool
    ) -> ScanCounts:
        """`newest`: the highest id of an album before."""
        self._make({pk: row for pk, row in portion.albums.items() if pk < 0}, newest, revision)
        stored = {pk: row for pk, row in portion.albums.items() if pk > 0}
        write_albums({pk: self._known.stored[pk].derived for pk in stored}, stored, revision)
        tracks = defaultdict[int | None, list[int]](list)
        for track_id, album in portion.moves:
            tracks[album].append(track_id)
        few = []
        for album, track_ids in tracks.items():
            if len(track_ids) < MANY:
                few += [(self._id(album), revision.number, track_id) for track_id in track_ids]
            else:
                values = {"album_id": self._id(album), "revision": revision.number}
                update_among(Track, values, track_ids)
        _MOVED.execute(few)
        if is_last:
            self._replace(revision)
            write_without_tracks(self._emptied)
            touch_albums(self._emptied | self._touched, revision)
            to_settle.clear(self._known.folder_ids)
        return ScanCounts()

    def _make(self, rows: Mapping[int, Row], newest: int, revision: NextRevision) -> None:
        """Insert new albums, by number, unless an earlier attempt did: its commit succeeded, but
        the connection was lost before the answer arrived."""
        if not rows:
            return
        made_before = rows_made_after(Album, ["id"], newest)
        if not made_before:
            number = revision.number
            _NEW.execute([(f"settled {uuid4().hex}", *row, number) for row in rows.values()])
        made = made_before or rows_made_after(Album, ["id"], newest)
        ids = {number: pk for number, (pk,) in zip(rows, made, strict=True)}
        self._made.update(ids)
        followers.link(Album, [*ids.values()], revision)
        labels_before = {ids[number]: labels_of(row) for number, row in rows.items() if made_before}
        store_labels(labels_before, {ids[number]: row for number, row in rows.items()}, revision)

    def _replace(self, revision: NextRevision) -> None:
        """Let the albums go that became part of others."""
        if not self._replaced:
            return
        replaced = {old: self._made.get(new, new) for old, new in self._replaced.items()}
        followers.join(Album, replaced)
        Album.objects.filter(pk__in=replaced).delete()
        Tombstone.objects.bury(Album, replaced, revision.number, replaced)

    def _id(self, album: int | None) -> int | None:
        return None if album is None else self._made.get(album, album)


def _albums_before(known: Neighbourhood) -> dict[int, AlbumBefore]:
    return {
        pk: AlbumBefore(
            album.column("name_key"), album.column("musicbrainz_release_id"), len(known.missing[pk])
        )
        for pk, album in known.stored.items()
    }


def _described(release: Release, known: Neighbourhood) -> Row:
    identity = AlbumIdentity(
        key=release.key,
        title=release.title,
        album_artist=release.album_artist,
        release_id=release.release_id,
        together_by=str(release.together_by),
        apart_by=str(release.apart_by or ""),
        disambiguation=release.disambiguation,
    )
    return describe([known.rows[member.track_id] for member in release.members], identity)


def _had_album(release: Release) -> bool:
    return any(member.album_id for member in release.members)


def _is_renamed(row: Row, before: Sequence[Any]) -> bool:
    return any(row[index] != before[index] for index in _NAMES)


def _moves(album: int, release: Release) -> list[Move]:
    members = release.members
    return [(member.track_id, album) for member in members if member.album_id != album]


def _moves_of_missing(replaced: Mapping[int, int], known: Neighbourhood) -> list[Move]:
    """The missing tracks of albums that became part of others come there, too."""
    return [(track_id, new) for old, new in replaced.items() for track_id in known.missing[old]]


def _moves_to_none(wanted: Sequence[Release], known: Neighbourhood) -> list[Move]:
    """The tracks of the units that are on no album any more."""
    on_albums = {member.track_id for each in wanted for member in each.members}
    return [(pk, None) for pk in known.present - on_albums if known.rows[pk][ALBUM] is not None]


def _touched(
    releases_by_id: Mapping[int, Release], moves: Iterator[Move], known: Neighbourhood
) -> set[int]:
    """The stored albums of which a track changed, came or went."""
    changed = {
        pk
        for pk, release in releases_by_id.items()
        if pk > 0 and _newest_revision(release, known) > known.stored[pk].revision
    }
    came_or_went = chain.from_iterable((known.rows[pk][ALBUM], album) for pk, album in moves)
    return changed | {pk for pk in came_or_went if pk and pk > 0}


def _newest_revision(release: Release, known: Neighbourhood) -> int:
    return max(int(known.rows[member.track_id][REVISION]) for member in release.members)


def _portions(
    rows: Mapping[int, Row], moves: Mapping[int, list[Move]], others: list[Move]
) -> list[Portion]:
    """Everything in portions that are small enough for a transaction. An album's row is in the
    first that has tracks of it."""
    portions, weight = [Portion()], 0
    for album, row in rows.items():
        if weight and weight + _ALBUM_WEIGHT + len(moves[album]) > MOVES_AT_ONCE:
            portions, weight = [*portions, Portion()], 0
        portions[-1].albums[album] = row
        weight += _ALBUM_WEIGHT
        for move in moves[album]:
            if weight >= MOVES_AT_ONCE:
                portions, weight = [*portions, Portion()], 0
            portions[-1].moves.append(move)
            weight += 1
    portions[-1].moves.extend(others)
    return portions
