"""What a scan checks about folders beside their tracks: pictures, rows that are missing, counts."""

from collections.abc import Callable, Mapping
from functools import cached_property

from django.conf import settings
from django.db import connection
from django.db.models import Q

from library.files.pictures import NO_COVER
from library.files.walk import FoundFolder
from library.models.catalogue import Track
from library.models.folders import Folder, MusicFolder
from library.models.paths import path_from_text
from library.scanning.artist_pictures import ArtistPictures
from library.scanning.batch import Batch
from library.scanning.compare import Scope
from library.scanning.folders import Cover, Place, place_of_path, stored_folders
from library.scanning.titled_covers import TitledCovers
from library.scanning.transactions import retried

TRACKS_AT_ONCE = 5_000


class FolderChecks:
    """The checks of one scan. Of the folders only those are kept in memory that have another
    picture, several pictures without a good name, or the picture of an artist."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._covers: dict[Place, Cover] = {}
        self._titled = TitledCovers(batch)

    @cached_property
    def _artists(self) -> ArtistPictures:
        return ArtistPictures()

    def add_music_folders(self) -> None:
        """Number the roots that have no number yet."""
        known = set(retried(lambda: list(MusicFolder.objects.values_list("root", flat=True))))
        if new := [str(root) for root in settings.MUSIC_DIRS if str(root) not in known]:
            self._batch.add_music_folders(new)

    def of_covers(self, scope: Scope) -> Callable[[FoundFolder], None]:
        """A function that takes each folder that the walk finds in the scope, and notes those whose
        picture is another now, and pictures of artists."""
        known = retried(lambda: _known_covers(scope))
        artists = self._artists

        def check(folder: FoundFolder) -> None:
            cover = folder.cover
            # A new folder with tracks is stored with its picture, one above it without.
            is_known = known.get(folder.path, cover if folder.files else NO_COVER) == cover
            if not is_known:
                self._covers[folder.root, folder.path] = cover
            artists.note(folder, is_known=is_known)
            if folder.titled and folder.files:
                self._titled.note(folder)

        return check

    def finish(self) -> None:
        """Store the covers of tracks in folders where the titles of albums decide, and mend what a
        server of an older version left: tracks without a folder, and counts."""
        while tracks := retried(_tracks_without_folder):
            self._batch.store_folders_of(tracks)
        self._titled.finish()
        if self._batch.transactions.counts.changed and (wrong := retried(_wrongly_counted)):
            self._batch.refresh_folder_counts(wrong)

    def finish_pictures(self) -> None:
        """Store the pictures of artists and of folders. Called when all artists have their names.

        Artists come first: where a scan ends between the two, the next one finds pictures of
        folders that are not known yet, and does both.
        """
        are_tracks_changed = bool(self._batch.transactions.counts.changed)
        if writes := self._artists.changes(are_tracks_changed=are_tracks_changed):
            self._batch.store_artist_pictures(writes)
        if changed := retried(self._changed_covers):
            self._batch.store_folder_covers(changed)

    def _changed_covers(self) -> dict[Place, Cover]:
        """Those of the noted pictures whose folder has a row with another picture."""
        stored = stored_folders(self._covers.keys()) if self._covers else {}
        return {
            place: self._covers[place]
            for place, row in stored.items()
            if row.cover != self._covers[place]
        }


def _known_covers(scope: Scope) -> Mapping[str, Cover]:
    """The stored pictures of the scope's folders, by path."""
    folders = Folder.objects.filter(root=scope.root)
    if scope.folder:
        folders = folders.filter(Q(path=scope.folder) | Q(path__below=scope.folder))
    rows = folders.order_by().values_list("path", "cover_id", "cover_file_name")
    # Read directly from the cursor: Django's conversion of each value takes longer than the query.
    sql, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {
            path_from_text(path): (cover_id, path_from_text(name))
            for path, cover_id, name in cursor.fetchall()
        }


def _tracks_without_folder() -> dict[int, Place]:
    tracks = Track.objects.filter(folder=None).values_list("pk", "root", "path")[:TRACKS_AT_ONCE]
    return {pk: place_of_path(root, path) for pk, root, path in tracks}


def _wrongly_counted() -> list[int]:
    """The ids of folders that hold another number of present tracks than they say."""
    sql = (
        "SELECT folder.id FROM library_folder folder LEFT JOIN ("
        "SELECT folder_id, COUNT(*) AS number FROM library_track "
        "WHERE missing_since IS NULL GROUP BY folder_id"
        ") counted ON counted.folder_id = folder.id "
        "WHERE folder.track_count <> COALESCE(counted.number, 0)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [pk for (pk,) in cursor.fetchall()]
