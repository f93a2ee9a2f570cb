"""Paths in the database: a file name may hold any bytes, a text column holds only UTF-8.

Paths are encoded as text when stored, and decoded when read, without loss.
"""

import re
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

MARK = "\N{REPLACEMENT CHARACTER}"
_MARKED = re.compile(f"[{MARK}\udc80-\udcff]")
_HEX_BYTE = re.compile(f"{MARK}([0-9a-f]{{2}})")


def path_to_text(path: str) -> str:
    """Encode `path`, as `os.fsdecode` returns it, as readable text without lone surrogates.

    A byte that is not valid UTF-8 becomes U+FFFD and its two hexadecimal digits. A U+FFFD that is
    part of the name is encoded in the same way, byte by byte; so decoding is unambiguous.
    """
    if path.isascii() or not _MARKED.search(path):
        return path
    return "".join(
        f"{MARK}{ord(character) - 0xDC00:02x}"
        if "\udc80" <= character <= "\udcff"
        else f"{MARK}ef{MARK}bf{MARK}bd"
        if character == MARK
        else character
        for character in path
    )


def path_from_text(text: str) -> str:
    """The path that `path_to_text` encoded as `text`."""
    if MARK not in text:
        return text
    raw = _HEX_BYTE.sub(lambda match: chr(0xDC00 + int(match[1], 16)), text)
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


_ASIDE = "//"
"""No path of a file has two slashes in a row."""


def path_aside(path: str, track_id: int) -> str:
    """Where a track is put whose file is gone, when the file of another track is at its path now.
    No file can have this path, and no other track has it."""
    return f"{path}{_ASIDE}{track_id}"


def path_of_file(path: str) -> str:
    """The path that the track's file has or had; see `path_aside`."""
    return path.partition(_ASIDE)[0]


def unique_path_sql(column: str, vendor: str) -> str:
    """The SQL expression that stands for the path in the index that keeps paths unique.

    A path may be longer than an entry of a PostgreSQL index (2,704 bytes); so PostgreSQL indexes
    the path's MD5 digest.
    """
    return f"MD5({column})" if vendor == "postgresql" else column


class PathField(models.TextField):  # type: ignore[type-arg]  # generic only in its stubs
    """A path as Python's `os` functions take it: bytes that are not UTF-8 are lone surrogates."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else path_to_text(str(value))

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return None if value is None else path_from_text(value)


@PathField.register_lookup
class Below(models.Lookup):
    """The lookup `path__below="Inbox"`: paths inside the folder `Inbox`, at any depth. With "" it
    matches every path.

    Names are compared byte by byte. `startswith` would not do that: it becomes LIKE, which ignores
    the case of ASCII letters on SQLite, so that `inbox/a.mp3` would count as inside `Inbox`.
    PostgreSQL compares by the collation of the database unless the query names another.
    """

    lookup_name = "below"

    def as_sql(
        self, compiler: Any, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[str | int, ...]]:
        if self.rhs == "":
            return "1 = 1", ()
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            column = f'{column} COLLATE "C"'
        # "0" is the character right after "/": paths from "Inbox/" up to, but not including,
        # "Inbox0" are exactly those inside "Inbox".
        first, behind = f"{self.rhs}/", f"{self.rhs}0"
        return f"({column} >= %s AND {column} < %s)", (*parameters, first, *parameters, behind)
