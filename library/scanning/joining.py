"""Two rows of the catalogue become one."""

from collections.abc import Mapping

from library import followers
from library.models.catalogue import Track
from library.scanning.albums import album_ids_of, refresh_albums


def join_tracks(replaced: Mapping[int, int]) -> None:
    """Delete the tracks whose ids are keys of `replaced`; what other apps hold of each points at
    the track it is mapped to afterwards. Part of the caller's transaction, in portions that a
    transaction should have.

    The tracks that stay keep all their columns; the caller sets their revision. Raises ValueError
    where a track that goes is to stay as well.
    """
    if both := replaced.keys() & set(replaced.values()):
        raise ValueError(f"tracks that would both go and stay: {sorted(both)}")
    albums = album_ids_of(replaced.keys())
    followers.join(Track, replaced)
    Track.objects.filter(pk__in=replaced.keys()).delete()
    refresh_albums(albums)
