"""A track's credits as its tags state them: which artists, in which role and order.

A credit says which artist has which role in a track. Nothing here asks the database; see
`library.scanning.artists`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple

from library.models.catalogue import ArtistRole
from library.models.folding import identity_key
from library.tags import Contributor, TrackTags

# Plain strings, because access to a member of an enumeration is slower.
_ARTIST, _ALBUM_ARTIST, _COMPOSER = (
    role.value for role in (ArtistRole.ARTIST, ArtistRole.ALBUM_ARTIST, ArtistRole.COMPOSER)
)

ArtistKey = tuple[str, str]
"""The `identity_key` of a name, and the MusicBrainz id that a file states for it; empty without."""


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
        sort_names, ids = self.sort_names, self.musicbrainz_artist_ids
        return map(
            Named,
            self.names,
            sort_names if len(sort_names) == len(blank) else blank,
            ids if len(ids) == len(blank) else blank,
        )


class Position(NamedTuple):
    """The place of one artist in a credit."""

    role: str
    position: int
    artist: ArtistKey
    name: str
    instrument: str


class OneRole(NamedTuple):
    """A track's credit in one role: the artists, each with the key of its name, and their
    positions."""

    named: Sequence[tuple[str, Named]]
    positions: Sequence[Position]


class Credited(NamedTuple):
    """A track's credits, and the position of each name in them.

    A name counts only once in a role, but a performer once with each instrument.
    """

    roles: Sequence[OneRole]
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
    credits_ = [Credit(_ARTIST, *names[:3]), Credit(_ALBUM_ARTIST, *names[3:6])]
    if names[6]:
        credits_.append(Credit(_COMPOSER, *names[6:8]))
    if names[8]:
        credits_ += _credits_of(names[8])
    roles = [_one_role(credit) for credit in credits_ if credit.names]
    return Credited(roles, [*chain.from_iterable([each.positions for each in roles])])


def _credits_of(contributors: Sequence[Contributor]) -> Iterator[Credit]:
    """A credit for each role among them, in the order of the file."""
    of_roles = defaultdict[str, list[Contributor]](list)
    for each in contributors:
        of_roles[each.role].append(each)
    for role, own in of_roles.items():
        names, instruments = [each.name for each in own], [each.instrument for each in own]
        yield Credit(role, (*names,), instruments=(*instruments,))


@lru_cache(maxsize=512)  # tracks whose composers differ may have the same artists
def _one_role(credit: Credit) -> OneRole:
    instruments = credit.instruments or ("",) * len(credit.names)
    keyed = [(identity_key(each.name), each) for each in credit.named()]
    if len(keyed) == 1:  # the usual case, done quickly
        ((key, one),) = keyed
        artist = key, one.musicbrainz_artist_id
        return OneRole(keyed, [Position(credit.role, 0, artist, one.name, instruments[0])])
    names: dict[tuple[ArtistKey, str], str] = {}
    for (key, each), instrument in zip(keyed, instruments, strict=True):
        names.setdefault(((key, each.musicbrainz_artist_id), instrument), each.name)
    role = credit.role
    return OneRole(
        keyed,
        [
            Position(role, position, artist, name, instrument)
            for position, ((artist, instrument), name) in enumerate(names.items())
        ],
    )
