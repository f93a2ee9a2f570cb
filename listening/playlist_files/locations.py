"""What the locations in playlist files mean: paths of any system, URIs, percent-encoded or not."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from library.lyrics.decoding import CODE_PAGES
from listening.playlist_files.entries import LONGEST_TEXT, FileEntry

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):(?://)?", re.IGNORECASE)  # not the `C:` of Windows
_FILE_URI = re.compile(r"file:(?://([^/\\]*))?", re.IGNORECASE)
_SHARE_URI = re.compile(r"(?:smb|nfs|afp|cifs|content|ftp|sftp|davs?)://", re.IGNORECASE)
_DRIVE = re.compile(r"/?[A-Za-z]:[\\/]")
_PERCENT = re.compile("%[0-9A-Fa-f]{2}")
_NO_NAME = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")  # no name of a file has these
_UNWRITABLE = re.compile("[\0-\x1f\x7f\udc80-\udcff]")
_SAFE_IN_URI = "/!$&'()*+,;=:@"
_OF_OLD_SYSTEMS = ("cp850", "cp437", "mac_roman")


class Place(NamedTuple):
    """The folder of a playlist file: its music folder, and the path below that."""

    root: str
    folder: str


def readings(entry: FileEntry) -> list[str]:
    """The paths that the location may stand for, the likeliest first; none for a stream."""
    texts = [entry.location, entry.location.strip(), entry.location.strip().strip("\"'")]
    if entry.raw_location:
        texts[:0] = [entry.raw_location, entry.raw_location.strip()]
        texts += _in_each_code_page(entry.raw_location.strip())
    found: dict[str, None] = {}
    for text in texts:
        if text and len(text) <= LONGEST_TEXT and not _NO_NAME.search(text):
            found.update(dict.fromkeys(_readings(text, is_uri=entry.is_uri)))
    return [path for path in found if path.strip()]


def in_roots(path: str, place: Place | None, roots: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Where the file of this path may be, the likeliest first: a music folder, and a path in it."""
    forms = dict.fromkeys((path, *(unicodedata.normalize(form, path) for form in ("NFC", "NFD"))))
    for form in forms:
        if not form.startswith("/"):
            if place is not None:
                yield from _below(f"{place.root}/{place.folder}/{form}", roots)
            labels = labels_of(roots)
            for root in roots:
                label = labels[root]
                if label and form.startswith(f"{label}/"):
                    yield root, os.path.normpath(form[len(label) + 1 :])
        else:
            yield from _below(form, roots)
        relative = os.path.normpath(form.lstrip("/"))
        yield from ((root, relative) for root in roots)


def parts_of_path(path: str) -> list[str]:
    """The parts of a path, without `.` and `..`."""
    parts = os.path.normpath(path).split("/")
    return [part for part in parts if part not in ("", ".", "..")]


def labels_of(roots: Iterable[str]) -> dict[str, str]:
    """What exported paths begin with, for each music folder: nothing if there is only one, else as
    many parts of its own path as make the difference."""
    parts = {root: parts_of_path(root) for root in roots}
    if len(parts) < 2:  # noqa: PLR2004
        return dict.fromkeys(parts, "")
    longest = max(map(len, parts.values()))
    for number in range(1, longest + 1):
        labels = {root: "/".join(each[-number:]) for root, each in parts.items()}
        if len(set(labels.values())) == len(labels):
            break
    return labels


def is_stream(location: str) -> bool:
    """Whether it is the address of a stream, and not a file. Names such as `Re: Stacks.mp3` only
    look like one."""
    if _FILE_URI.match(location) or _SHARE_URI.match(location) or _DRIVE.match(location):
        return False
    scheme = _SCHEME.match(location)
    return scheme is not None and (scheme[0].endswith("//") or " " not in location)


def has_no_line(path: str) -> bool:
    """Whether a line of a text file in UTF-8 cannot hold the path as it is."""
    return _UNWRITABLE.search(path) is not None


def as_uri(path: str) -> str:
    """The path as a URI or a relative reference, as XSPF wants it."""
    if is_stream(path):
        return path
    quoted = _quoted(path)
    if path.startswith("/"):
        return f"file://{quoted}"
    return f"./{quoted}" if ":" in quoted.partition("/")[0] else quoted


def as_line(path: str) -> str:
    """The path as a line of an M3U file. Percent-encoded if a line of UTF-8 cannot hold it."""
    if has_no_line(path):
        return f"file://{_quoted(path)}" if path.startswith("/") else f"./{_quoted(path)}"
    if path.startswith("#") or path != path.strip():
        return f"./{path}"
    return path


def _quoted(path: str) -> str:
    return quote_from_bytes(path.encode("utf-8", "surrogateescape"), _SAFE_IN_URI)


def _readings(text: str, *, is_uri: bool) -> Iterator[str]:
    if uri := _FILE_URI.match(text):
        rest = text[uri.end() :]
        host = uri[1] or ""
        if host and host.lower() != "localhost" and not _DRIVE.match(f"{host}/"):
            rest = f"/{host}{rest}"  # a share of Windows
        elif host and _DRIVE.match(f"{host}/"):
            rest = f"{host}{rest}"
        yield from _decoded_first(rest)
    elif share := _SHARE_URI.match(text):
        yield from _decoded_first(text[share.end() :])
    elif is_stream(text):
        return
    elif is_uri:
        yield from _decoded_first(text)
    else:
        yield from _with_slashes(text)
        if _PERCENT.search(text):
            yield from _with_slashes(_unquoted(text))


def _decoded_first(text: str) -> Iterator[str]:
    if _PERCENT.search(text):
        yield from _with_slashes(_unquoted(text))
    yield from _with_slashes(text)


def _in_each_code_page(raw: str) -> Iterator[str]:
    """The encoding of a short file can only be guessed; what is on disk tells which was right."""
    content = raw.encode("utf-8", "surrogateescape")
    for code_page in (*CODE_PAGES, *_OF_OLD_SYSTEMS):
        with suppress(UnicodeDecodeError):
            yield content.decode(code_page)


def _with_slashes(text: str) -> Iterator[str]:
    """The path as it is, and as one of Windows. Elsewhere names may have backslashes in them."""
    if _DRIVE.match(text):
        text = text.lstrip("/")
        yield text.replace("\\", "/")
        return
    yield text
    if "\\" in text:
        yield text.replace("\\", "/")


def _unquoted(text: str) -> str:
    raw = unquote_to_bytes(text.encode("utf-8", "surrogateescape"))
    decoded = raw.decode("utf-8", "surrogateescape")
    return "" if _NO_NAME.search(decoded) else decoded


def _below(path: str, roots: Iterable[str]) -> Iterator[tuple[str, str]]:
    path = os.path.normpath(path)
    for root in roots:
        if path.startswith(prefix := f"{root.rstrip('/')}/"):
            yield root, path[len(prefix) :]
