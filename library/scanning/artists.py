"""The artists of a batch, and each track's credits."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from library.models.catalogue import Artist, ArtistRole
from library.models.folding import identity_key, sort_key
from library.scanning.lookup import newest_id, rows_among, rows_made_after
from library.scanning.upsert import Row, Upsert
from library.tags import TrackTags

_ARTISTS = Upsert(
    Artist,
    ("key", "name", "sort_name", "musicbrainz_artist_id", "sort_key", "name_key"),
    unique=("key",),
    kept=("name", "name_key"),
)


# Plain strings: an enumeration's members are looked up by a function.
_ARTIST, _ALBUM_ARTIST, _COMPOSER = (
    role.value for role in (ArtistRole.ARTIST, ArtistRole.ALBUM_ARTIST, ArtistRole.COMPOSER)
)


class Named(NamedTuple):
    name: str
    sort_name: str
    musicbrainz_artist_id: str


class Credit(NamedTuple):
    """Whom a track's tags name in one role."""

    role: str
    names: tuple[str, ...]
    sort_names: tuple[str, ...] = ()
    musicbrainz_artist_ids: tuple[str, ...] = ()

    def named(self) -> Iterator[Named]:
        """Sort names and ids belong to names only where the file has one for each."""
        blank = ("",) * len(self.names)
        of_each = (
            values if len(values) == len(self.names) else blank
            for values in (self.sort_names, self.musicbrainz_artist_ids)
        )
        return map(Named, self.names, *of_each)


class Credited(NamedTuple):
    """A track's credits, and (role, position, artist key) of each name, each once in a role."""

    credits: Sequence[Credit]
    positions: Sequence[tuple[str, int, str]]


_names_of = attrgetter(
    *("artists", "artist_sort_names", "musicbrainz_artist_ids"),
    *("album_artists", "album_artist_sort_names", "musicbrainz_album_artist_ids"),
    "composers",
)


def credited(tags: TrackTags) -> Credited:
    return _credited(_names_of(tags))


@lru_cache(maxsize=512)  # the tracks of an album mostly name the same
def _credited(names: Sequence[tuple[str, ...]]) -> Credited:
    credits_ = (
        Credit(_ARTIST, *names[:3]),
        Credit(_ALBUM_ARTIST, *names[3:6]),
        Credit(_COMPOSER, names[6]),
    )
    return Credited(credits_, [*chain.from_iterable(map(_positions, credits_))])


def _positions(credit: Credit) -> Iterator[tuple[str, int, str]]:
    keys = dict.fromkeys(map(identity_key, credit.names))
    return ((credit.role, position, key) for position, key in enumerate(keys))


class PreparedArtists(NamedTuple):
    """Key → id of the artists that are stored already, and key → row of those to write."""

    ids: dict[str, int]
    rows: dict[str, Row]


def prepare_artists(batch: Iterable[Credited]) -> PreparedArtists:
    """What the transaction has to do: make new artists, and let bare ones learn from their tags."""
    wanted: dict[str, Named] = {}
    shared = {id(each): each for each in batch}  # one object for all tracks that name the same
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
    return PreparedArtists(ids, {key: _row(key, named) for key, named in wanted.items()})


def store_artists(prepared: PreparedArtists) -> dict[str, int]:
    """Key → id of every artist of the batch."""
    newest = newest_id(Artist)
    _ARTISTS.execute(list(prepared.rows.values()))
    ids = prepared.ids | dict(rows_made_after(Artist, ("key", "id"), newest))
    # Those that were there already, though nobody knew: after a commit whose answer was lost.
    return ids | {key: pk for key, pk, *_ in _stored(prepared.rows.keys() - ids.keys())}


def _stored(keys: Collection[str]) -> list[tuple[Any, ...]]:
    columns = ("key", "id", "name", "sort_name", "musicbrainz_artist_id")
    return rows_among(Artist, columns, "key", keys)


def _row(key: str, named: Named) -> Row:
    return (key, *named, sort_key(named.sort_name or named.name), sort_key(named.name))


def _fuller(one: Named, other: Named) -> Named:
    return Named(
        one.name,
        one.sort_name or other.sort_name,
        one.musicbrainz_artist_id or other.musicbrainz_artist_id,
    )
