"""M3U and M3U8: a location a line, and before it what comments say of it."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.translation import gettext

from listening.playlist_files.decoding import Line, lines_of
from listening.playlist_files.entries import (
    BadPlaylistFile,
    FileEntry,
    PlaylistFile,
    add_entry,
    clean_text,
)

_DIRECTIVE = re.compile(r"\s*#(EXTINF|EXTALB|EXTART|PLAYLIST)\s*:(.*)", re.IGNORECASE | re.DOTALL)
# The length, attributes such as `tvg-name="A, B"`, and the text.
_INFO = re.compile(
    r'\s*(-?\d{1,9}(?:\.\d{0,9})?(?!\d))?((?:\s+[\w-]{1,64}=(?:"[^"]*"|[^\s,"]*))*)\s*(,?)(.*)',
    re.DOTALL,
)
_OF_STREAMS = ("#EXT-X-TARGETDURATION", "#EXT-X-STREAM-INF", "#EXT-X-MEDIA-SEQUENCE")
_BETWEEN = (" - ", " \N{EN DASH} ", " \N{EM DASH} ")
_LONGEST_LINE = 64 * 1024
# Comments may have these, as tags do from which programs copy them.
_CONTROL = re.compile("[\0-\x08\x0e-\x1f]")
_END_OF_DOS_FILE = "\x1a"
MOST_PARTS = 16
"""Each costs a comparison with all titles. A text of nothing but dashes has thousands."""


def read_m3u(content: bytes) -> PlaylistFile:
    """Raises BadPlaylistFile."""
    reader = _Reader()
    for line in lines_of(content):
        reader.take(line)
    reader.end_entry()
    return PlaylistFile(reader.entries, reader.name)


def write_m3u(entries: Iterable[FileEntry], name: str) -> Iterator[str]:
    """The lines of the file, which is UTF-8. An entry without a location has a comment alone."""
    yield "#EXTM3U\n#EXTENC:UTF-8\n"
    if name:
        yield f"#PLAYLIST:{clean_text(name)}\n"
    for entry in entries:
        yield "".join(_written(entry))


def parts_of(text: str) -> Iterator[tuple[str, str]]:
    """Each way to part a text such as `Artist - Title` into these two; MOST_PARTS at most."""
    return islice(_every_parts_of(text), MOST_PARTS)


def _every_parts_of(text: str) -> Iterator[tuple[str, str]]:
    for between in _BETWEEN:
        at = text.find(between)
        while at >= 0:
            artist, title = text[:at].strip(), text[at + len(between) :].strip()
            if artist and title:
                yield artist, title
            at = text.find(between, at + 1)


class _Reader:
    def __init__(self) -> None:
        self.entries: list[FileEntry] = []
        self.name = ""
        self._info: tuple[float | None, str] | None = None
        self._album = ""
        self._artist = ""

    def take(self, line: Line) -> None:
        if not line.text.strip().strip(_END_OF_DOS_FILE):
            return
        if len(line.text) > _LONGEST_LINE:
            raise BadPlaylistFile(gettext("A line of the playlist is longer than any path."))
        if line.text.lstrip().startswith("#"):
            self._take_comment(line.text)
        elif _CONTROL.search(line.text):
            raise BadPlaylistFile(
                gettext("The file is not a text: it contains control characters.")
            )
        else:
            self.end_entry(line)

    def end_entry(self, line: Line | None = None) -> None:
        """Add the entry of this line, with what the comments before it say. Without a line: with
        what they say alone."""
        if line is None and (self._info is None or not self._info[1]):
            return
        duration_s, text = self._info or (None, "")
        artist, title = _likeliest_parts(text, self._artist)
        location, raw = (line.text, line.raw) if line else ("", "")
        entry = FileEntry(location, title, artist, self._album, duration_s, "", text, raw)
        add_entry(self.entries, entry)
        self._info, self._album, self._artist = None, "", ""

    def _take_comment(self, text: str) -> None:
        if text.lstrip().startswith(_OF_STREAMS):
            raise BadPlaylistFile(
                gettext("The file lists the parts of a stream (HLS), not tracks.")
            )
        directive = _DIRECTIVE.match(text)
        if directive is None:
            return
        name, value = directive[1].upper(), directive[2]
        if name == "EXTINF":
            self.end_entry()
            self._info = _info_in(value)
        elif name == "EXTALB":
            self._album = clean_text(value)
        elif name == "EXTART":
            self._artist = clean_text(value)
        else:
            self.name = self.name or clean_text(value)


def _info_in(value: str) -> tuple[float | None, str]:
    """The length and the text of `#EXTINF`."""
    info = _INFO.match(value)
    if info is None:  # the pattern fits every text
        return None, clean_text(value)
    length_s = float(info[1] or 0)
    return (length_s if length_s > 0 else None), clean_text(info[4])


def _likeliest_parts(text: str, artist: str) -> tuple[str, str]:
    if artist:
        for between in _BETWEEN:
            if text.startswith(artist + between):
                return artist, text[len(artist + between) :]
    return next(parts_of(text), (artist, text))


def _written(entry: FileEntry) -> Iterator[str]:
    text = " - ".join(filter(None, (entry.artist, entry.title)))
    length_s = -1 if entry.duration_s is None else round(entry.duration_s)
    yield f"#EXTINF:{length_s},{clean_text(text)}\n"
    if entry.album:
        yield f"#EXTALB:{clean_text(entry.album)}\n"
    if _likeliest_parts(text, "") != (entry.artist, entry.title) and entry.artist:
        yield f"#EXTART:{clean_text(entry.artist)}\n"
    if entry.location:
        yield f"{entry.location}\n"
