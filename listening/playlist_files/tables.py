"""Tables of tracks (CSV, TSV): a row of headings, then a row for each track. Tools that export
playlists from streaming services write them (Exportify, TuneMyMusic, Soundiiz); iTunes does as
"text"."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext

from library.models.folding import fold
from listening.playlist_files.decoding import lines_of
from listening.playlist_files.entries import (
    BadPlaylistFile,
    FileEntry,
    PlaylistFile,
    add_entry,
    clean_text,
)

_SEPARATORS = "\t,;"
_HEADINGS: Mapping[str, Sequence[str]] = {
    "title": ("track name", "song name", "track title", "title", "name", "song", "track"),
    "artist": ("artist name(s)", "artist name", "artist(s)", "artists", "artist", "track artist"),
    "album": ("album name", "album title", "album"),
    "ms": ("track duration (ms)", "duration (ms)", "duration_ms"),
    "seconds": ("time", "duration", "length"),
}
"""What a column is called, in small letters; the likeliest first."""
_SEVERAL = re.compile(r"\s*[,;]\s*")
_NUMBER = re.compile(r"[1-9]\d{0,8}(?:\.\d{1,9})?", re.ASCII)
_MS = 1000


def is_table(content: bytes) -> bool:
    """Whether the first line has headings of a title and of an artist. A list of paths has not."""
    lines = lines_of(content)
    return bool(lines) and _columns_of(lines[0].text)[1].keys() >= {"title", "artist"}


def read_table(content: bytes) -> PlaylistFile:
    """Raises BadPlaylistFile."""
    texts = [line.text for line in lines_of(content)]
    separator, columns = _columns_of(texts[0])
    entries: list[FileEntry] = []
    for row in _rows(texts[1:], separator):
        values = {
            name: clean_text(row[place]) if place < len(row) else ""
            for name, place in columns.items()
        }
        if values["title"] or values["artist"]:
            add_entry(entries, _entry_of(values))
    return PlaylistFile(entries)


def _rows(texts: Sequence[str], separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(texts, delimiter=separator)
    except csv.Error as error:  # a field that is longer than any text
        raise BadPlaylistFile(
            gettext("The file cannot be read: %(why)s.") % {"why": error}
        ) from None


def _columns_of(first_line: str) -> tuple[str, dict[str, int]]:
    """The separator, and the places of the columns that are known."""
    separator = max(_SEPARATORS, key=first_line.count)
    headings = [fold(each.strip(' "')) for each in first_line.split(separator)]
    places = {
        name: next((headings.index(each) for each in known if each in headings), None)
        for name, known in _HEADINGS.items()
    }
    return separator, {name: place for name, place in places.items() if place is not None}


def _entry_of(values: Mapping[str, str]) -> FileEntry:
    artist, title = values["artist"], values["title"]
    first, *others = _SEVERAL.split(artist)
    # Several artists stand in one column, and so do names that have a comma in them.
    text = f"{first} - {title}" if others else ""
    return FileEntry(
        title=title,
        artist=artist,
        album=values.get("album", ""),
        duration_s=_length_of(values),
        text=text,
    )


def _length_of(values: Mapping[str, str]) -> float | None:
    for name, parts in (("ms", _MS), ("seconds", 1)):
        if _NUMBER.fullmatch(values.get(name, "")):
            return float(values[name]) / parts
    return None
