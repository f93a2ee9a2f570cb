"""Preconditions: whether a client already has the file, or has another: RFC 9110, section 13."""

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
    """What tells one state of a file from another: a strong entity tag, with its quotes, and the
    time it was last modified, in whole seconds since 1970."""

    etag: str
    modified_s: int


class Outcome(Enum):
    """What the preconditions say."""

    SEND = auto()
    NOT_MODIFIED = auto()
    """304."""
    FAILED = auto()
    """412."""


def modified_s(mtime_ns: int) -> int:
    """Last-Modified for `mtime_ns`: never in the future (section 8.8.2.1)."""
    return min(mtime_ns // _NS, int(time.time()))


def evaluate(scope: Scope, now: Validators) -> Outcome:
    """The preconditions of a GET or HEAD in the order of section 13.2.2, steps 1 to 4."""
    if_match = header(scope, b"if-match")
    unmodified_since = _date(scope, b"if-unmodified-since")
    if if_match is not None:
        if not _matches(if_match, now.etag):
            return Outcome.FAILED
    elif unmodified_since is not None and now.modified_s > unmodified_since:
        return Outcome.FAILED
    return Outcome.NOT_MODIFIED if _is_known(scope, now) else Outcome.SEND


def range_holds(scope: Scope, now: Validators) -> bool:
    """Step 5: whether the part a client asks for belongs to the state it knows (section 13.1.5).

    False means that Range is ignored and all of the file is sent. A date counts when it is exactly
    that of the file and its second is over: within it, the file may have changed again.
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
    """Whether `etag`, a strong one, is on the list (section 8.8.3.2)."""
    if condition.strip() == "*":
        return True
    tags = _ENTITY_TAG.findall(condition)
    return etag in tags or (weak and f"W/{etag}" in tags)


def _date(scope: Scope, name: bytes) -> int | None:
    """Seconds since 1970; None where there is no date, or none that HTTP knows: both are as if
    the header were not there (sections 13.1.3 and 13.1.4)."""
    value = header(scope, name)
    return None if value is None else parse_http_date_safe(value)
