"""Two rows of the catalogue become one."""

from collections.abc import Mapping

from library import followers
from library.models.catalogue import Track
from library.models.revision import NextRevision
from library.models.tombstones import Tombstone
from library.scanning import to_settle
from library.scanning.albums import album_ids_of, refresh_albums
from library.scanning.folders import folder_ids_of, refresh_counts


def join_tracks(replaced: Mapping[int, int]) -> None:
    """Join tracks: `replaced` maps the id of each track that goes to the id of the one that stays.

    Rows of other apps then point at the tracks that stay, and the others are deleted; tombstones
    say what they became. The tracks that stay keep all their columns. This raises the revision, and
    flags the folders of the tracks that go: their albums are to be worked out. The caller opens the
    transaction, and passes few enough tracks for one. Raises ValueError if a track would both go
    and stay.
    """
    if both := replaced.keys() & set(replaced.values()):
        raise ValueError(f"tracks that would both go and stay: {sorted(both)}")
    revision = NextRevision()
    albums = album_ids_of(replaced.keys())
    folders = folder_ids_of(replaced.keys())
    followers.join(Track, replaced)
    Track.objects.filter(pk__in=replaced.keys()).delete()
    Tombstone.objects.bury(Track, replaced.keys(), revision.number, replaced)
    Tombstone.objects.lift(Track, set(replaced.values()))
    refresh_albums(albums, revision, albums)
    refresh_counts(folders, revision)
    to_settle.flag(folders)
