"""Artists whose name was mended in all files keep their row and its id.

The files say `Björk` now, and the row `Bjork` has no credit any more, not even of a missing track:
then the two are one. If the name `Björk` came with the mended files, the old row is given it;
otherwise the row that has it stays. A tombstone says what became of the other one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from library import followers
from library.models.catalogue import Artist, Track, TrackArtist
from library.models.revision import NextRevision
from library.models.successions import Succession
from library.models.tombstones import Tombstone
from library.scanning.lookup import rows_among
from library.scanning.upsert import Row

Roles = Mapping[str, Sequence[int]]
"""The ids of a track's artists in each role, in their order."""
SHOWN_AS = (
    *("key", "name", "name_key", "sort_name", "sort_key", "musicbrainz_artist_id", "search_text"),
)
"""The columns that an artist takes over with the name of another."""


class Heirs(NamedTuple):
    """Artists that become one: those that `go`, and the one that `stays`. `name_of`: the one of
    them whose name is right."""

    stays: int
    go: tuple[int, ...]
    name_of: int


def credited_artists(track_ids: Collection[int]) -> dict[int, Roles]:
    """The artists that these tracks credit in the database, by the tracks' ids."""
    columns = ("track_id", "role", "position", "artist_id")
    return _by_role(sorted(rows_among(TrackArtist, columns, "track_id", track_ids)))


def note_successors(
    before: Mapping[int, Roles], credit_rows: Iterable[Row], newest_before: int
) -> None:
    """Record, in the caller's transaction, which artists lose credits to which.

    `before`: what `credited_artists` returned for known tracks. `credit_rows`: their credits now,
    in any order; each row begins with the track, the artist, the role and the position.
    `newest_before`: the highest id of an artist before this scan.
    """
    after = _by_role(
        sorted((row[0], row[2], row[3], row[1]) for row in credit_rows if row[0] in before)
    )
    found = defaultdict[int, set[int | None]](set)
    for track_id, roles in before.items():
        for artist_id, successor in _losses(roles, after.get(track_id, {})):
            found[artist_id].add(successor)
    if not found:
        return
    known = dict(rows_among(Succession, ("artist_id", "successor_id"), "artist_id", found.keys()))
    rows = []
    for artist_id, successors in found.items():
        if artist_id in known:
            successors.add(known[artist_id])
        successor = successors.pop() if len(successors) == 1 else None
        if artist_id not in known or successor != known[artist_id]:
            is_new = successor is not None and successor > newest_before
            rows.append(Succession(artist_id=artist_id, successor_id=successor, is_new=is_new))
    Succession.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["artist"],
        update_fields=["successor", "is_new"],
    )


def find_heirs() -> list[Heirs]:
    """The artists that lost all credits to one other. Only reads the database."""
    left = TrackArtist.objects.filter(artist=OuterRef("artist"))
    lost = Succession.objects.filter(~Exists(left), successor__isnull=False)
    rows = {
        artist: (to, new) for artist, to, new in lost.values_list("artist", "successor", "is_new")
    }
    groups = defaultdict[int, list[int]](list)
    for artist_id in rows:
        at, seen = artist_id, {artist_id}
        while at in rows and rows[at][0] not in seen:
            at = rows[at][0]
            seen.add(at)
        if at not in rows:
            groups[at].append(artist_id)
    return [_heirs(successor, sorted(old), rows) for successor, old in sorted(groups.items())]


def join_heirs(heirs: Sequence[Heirs], revision: NextRevision) -> None:
    """Make each group one row, in the caller's transaction."""
    replaced = {gone: each.stays for each in heirs for gone in each.go}
    shown_as = {
        pk: values
        for pk, *values in rows_among(Artist, ("id", *SHOWN_AS), "id", [e.name_of for e in heirs])
    }
    for each in heirs:
        if each.name_of != each.stays:
            _move_credits(each.name_of, each.stays, revision)
    followers.join(Artist, replaced)
    Succession.objects.filter(artist__in={*replaced, *replaced.values()}).delete()
    for gone, stays in replaced.items():
        Succession.objects.filter(successor=gone).update(successor=stays)
    Artist.objects.filter(pk__in=replaced.keys()).delete()
    for each in heirs:
        if each.name_of != each.stays:
            values = dict(zip(SHOWN_AS, shown_as[each.name_of], strict=True))
            Artist.objects.filter(pk=each.stays).update(**values, revision=revision.number)
    Tombstone.objects.bury(Artist, replaced.keys(), revision.number, replaced)
    Tombstone.objects.lift(Artist, set(replaced.values()))


def _heirs(successor: int, old: Sequence[int], rows: Mapping[int, tuple[int, bool]]) -> Heirs:
    renamed = [artist_id for artist_id in old if rows[artist_id] == (successor, True)]
    stays = renamed[0] if renamed else successor
    return Heirs(stays, tuple(pk for pk in (*old, successor) if pk != stays), successor)


def _move_credits(artist_id: int, to: int, revision: NextRevision) -> None:
    credits_ = TrackArtist.objects.filter(artist=artist_id)
    tracks = Track.objects.filter(pk__in=credits_.values("track"))
    tracks.update(revision=revision.number)
    credits_.update(artist=to)


def _losses(before: Roles, after: Roles) -> Iterator[tuple[int, int | None]]:
    """Of each artist that the track does not credit any more, the one that it credits instead;
    None if that cannot be told. Of a role that is gone nothing can be said."""
    for role, old in before.items():
        new = after.get(role, ())
        gone = [pk for pk in dict.fromkeys(old) if pk not in new]
        came = [pk for pk in dict.fromkeys(new) if pk not in old]
        if len(gone) == len(came):
            yield from zip(gone, came, strict=True)
        elif came:
            yield from ((pk, None) for pk in gone)


def _by_role(rows: Iterable[Sequence[Any]]) -> dict[int, Roles]:
    """`rows` of track, role, position and artist, those of a role in order."""
    found = defaultdict[int, defaultdict[str, list[int]]](lambda: defaultdict(list))
    for track_id, role, _, artist_id in rows:
        found[track_id][role].append(artist_id)
    return {track_id: dict(roles) for track_id, roles in found.items()}
