"""What the formats of playlist files have in common: entries, limits, and the error."""

from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext

from library.playlist_followers import MOST_BYTES

__all__ = ["MOST_BYTES", "BadPlaylistFile", "FileEntry", "PlaylistFile", "add_entry", "clean_text"]

MOST_ENTRIES = 100_000
LONGEST_TEXT = 4_000
"""Characters of a title, a name or a path. File systems take paths of at most 4,096 bytes."""


class BadPlaylistFile(Exception):
    """The file cannot be read. The message is a sentence for people."""


class FileEntry(NamedTuple):
    """One entry of a playlist file.

    `location`: the path or URI as the file has it; empty if it has none. `raw_location`: the same
    with bytes that are no UTF-8 as lone surrogates, if there are any: the name of a file on disk
    may consist of exactly these. `text`: title and artist in one text, where the file does not part
    them; `title` and `artist` are the likeliest parts then. `recording_id`: of MusicBrainz.
    `is_uri`: the format has URIs, in which `%20` is a space.
    """

    location: str = ""
    title: str = ""
    artist: str = ""
    album: str = ""
    duration_s: float | None = None
    recording_id: str = ""
    text: str = ""
    raw_location: str = ""
    is_uri: bool = False


class PlaylistFile(NamedTuple):
    """What a playlist file says. `name` and `description` are empty if it does not say."""

    entries: list[FileEntry]
    name: str = ""
    description: str = ""


def add_entry(entries: list[FileEntry], entry: FileEntry) -> None:
    """Raises BadPlaylistFile if there are too many."""
    if len(entries) >= MOST_ENTRIES:
        raise BadPlaylistFile(
            gettext("The playlist has more than %(most)s entries.")
            % {"most": intcomma(MOST_ENTRIES)}
        )
    entries.append(entry)


def clean_text(text: object) -> str:
    """A text in one line, without control characters, and not longer than LONGEST_TEXT."""
    if not isinstance(text, str):
        return ""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(text[:LONGEST_TEXT].split())
