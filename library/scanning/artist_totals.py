"""Artists whose totals change because a track or a credit goes.

The totals of an artist are counted over the artist's credits. `library.queries.changes` finds the
artists of tracks that changed by these credits. It cannot find an artist by a credit that is gone,
so what deletes credits or tracks gives the artists the revision. The functions run inside the
caller's transaction.
"""

from collections.abc import Collection, Iterable, Mapping

from library.models.catalogue import OWN_ROLES, Artist, TrackArtist
from library.models.revision import NextRevision
from library.scanning.lookup import rows_among
from library.scanning.successors import Roles
from library.scanning.upsert import Row, Update

_REVISION = Update(Artist, ("revision",))
_COUNTED = frozenset(role.value for role in OWN_ROLES)


def touch_artists_of(track_ids: Collection[int], revision: NextRevision) -> None:
    """Give the artists of these tracks the revision. Call this before the tracks are deleted or
    lose their credits."""
    credits_ = rows_among(TrackArtist, ("artist_id", "role"), "track_id", track_ids)
    touch_artists({artist_id for artist_id, role in credits_ if role in _COUNTED}, revision)


def touch_losers(
    before: Mapping[int, Roles], credit_rows: Iterable[Row], revision: NextRevision
) -> None:
    """Give the revision to artists that a track does not credit any more. `before`: what
    `credited_artists` returned. `credit_rows`: the credits of these tracks now, and maybe of
    others; each begins with the track, the artist and the role."""
    kept = {row[:2] for row in credit_rows if row[2] in _COUNTED}
    had = (
        (track_id, artist_id)
        for track_id, roles in before.items()
        for role in _COUNTED & roles.keys()
        for artist_id in roles[role]
    )
    touch_artists({each[1] for each in had if each not in kept}, revision)


def touch_artists(artist_ids: Collection[int], revision: NextRevision) -> None:
    if artist_ids:
        _REVISION.execute([(revision.number, pk) for pk in sorted(artist_ids)])
