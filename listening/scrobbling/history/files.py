"""Reads the rows of exported files: of zip archives, JSON (one object on each line, or all in one)
and tables with commas, semicolons or tabs. Memory is bounded, whatever the size of the file."""

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext

from listening.scrobbling.history.heard import (
    ALBUM_NAMES,
    ARTIST_NAMES,
    TIME_NAMES,
    TITLE_NAMES,
    is_play,
)
from listening.scrobbling.history.json_objects import json_objects

CHUNK_BYTES = 65_536
MOST_FILES = 10_000
MOST_UNPACKED_BYTES = 4 * 1024**3
LONGEST_LINE = 65_536

Row = dict[str, Any]

_SUFFIXES = (".json", ".jsonl", ".csv", ".tsv", ".txt")
_WITHOUT_HEADER = ("artist", "album", "track", "date")
"""The columns of files that have no names of columns."""


class FileRefused(Exception):
    """The file is none that can be read. The text says why, for people."""


class ArchiveTooLarge(FileRefused):
    """The archive would unpack to too much."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            gettext("The archive holds too much: more than %(most)s MiB when unpacked.")
            % {"most": intcomma(most_bytes // 1024**2)}
        )


def rows_of(file: IO[bytes], most_unpacked_bytes: int | None = None) -> Iterator[Row]:
    """Raises FileRefused, also after the first rows: for archives that are damaged, or larger than
    they say. `most_unpacked_bytes`: of an archive; MOST_UNPACKED_BYTES if it is not given."""
    beginning = file.read(4)
    file.seek(0)
    if beginning[:2] == b"PK":
        yield from _rows_of_archive(file, most_unpacked_bytes or MOST_UNPACKED_BYTES)
    else:
        yield from _rows_of_texts(_texts(_chunks(file)))


def _rows_of_archive(file: IO[bytes], most_bytes: int) -> Iterator[Row]:
    left = most_bytes
    try:
        with zipfile.ZipFile(file) as archive:
            members = [each for each in archive.infolist() if _is_read(each.filename)]
            if not members or len(members) > MOST_FILES:
                raise FileRefused(
                    gettext("The archive has %(count)d files that can be read.")
                    % {"count": len(members)}
                )
            if sum(each.file_size for each in members) > most_bytes:
                raise ArchiveTooLarge(most_bytes)
            for member in members:
                with archive.open(member) as unpacked:
                    chunks = _chunks(unpacked)
                    yield from _rows_of_texts(_texts(_counted(chunks, left, most_bytes)))
                left -= min(left, member.file_size)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise FileRefused(
            gettext("The archive cannot be read: %(why)s.") % {"why": error}
        ) from None


def _is_read(name: str) -> bool:
    """ListenBrainz's archives have the plays in `listens/`, and other things beside it."""
    lowered = name.lower()
    others = ("user.json", "feedback.jsonl", "pinned_recording.jsonl")
    return lowered.endswith(_SUFFIXES) and not lowered.endswith(others)


def _counted(chunks: Iterator[bytes], left: int, most_bytes: int) -> Iterator[bytes]:
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise ArchiveTooLarge(most_bytes)
        yield chunk


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def _texts(chunks: Iterator[bytes]) -> Iterator[str]:
    """UTF-8, or UTF-16 with its mark at the beginning."""
    first = next(chunks, b"")
    is_utf16 = first[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    decoder = codecs.getincrementaldecoder("utf-16" if is_utf16 else "utf-8-sig")("replace")
    for chunk in chain([first], chunks):
        yield decoder.decode(chunk).replace("\0", "")


def _rows_of_texts(texts: Iterator[str]) -> Iterator[Row]:
    first = next(texts, "")
    whole = chain([first], texts)
    if first.lstrip()[:1] in {"{", "["}:
        yield from json_objects(whole, is_play)
    else:
        yield from _rows_of_table(_lines(whole))


def _lines(texts: Iterator[str]) -> Iterator[str]:
    """Of a table. A line without an end is an error rather than a reason to read on."""
    rest = ""
    for text in texts:
        *lines, rest = (rest + text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
        yield from (f"{line}\n" for line in lines if line)
        if len(rest) > LONGEST_LINE:
            raise FileRefused(gettext("The file is neither JSON nor a table."))
    if rest:
        yield rest


def _rows_of_table(lines: Iterator[str]) -> Iterator[Row]:
    beginning = list(islice(lines, 1))
    if not beginning:
        return
    delimiter = max(",;\t", key=beginning[0].count)
    reader = csv.reader(chain(beginning, lines), delimiter=delimiter)
    try:
        first = next(reader)
        names = _names(first)
        if names is None:
            names = _WITHOUT_HEADER
            yield dict(zip(names, first, strict=False))
        for cells in reader:
            yield dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise FileRefused(gettext("The table cannot be read: %(why)s.") % {"why": error}) from None


def _names(cells: Sequence[str]) -> Sequence[str] | None:
    """The names of the columns, if these are some; a `#` and what follows it is no part of them."""
    names = [each.partition("#")[0].strip().lower() for each in cells]
    known = {*TIME_NAMES, *TITLE_NAMES, *ARTIST_NAMES, *ALBUM_NAMES}
    return names if len(known.intersection(names)) >= 3 else None  # noqa: PLR2004
