"""The artists of a batch, and each track's credits."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from library.models import Artist, ArtistRole
from library.models.folding import identity_key, sort_key
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


def credits_of(tags: TrackTags) -> Iterator[tuple[str, int, str]]:
    """(role, position, artist key) of each name on a track, each name once a role."""
    for role, named in _named_by_role(tags):
        for position, key in enumerate(dict.fromkeys(key for key, _ in named)):
            yield role, position, key


class PreparedArtists(NamedTuple):
    """Key → id of the artists that are stored already, and key → row of those to write."""

    ids: dict[str, int]
    rows: dict[str, Row]


def prepare_artists(batch: Iterable[TrackTags]) -> PreparedArtists:
    """What the transaction has to do: make new artists, and let bare ones learn from their tags."""
    wanted: dict[str, Named] = {}
    for tags in batch:
        for _, named in _named_by_role(tags):
            for key, each in named:
                known = wanted.get(key)
                wanted[key] = each if known in {None, each} else _fuller(known, each)
    ids: dict[str, int] = {}
    for key, pk, *stored in _stored(wanted):
        ids[key] = pk
        wanted[key] = _fuller(Named(*stored), wanted[key])
        if wanted[key] == tuple(stored):
            del wanted[key]
    return PreparedArtists(ids, {key: _row(key, named) for key, named in wanted.items()})


def store_artists(prepared: PreparedArtists) -> dict[str, int]:
    """Key → id of every artist of the batch."""
    _ARTISTS.execute(list(prepared.rows.values()))
    new = _stored(prepared.rows.keys() - prepared.ids.keys())
    return prepared.ids | {key: pk for key, pk, *_ in new}


def _stored(keys: Collection[str]) -> list[tuple[str, int, str, str, str]]:
    if not keys:
        return []
    columns = ("key", "pk", "name", "sort_name", "musicbrainz_artist_id")
    return list(Artist.objects.filter(key__in=keys).values_list(*columns))


def _row(key: str, named: Named) -> Row:
    return (key, *named, sort_key(named.sort_name or named.name), sort_key(named.name))


def _named_by_role(tags: TrackTags) -> Iterator[tuple[str, Sequence[tuple[str, Named]]]]:
    """Each name with its key."""
    ids, album_ids = tags.musicbrainz_artist_ids, tags.musicbrainz_album_artist_ids
    yield _ARTIST, _named(tags.artists, tags.artist_sort_names, ids)
    yield _ALBUM_ARTIST, _named(tags.album_artists, tags.album_artist_sort_names, album_ids)
    yield _COMPOSER, _named(tags.composers)


@lru_cache(maxsize=128)
def _named(
    names: tuple[str, ...], sort_names: tuple[str, ...] = (), ids: tuple[str, ...] = ()
) -> Sequence[tuple[str, Named]]:
    """Sort names and ids belong to names only where the file has one for each."""
    blank = ("",) * len(names)
    named = zip(
        names,
        sort_names if len(sort_names) == len(names) else blank,
        ids if len(ids) == len(names) else blank,
        strict=True,
    )
    return [(identity_key(name), Named(name, *rest)) for name, *rest in named]


def _fuller(one: Named, other: Named) -> Named:
    return Named(
        one.name,
        one.sort_name or other.sort_name,
        one.musicbrainz_artist_id or other.musicbrainz_artist_id,
    )
