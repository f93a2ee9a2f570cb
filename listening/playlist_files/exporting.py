"""Writes playlists as files."""

import os
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db.models import F, Value
from django.utils.translation import gettext

from library.models.catalogue import Track
from library.models.paths import path_from_text, path_of_file
from library.queries.prepared import IsAmong, ids_value
from listening.lost import path_in_folder
from listening.models import LostItem, Playlist
from listening.playlist_files.entries import FileEntry
from listening.playlist_files.jspf import write_jspf
from listening.playlist_files.locations import as_line, as_uri, is_stream, labels_of
from listening.playlist_files.m3u import write_m3u
from listening.playlist_files.xspf import write_xspf
from listening.playlists.contents import targets_of
from listening.smart.nsp import write_nsp
from listening.smart.rules import BadRules, parse_rules

ENTRIES_AT_ONCE = 2_000
_TRACK = ("title", "artist", "album_title", "duration_s", "musicbrainz_recording_id")
_LOST = ("title", "artist", "album", "duration_s", "musicbrainz_id")


class FileFormat(StrEnum):
    M3U = "m3u"
    M3U8 = "m3u8"
    XSPF = "xspf"
    JSPF = "jspf"
    NSP = "nsp"


MEDIA_TYPES = {
    FileFormat.M3U: "audio/x-mpegurl; charset=utf-8",
    FileFormat.M3U8: "audio/x-mpegurl; charset=utf-8",  # the registered type is that of streams
    FileFormat.XSPF: "application/xspf+xml; charset=utf-8",
    FileFormat.JSPF: "application/json; charset=utf-8",
    FileFormat.NSP: "application/json; charset=utf-8",
}


class Paths(StrEnum):
    """How an exported file names the tracks' files. `RELATIVE`: to the music folder; of several
    music folders, to what these have in common."""

    RELATIVE = "relative"
    ABSOLUTE = "absolute"
    NONE = "none"


class NotExportable(Exception):
    """The text says why the playlist cannot be written in the format, for people."""


def _rules_of(playlist: Playlist) -> bytes:
    if playlist.rules is None:
        raise NotExportable(
            gettext("Only smart playlists have rules, which a file of this kind holds.")
        )
    try:
        return write_nsp(playlist.name, playlist.description, parse_rules(playlist.rules))
    except BadRules as error:
        raise NotExportable(str(error)) from None


def export_playlist(playlist: Playlist, file_format: FileFormat, paths: Paths) -> Iterator[bytes]:
    """The file, in parts. Lost entries are at their places, with the path that is known.

    Raises NotExportable: NSP is for smart playlists alone, and has no rules that name a playlist.
    """
    if file_format is FileFormat.NSP:
        return iter([_rules_of(playlist)])
    entries = _entries(playlist, paths, is_uri=file_format in {FileFormat.XSPF, FileFormat.JSPF})
    if file_format is FileFormat.XSPF:
        parts = write_xspf(entries, playlist.name, playlist.description)
    elif file_format is FileFormat.JSPF:
        parts = write_jspf(entries, playlist.name, playlist.description)
    else:
        parts = write_m3u(entries, playlist.name)
    return (part.encode("utf-8", "replace") for part in parts)


def _entries(playlist: Playlist, paths: Paths, *, is_uri: bool) -> Iterator[FileEntry]:
    targets = targets_of(playlist)
    locations = _Locations(paths, is_uri=is_uri)
    for start in range(0, len(targets), ENTRIES_AT_ONCE):
        some = targets[start : start + ENTRIES_AT_ONCE]
        described = _tracks(some, locations) | _lost(some, locations)
        yield from (described[each] for each in some if each in described)


class _Locations:
    """Writes paths as locations."""

    def __init__(self, paths: Paths, *, is_uri: bool) -> None:
        self._paths = paths
        self._write = as_uri if is_uri else as_line
        self._labels = labels_of(str(root) for root in settings.MUSIC_DIRS)

    def of_file(self, root: str, path: str) -> str:
        if self._paths is Paths.NONE:
            return ""
        if self._paths is Paths.ABSOLUTE:
            return self._write(f"{root.rstrip('/')}/{path}")
        label = self._labels.get(root, os.path.basename(root) if self._labels else "")
        return self._write(f"{label}/{path}" if label else path)

    def of_lost(self, path: str, *, is_purged: bool) -> str:
        """`path`: as a file said, or where the track was."""
        if self._paths is Paths.NONE or not path or is_stream(path):
            return path if is_stream(path) else ""
        for root in self._labels:
            if path.startswith(prefix := f"{root.rstrip('/')}/"):
                return self.of_file(root, path[len(prefix) :])
        is_shown = self._paths is Paths.ABSOLUTE
        return self._write(path if is_shown else path_in_folder(path, is_purged=is_purged))


def _tracks(targets: Sequence[int], locations: _Locations) -> dict[int, FileEntry]:
    ids = Value(ids_value([each for each in targets if each > 0]))
    rows = Track.objects.filter(IsAmong(F("pk"), ids)).order_by()
    return {
        row["pk"]: _entry(row, _TRACK, locations.of_file(row["root"], path_of_file(row["path"])))
        for row in rows.values("pk", "root", "path", *_TRACK)
    }


def _lost(targets: Sequence[int], locations: _Locations) -> dict[int, FileEntry]:
    ids = Value(ids_value([-each for each in targets if each < 0]))
    rows = LostItem.objects.filter(IsAmong(F("pk"), ids)).order_by()
    found = {}
    for row in rows.values("pk", "path", "former_id", *_LOST):
        is_purged = row["former_id"] is not None
        location = locations.of_lost(path_from_text(row["path"]), is_purged=is_purged)
        found[-row["pk"]] = _entry(row, _LOST, location)
    return found


def _entry(row: Mapping[str, Any], columns: Sequence[str], location: str) -> FileEntry:
    title, artist, album, duration_s, recording_id = (row[name] for name in columns)
    return FileEntry(location, title, artist, album, duration_s or None, recording_id)
