"""Path names in the database: any bytes a file system allows, in columns that hold only UTF-8."""

import re
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

MARK = "\N{REPLACEMENT CHARACTER}"
_MARKED = re.compile(f"[{MARK}\udc80-\udcff]")
_HEX_BYTE = re.compile(f"{MARK}([0-9a-f]{{2}})")


def path_to_text(path: str) -> str:
    """`path` (as `os.fsdecode` gives it) as UTF-8 text that reads well and loses nothing.

    A byte that is no UTF-8 becomes U+FFFD and its two hexadecimal digits; so do the three bytes of
    a U+FFFD that is really there.
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
    """The path that `path_to_text` made `text` of."""
    if MARK not in text:
        return text
    raw = _HEX_BYTE.sub(lambda match: chr(0xDC00 + int(match[1], 16)), text)
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def as_told_apart(column: str, vendor: str) -> str:
    """SQL of a path in the index that keeps paths unique. PostgreSQL's holds 2,704 bytes, and paths
    may be longer: there it is their digest."""
    return f"MD5({column})" if vendor == "postgresql" else column


class PathField(models.TextField):  # type: ignore[type-arg]  # generic only in its stubs
    """A path as Python's `os` functions take it; bytes that are no UTF-8 are lone surrogates."""

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else path_to_text(str(value))

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return None if value is None else path_from_text(value)


@PathField.register_lookup
class Below(models.Lookup):
    """`path__below="Inbox"`: paths in the folder `Inbox`, at any depth; "" is the root itself.

    Names are compared byte by byte. `startswith` would not do: it becomes LIKE, which ignores the
    case of ASCII letters on SQLite, so that `inbox/a.mp3` would be in `Inbox`. PostgreSQL compares
    by the language of the database unless it is told otherwise.
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
        # "0" comes right after "/", so nothing lies between the folder's paths and the second text.
        first, behind = f"{self.rhs}/", f"{self.rhs}0"
        return f"({column} >= %s AND {column} < %s)", (*parameters, first, *parameters, behind)
