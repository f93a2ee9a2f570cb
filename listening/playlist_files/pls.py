"""PLS, the playlists of Winamp: `File1=`, `Title1=` and `Length1=`, and so on, in any order."""

import re
from collections import defaultdict
from collections.abc import Mapping

from listening.playlist_files.decoding import Line, lines_of
from listening.playlist_files.entries import FileEntry, PlaylistFile, add_entry, clean_text
from listening.playlist_files.m3u import parts_of

FIRST_LINE = "[playlist]"

_VALUE = re.compile(r"\s*(file|title|length)(\d{1,9})\s*=\s*(.*)", re.IGNORECASE)
_NAME = re.compile(r"\s*(?:x-gnome-title|playlistname)\s*=\s*(.*)", re.IGNORECASE)


def read_pls(content: bytes) -> PlaylistFile:
    """Raises BadPlaylistFile."""
    values = defaultdict[int, dict[str, Line]](dict)
    name = ""
    for line in lines_of(content):
        if found := _VALUE.match(line.text):
            raw = _VALUE.match(line.raw)
            value = Line(found[3].rstrip(), raw[3].rstrip() if raw else "")
            values[int(found[2])].setdefault(found[1].lower(), value)
        elif found := _NAME.match(line.text):
            name = name or clean_text(found[1])
    entries: list[FileEntry] = []
    for number in sorted(values):
        add_entry(entries, _entry_of(values[number]))
    return PlaylistFile(entries, name)


def _entry_of(values: Mapping[str, Line]) -> FileEntry:
    location, raw = values.get("file", Line(""))
    text = clean_text(values.get("title", Line("")).text)
    artist, title = next(parts_of(text), ("", text))
    length = values.get("length", Line("")).text
    duration_s = float(length) if re.fullmatch("[1-9][0-9]{0,8}", length) else None
    return FileEntry(location, title, artist, "", duration_s, "", text, raw)
