"""Finds the tracks that the entries of playlist files mean. A wrong track is worse than none: where
several fit and nothing tells which, none is found.

1. The file is where the location says: below a music folder, or beside the playlist's own file.
2. The MusicBrainz recording.
3. A file whose path ends as the location does; see `suffixes`.
4. Artist and title, with the album and the length to choose between several; see `tags`.

A fixed number of queries for some thousands of entries. The table of tracks has no index for the
second to fourth way: it is read once, and only if the first way does not find all entries.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import md5
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from library.models.catalogue import Track
from library.models.folding import fold
from library.models.paths import path_from_text, path_to_text, unique_path_sql
from listening.playlist_files.entries import FileEntry
from listening.playlist_files.locations import Place, in_roots, parts_of_path, readings
from listening.playlist_files.suffixes import Suffixes, folded
from listening.playlist_files.survey import Candidate, all_tracks
from listening.playlist_files.tags import (
    Names,
    best_named,
    names_of,
    names_of_track,
    title_key,
)

ENTRIES_AT_ONCE = 5_000
PATHS_AT_ONCE = 5_000

FilePlace = tuple[str, str]
"""A music folder, and the path of a file below it."""


class Wanted(NamedTuple):
    """An entry, and where its playlist's file is; None if that is not in a music folder."""

    entry: FileEntry
    place: Place | None = None


def find_tracks(wanted: Sequence[Wanted]) -> list[int | None]:
    """For each of these the id of its track. Missing tracks are found as well, after others."""
    found: list[int | None] = [None] * len(wanted)
    paths = [readings(each.entry) for each in wanted]
    roots = [str(root) for root in settings.MUSIC_DIRS]
    for start in range(0, len(wanted), ENTRIES_AT_ONCE):
        numbers = range(start, min(start + ENTRIES_AT_ONCE, len(wanted)))
        places = {
            number: [*_places(paths[number], wanted[number].place, roots)] for number in numbers
        }
        there = _tracks_at({place for each in places.values() for place in each})
        for number, some in places.items():
            found[number] = next((there[place] for place in some if place in there), None)
    if rest := [number for number, track_id in enumerate(found) if track_id is None]:
        searched = _Rest({number: wanted[number].entry for number in rest}, paths)
        for number in rest:
            found[number] = searched.best(number)
    return found


def _places(
    paths: Iterable[str], place: Place | None, roots: Sequence[str]
) -> Mapping[FilePlace, None]:
    """Where the file of an entry may be, the likeliest first."""
    return dict.fromkeys(each for path in paths for each in in_roots(path, place, roots))


def _tracks_at(places: Iterable[FilePlace]) -> dict[FilePlace, int]:
    """The ids of the tracks whose files are at these places."""
    paths_of = defaultdict[str, list[str]](list)
    for root, path in places:
        paths_of[root].append(path)
    return {
        (root, path): pk
        for root, paths in paths_of.items()
        for start in range(0, len(paths), PATHS_AT_ONCE)
        for path, pk in _rows_at(root, paths[start : start + PATHS_AT_ONCE])
    }


def _rows_at(root: str, paths: Sequence[str]) -> list[tuple[str, int]]:
    texts = [path_to_text(path) for path in paths]
    if connection.vendor == "postgresql":
        texts = [md5(text.encode(), usedforsecurity=False).hexdigest() for text in texts]
    marks = ", ".join(["%s"] * len(texts))
    sql = (
        f"SELECT path, id FROM {Track._meta.db_table} "  # noqa: S608  # no values in it
        f"WHERE root = %s AND {unique_path_sql('path', connection.vendor)} IN ({marks})"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [path_to_text(root), *texts])
        return [(path_from_text(path), pk) for path, pk in cursor.fetchall()]


def _of_recording(entry: FileEntry, candidates: Sequence[Candidate]) -> Candidate:
    """All of them are what the entry means; a present one on its album is preferred."""
    album = fold(entry.album)

    def rank(each: Candidate) -> tuple[bool, bool, int]:
        return each.is_missing, bool(album) and fold(each.album) != album, each.pk

    return min(candidates, key=rank)


class _Rest:
    """The entries that are still searched, and the tracks that may be theirs."""

    def __init__(self, entries: Mapping[int, FileEntry], paths: Sequence[Sequence[str]]) -> None:
        self._entries = entries
        self._paths = {number: [*map(parts_of_path, paths[number])] for number in entries}
        self._names = {number: names_of(entry) for number, entry in entries.items()}
        self._recorded = defaultdict[str, list[Candidate]](list)
        self._named = defaultdict[Names, list[Candidate]](list)
        self._suffixes = Suffixes()
        self._collect()

    def best(self, number: int) -> int | None:
        """The id of the track that this entry means."""
        entry = self._entries[number]
        if recorded := self._recorded.get(entry.recording_id):
            return _of_recording(entry, recorded).pk
        for parts in self._paths[number]:
            if parts and (found := self._suffixes.best(parts, entry)):
                return found.pk
        for names in self._names[number]:
            named = {each.pk: each for each in self._with_names(names)}
            if best := best_named(entry, named.values()):
                return best.pk
        return None

    def _with_names(self, names: Iterable[Names]) -> Iterator[Candidate]:
        return (each for some in names for each in self._named.get(some, ()))

    def _collect(self) -> None:
        recordings = {entry.recording_id for entry in self._entries.values()} - {""}
        paths = (parts for each in self._paths.values() for parts in each if parts)
        file_names = {folded(parts[-1]) for parts in paths}
        names = {some for each in self._names.values() for some in (*each.usual, *each.reversed)}
        titles = {title for _, title in names}
        if not recordings and not file_names and not titles:
            return
        for candidate in all_tracks():
            if candidate.recording_id in recordings:
                self._recorded[candidate.recording_id].append(candidate)
            if folded(candidate.path.rpartition("/")[2]) in file_names:
                self._suffixes.add(candidate)
            if title_key(candidate.title) in titles:
                for some in names.intersection(names_of_track(candidate)):
                    self._named[some].append(candidate)
