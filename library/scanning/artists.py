"""Stores the artists that a batch of tracks names, and works out each track's credits.

A credit says which artist has which role in a track.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from library.models.catalogue import Artist, ArtistRole
from library.models.folding import identity_key, sort_key
from library.models.revision import NextRevision
from library.scanning.keyed_rows import PreparedRows, store_rows
from library.scanning.lookup import rows_among
from library.scanning.upsert import Row, Upsert
from library.tags import Contributor, TrackTags

_ARTISTS = Upsert(
    Artist,
    ("key", "name", "sort_name", "musicbrainz_artist_id", "sort_key", "name_key", "revision"),
    unique=("key", "musicbrainz_artist_id"),
    kept=("name", "name_key"),
)


# Plain strings, because access to a member of an enumeration is slower.
_ARTIST, _ALBUM_ARTIST, _COMPOSER = (
    role.value for role in (ArtistRole.ARTIST, ArtistRole.ALBUM_ARTIST, ArtistRole.COMPOSER)
)


class Named(NamedTuple):
    """An artist as one file names it; empty texts where the file states nothing."""

    name: str
    sort_name: str
    musicbrainz_artist_id: str


class Credit(NamedTuple):
    """The artists that a track's tags name in one role. `instruments`: of performers, one for each
    name."""

    role: str
    names: tuple[str, ...]
    sort_names: tuple[str, ...] = ()
    musicbrainz_artist_ids: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()

    def named(self) -> Iterator[Named]:
        """The artists, each with its sort name and id. If the file does not state exactly one sort
        name (or id) for each name, none is used: they could not be assigned."""
        blank = ("",) * len(self.names)
        of_each = (
            values if len(values) == len(self.names) else blank
            for values in (self.sort_names, self.musicbrainz_artist_ids)
        )
        return map(Named, self.names, *of_each)


class Position(NamedTuple):
    """The place of one artist in a credit."""

    role: str
    position: int
    artist_key: str
    instrument: str


class Credited(NamedTuple):
    """A track's credits, and the position of each name in them.

    A name counts only once in a role, but a performer once with each instrument.
    """

    credits: Sequence[Credit]
    positions: Sequence[Position]


_names_of = attrgetter(
    *("artists", "artist_sort_names", "musicbrainz_artist_ids"),
    *("album_artists", "album_artist_sort_names", "musicbrainz_album_artist_ids"),
    *("composers", "composer_sort_names"),
    "contributors",
)


def credited(tags: TrackTags) -> Credited:
    return _credited(_names_of(tags))


@lru_cache(maxsize=512)  # the tracks of an album mostly name the same artists
def _credited(names: Sequence[Any]) -> Credited:
    credits_ = (
        Credit(_ARTIST, *names[:3]),
        Credit(_ALBUM_ARTIST, *names[3:6]),
        Credit(_COMPOSER, *names[6:8]),
        *_credits_of(names[8]),
    )
    return Credited(credits_, (*chain.from_iterable(map(_positions, credits_)),))


def _credits_of(contributors: Sequence[Contributor]) -> Iterator[Credit]:
    """A credit for each role among them, in the order of the file."""
    for role in dict.fromkeys(each.role for each in contributors):
        own = [each for each in contributors if each.role == role]
        names, instruments = (each.name for each in own), (each.instrument for each in own)
        yield Credit(role, (*names,), instruments=(*instruments,))


@lru_cache(maxsize=512)  # tracks whose composers differ may have the same artists
def _positions(credit: Credit) -> tuple[Position, ...]:
    instruments = credit.instruments or ("",) * len(credit.names)
    named = dict.fromkeys(zip(map(identity_key, credit.names), instruments, strict=True))
    return tuple(
        [
            Position(credit.role, position, key, instrument)
            for position, (key, instrument) in enumerate(named)
        ]
    )


def prepare_artists(batch: Iterable[Credited]) -> PreparedRows:
    """Find out which artists `store_artists` has to write: new ones, and stored ones that lack a
    sort name or id which the tags of this batch state. Only reads the database."""
    wanted: dict[str, Named] = {}
    shared = {id(each): each for each in batch}  # `credited` returns equal credits as one object
    for credit in dict.fromkeys(chain.from_iterable(each.credits for each in shared.values())):
        for each in credit.named():
            key = identity_key(each.name)
            known = wanted.get(key)
            wanted[key] = each if known is None else _fuller(known, each)
    ids: dict[str, int] = {}
    for key, pk, *stored in _stored(wanted):
        ids[key] = pk
        wanted[key] = _fuller(Named(*stored), wanted[key])
        if wanted[key] == tuple(stored):
            del wanted[key]
    return PreparedRows(ids, {key: _row(key, named) for key, named in wanted.items()})


def store_artists(prepared: PreparedRows, revision: NextRevision) -> dict[str, int]:
    """Write the artists in the caller's transaction. Returns the batch's artist ids, by key."""
    return store_rows(Artist, _ARTISTS, prepared, revision)


def _stored(keys: Collection[str]) -> list[tuple[Any, ...]]:
    columns = ("key", "id", "name", "sort_name", "musicbrainz_artist_id")
    return rows_among(Artist, columns, "key", keys)


def _row(key: str, named: Named) -> Row:
    return (key, *named, sort_key(named.sort_name or named.name), sort_key(named.name))


def _fuller(one: Named, other: Named) -> Named:
    """`one`, with its empty texts filled from `other`."""
    return Named(
        one.name,
        one.sort_name or other.sort_name,
        one.musicbrainz_artist_id or other.musicbrainz_artist_id,
    )
