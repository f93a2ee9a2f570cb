"""JSPF: XSPF as JSON, as ListenBrainz and others export it (https://xspf.org/jspf)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext

from listening.playlist_files.decoding import as_utf8
from listening.playlist_files.entries import (
    LONGEST_TEXT,
    BadPlaylistFile,
    FileEntry,
    PlaylistFile,
    add_entry,
    clean_text,
)
from listening.playlist_files.recordings import recording_id_in, recording_uri
from listening.playlist_files.xspf import milliseconds


def read_jspf(content: bytes) -> PlaylistFile:
    """Raises BadPlaylistFile."""
    try:
        # No such number is needed, and long ones take Python long.
        document = json.loads(as_utf8(content), parse_int=float)
    except RecursionError:
        raise BadPlaylistFile(gettext("The file nests values too deeply.")) from None
    except ValueError as error:
        raise BadPlaylistFile(
            gettext("The file is not valid JSON: %(why)s.") % {"why": error}
        ) from None
    playlist = document.get("playlist") if isinstance(document, dict) else None
    if not isinstance(playlist, dict):
        raise BadPlaylistFile(gettext("The file is JSON, but not a playlist (JSPF)."))
    entries: list[FileEntry] = []
    for track in _list_of(playlist.get("track")):
        if isinstance(track, dict):
            add_entry(entries, _entry_of(track))
    name, description = clean_text(playlist.get("title")), clean_text(playlist.get("annotation"))
    return PlaylistFile(entries, name, description)


def write_jspf(entries: Iterable[FileEntry], name: str, description: str) -> Iterator[str]:
    """The file, in parts."""
    about = {"title": name, "annotation": description} if description else {"title": name}
    yield f'{{"playlist": {_as_json(about)[:-1]}, "track": ['
    for number, entry in enumerate(entries):
        yield f"{',' if number else ''}\n{_as_json(_written(entry))}"
    yield "\n]}}\n"


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _written(entry: FileEntry) -> dict[str, Any]:
    duration_ms = None if entry.duration_s is None else round(entry.duration_s * 1000)
    values = {
        "location": [entry.location] if entry.location else None,
        "identifier": [recording_uri(entry.recording_id)] if entry.recording_id else None,
        "title": entry.title,
        "creator": entry.artist,
        "album": entry.album,
        "duration": duration_ms,
    }
    return {name: value for name, value in values.items() if value}


def _entry_of(track: dict[str, Any]) -> FileEntry:
    locations = [each for each in _list_of(track.get("location")) if isinstance(each, str)]
    identifiers = [*_list_of(track.get("identifier")), *locations]
    return FileEntry(
        location=next(filter(None, locations), "")[:LONGEST_TEXT],
        title=clean_text(track.get("title")),
        artist=clean_text(track.get("creator")),
        album=clean_text(track.get("album")),
        duration_s=milliseconds(track.get("duration")),
        recording_id=next(filter(None, map(recording_id_in, identifiers)), ""),
        is_uri=True,
    )


def _list_of(value: object) -> list[Any]:
    """Lists of one are often written as the value alone."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
