"""XSPF, "spiff": a playlist in XML (https://xspf.org/spec). The same parser reads WPL, the
playlists of Windows Media Player: XML in which each element `media` is an entry."""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat  # entities are refused, see `_Reader`
from xml.sax.saxutils import escape  # writes only

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

_ROOTS = ("playlist", "smil")
_MEDIA = ["smil", "body", "seq", "media"]
_NAMESPACE = "http://xspf.org/ns/0/"
_DEEPEST = 64
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_xspf(content: bytes) -> PlaylistFile:
    """Raises BadPlaylistFile."""
    try:
        return _read(content, None)
    except expat.ExpatError as error:
        problem = error
    try:  # it may be in another encoding than it says
        return _read(as_utf8(content), "utf-8")
    except expat.ExpatError:
        raise BadPlaylistFile(
            gettext("The file is not valid XML: %(why)s.") % {"why": problem}
        ) from None


def write_xspf(entries: Iterable[FileEntry], name: str, description: str) -> Iterator[str]:
    """The file, in parts."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<playlist version="1" xmlns="{_NAMESPACE}">\n'
    yield _element("title", name, " ") + _element("annotation", description, " ")
    yield " <trackList>\n"
    for entry in entries:
        yield "".join(_written(entry))
    yield " </trackList>\n</playlist>\n"


def _written(entry: FileEntry) -> Iterator[str]:
    yield "  <track>\n"
    yield _element("location", entry.location)
    yield _element("identifier", recording_uri(entry.recording_id))
    yield _element("title", entry.title)
    yield _element("creator", entry.artist)
    yield _element("album", entry.album)
    if entry.duration_s is not None:
        yield _element("duration", str(round(entry.duration_s * 1000)))
    yield "  </track>\n"


def _element(name: str, text: str, indent: str = "   ") -> str:
    if not text:
        return ""
    return f"{indent}<{name}>{escape(_FORBIDDEN.sub(' ', text))}</{name}>\n"


def _read(content: bytes, encoding: str | None) -> PlaylistFile:
    reader = _Reader(encoding)
    try:
        reader.parser.Parse(content, True)  # noqa: FBT003  # takes no keywords
    except (LookupError, ValueError) as error:  # an encoding that expat or Python does not know
        if isinstance(error, expat.ExpatError):
            raise
        raise BadPlaylistFile(
            gettext("The file cannot be read: %(why)s.") % {"why": error}
        ) from None
    if not reader.is_playlist:
        raise BadPlaylistFile(gettext("The file is XML, but not a playlist (XSPF)."))
    found = reader.of_playlist
    name, description = clean_text(found.get("title")), clean_text(found.get("annotation"))
    return PlaylistFile(reader.entries, name, description)


class _Reader:
    """Collects the texts of the elements `playlist/title` and `playlist/trackList/track/title` and
    so on, and the attributes of WPL's `media`, while the file is parsed. Declared entities are
    refused: a few lines of them can stand for gigabytes of text."""

    def __init__(self, encoding: str | None) -> None:
        self.parser = expat.ParserCreate(encoding)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._take_text
        self.parser.EntityDeclHandler = _refuse_entity
        self.is_playlist = False
        self.of_playlist: dict[str, str] = {}
        self.entries: list[FileEntry] = []
        self._of_track: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._texts: list[str] = []
        self._length = 0

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._path.append(name.rpartition(":")[2].lower())
        if len(self._path) > _DEEPEST:
            raise BadPlaylistFile(gettext("The file nests elements too deeply."))
        if len(self._path) == 1:
            self.is_playlist = self._path[0] in _ROOTS
        if self._path == ["playlist", "tracklist", "track"]:
            self._of_track = {}
        if self._path == _MEDIA and attributes.get("src"):
            add_entry(self.entries, _entry_of_media(attributes))
        self._texts, self._length = [], 0

    def _take_text(self, text: str) -> None:
        if self._length <= LONGEST_TEXT:
            self._texts.append(text)
            self._length += len(text)

    def _end(self, _: str) -> None:
        text = "".join(self._texts)[:LONGEST_TEXT].strip()
        above, name = self._path[:-1], self._path.pop()
        if above in (["playlist"], ["smil", "head"]):
            self.of_playlist.setdefault(name, text)
        elif above == ["playlist", "tracklist", "track"]:
            self._of_track.setdefault(name, []).append(text)
        elif name == "track" and above == ["playlist", "tracklist"]:
            add_entry(self.entries, _entry_of(self._of_track))
        self._texts = []


def _entry_of(found: dict[str, list[str]]) -> FileEntry:
    def first(name: str) -> str:
        return next(filter(None, found.get(name, ())), "")

    identifiers = [*found.get("identifier", ()), *found.get("location", ())]
    return FileEntry(
        location=first("location"),
        title=clean_text(first("title")),
        artist=clean_text(first("creator")),
        album=clean_text(first("album")),
        duration_s=milliseconds(first("duration")),
        recording_id=next(filter(None, map(recording_id_in, identifiers)), ""),
        is_uri=True,
    )


def _entry_of_media(attributes: Mapping[str, str]) -> FileEntry:
    return FileEntry(
        location=attributes["src"],
        title=clean_text(attributes.get("trackTitle")),
        artist=clean_text(attributes.get("trackArtist")),
        album=clean_text(attributes.get("albumTitle")),
        duration_s=milliseconds(attributes.get("duration")),
    )


def milliseconds(value: object) -> float | None:
    """A length in seconds; None if `value` is not one in milliseconds."""
    try:
        length_s = float(str(value)) / 1000
    except ValueError:
        return None
    return length_s if 0 < length_s < float("inf") else None


def _refuse_entity(*_: object) -> None:
    raise BadPlaylistFile(gettext("The file declares entities, which playlists have no use for."))
