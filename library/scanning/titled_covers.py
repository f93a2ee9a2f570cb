"""Covers of known tracks in folders where several pictures are named after albums: `Kid A.jpg` and
`Amnesiac.jpg`.

The walk sees only the names of such pictures. The title of a track's album says which of them is
its cover, and known tracks are not read again. So the titles are looked up in the database after
the walk, for all these folders together.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import Any

from library.covers.folder import choose_titled
from library.files.lyrics_files import NO_LYRICS
from library.files.pictures import Cover, identified
from library.files.walk import FoundFile, FoundFolder
from library.models.catalogue import Track
from library.models.paths import path_from_text
from library.scanning.batch import Batch, portions
from library.scanning.folders import Place, stored_folders
from library.scanning.lookup import rows_among
from library.scanning.transactions import retried

FOLDERS_AT_ONCE = 200
_FILE = ("path", "mtime_ns", "size_bytes", "device", "inode")
_COLUMNS = (
    *("id", "folder_id", "missing_since", "cover_id", "cover_file_name"),
    *("album_title", "album_artist", "artist", *_FILE),
)


class TitledCovers:
    """The folders of one scan whose tracks may have different covers."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._folders: dict[Place, tuple[Cover, tuple[str, ...]]] = {}

    def note(self, folder: FoundFolder) -> None:
        self._folders[folder.root, folder.path] = folder.cover, folder.titled

    def finish(self) -> None:
        """Store the covers of known tracks that have another picture now."""
        for places in portions(sorted(self._folders), FOLDERS_AT_ONCE):
            for track_id, found in retried(partial(self._changed, places)):
                self._batch.change_cover(track_id, found)
        self._batch.flush()

    def _changed(self, places: Sequence[Place]) -> list[tuple[int, FoundFile]]:
        """The tracks of these folders with another cover than stored. Only reads the database."""
        place_of = {row.folder_id: place for place, row in stored_folders(places).items()}
        look = cache(identified)
        rows = rows_among(Track, _COLUMNS, "folder_id", place_of.keys())
        return list(self._compared(rows, place_of, look))

    def _compared(
        self, rows: Sequence[tuple[Any, ...]], place_of: dict[int, Place], look: Any
    ) -> Iterator[tuple[int, FoundFile]]:
        for pk, folder_id, missing_since, cover_id, cover_file_name, *texts_and_file in rows:
            if missing_since is not None or (cover_id and not cover_file_name):
                continue
            root, folder = place_of[folder_id]
            cover, names = self._folders[root, folder]
            title, album_artist, artist, path, *stat = texts_and_file
            track_name = os.path.basename(path_from_text(path))
            name = choose_titled(names, title, album_artist or artist, track_name)
            own = look(root, folder, name) if name else cover
            chosen = own if own.cover_id else cover
            if chosen.cover_id != cover_id:
                file = (root, path_from_text(path), *stat, *chosen, NO_LYRICS)
                yield pk, FoundFile._make((*file, (), False))
