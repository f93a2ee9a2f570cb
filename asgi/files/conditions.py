"""Preconditions of requests (RFC 9110, section 13): whether the client has the current file."""

import re
import time
from dataclasses import dataclass
from enum import Enum, auto

from django.utils.http import parse_http_date_safe

from asgi.responses import Scope, header

_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')  # section 8.8.3
_NS = 1_000_000_000


@dataclass(frozen=True)
class Validators:
    """The validators of a file: a strong entity tag, with its quotes, and the time of the last
    modification in whole seconds since 1970."""

    etag: str
    modified_s: int


class Outcome(Enum):
    """What to answer according to the preconditions."""

    SEND = auto()
    """Send the file: 200 or 206."""
    NOT_MODIFIED = auto()
    """304: the client has this file already."""
    FAILED = auto()
    """412: the file is not the one that the client expects."""


def modified_s(mtime_ns: int) -> int:
    """The Last-Modified time for `mtime_ns`, never in the future (section 8.8.2.1)."""
    return min(mtime_ns // _NS, int(time.time()))


def evaluate(scope: Scope, now: Validators) -> Outcome:
    """Evaluate the preconditions of a GET or HEAD in the order of section 13.2.2, steps 1 to 4."""
    if_match = header(scope, b"if-match")
    unmodified_since = _date(scope, b"if-unmodified-since")
    if if_match is not None:
        if not _matches(if_match, now.etag):
            return Outcome.FAILED
    elif unmodified_since is not None and now.modified_s > unmodified_since:
        return Outcome.FAILED
    return Outcome.NOT_MODIFIED if _is_known(scope, now) else Outcome.SEND


def range_holds(scope: Scope, now: Validators) -> bool:
    """Evaluate If-Range (step 5; section 13.1.5): whether the client's parts are of this file.

    False means: ignore Range and send the whole file. A date holds only if it equals the file's and
    lies more than a second in the past: within the same second the file may have changed again.
    """
    condition = header(scope, b"if-range")
    if condition is None:
        return True
    if condition.lstrip().startswith(('"', "W/")):
        return condition.strip() == now.etag  # strong comparison: a weak tag equals none
    return parse_http_date_safe(condition) == now.modified_s < int(time.time()) - 1


def _is_known(scope: Scope, now: Validators) -> bool:
    if_none_match = header(scope, b"if-none-match")
    if if_none_match is not None:
        return _matches(if_none_match, now.etag, weak=True)
    modified_since = _date(scope, b"if-modified-since")
    return modified_since is not None and now.modified_s <= modified_since


def _matches(condition: str, etag: str, *, weak: bool = False) -> bool:
    """Whether the list `condition` names the strong tag `etag` (section 8.8.3.2)."""
    if condition.strip() == "*":
        return True
    tags = _ENTITY_TAG.findall(condition)
    return etag in tags or (weak and f"W/{etag}" in tags)


def _date(scope: Scope, name: bytes) -> int | None:
    """The date in the header `name`, in seconds since 1970; None if missing or not valid.

    An invalid date counts as if the header were missing (sections 13.1.3 and 13.1.4).
    """
    value = header(scope, name)
    return None if value is None else parse_http_date_safe(value)
