"""The Range header: which bytes of a file a client asks for (RFC 9110, section 14)."""

import re
from typing import NamedTuple

MAX_RANGES = 32
"""Each range costs a part of the body. A request for more is answered 416 (section 15.5.17)."""

_MAX_LENGTH = 4096  # of the header: room for MAX_RANGES, and no number too long for `int`
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_RANGE = re.compile(r"([0-9]*)-([0-9]*)")


class Span(NamedTuple):
    """Bytes of a file from position `first` to position `last`, both included."""

    first: int
    last: int

    @property
    def size_bytes(self) -> int:
        return self.last - self.first + 1


class RangeRefused(Exception):
    """No part of the file can be sent for this Range header: status 416. The text says why."""


def wanted_spans(header: str | None, size_bytes: int) -> list[Span] | None:
    """The spans that `header` asks for in a file of `size_bytes`; None means: send the whole file.

    Overlapping and adjacent ranges become one span. The spans keep the order of the request, as
    section 14.2 asks for.

    A range unit other than bytes is ignored (section 14.2: MUST). A server may ignore or reject an
    invalid header; this one rejects it, as nginx and Go's net/http do, because a client that gets
    the whole file instead of a part would append it to the parts it has.

    Raises RangeRefused for an invalid header, for more than MAX_RANGES ranges, and if no range
    lies inside the file.
    """
    if header is None:
        return None
    unit, equals, ranges = header.partition("=")
    if not equals or not _TOKEN.fullmatch(unit):
        raise RangeRefused("The Range header is not valid. It should look like bytes=0-499.")
    if unit.lower() != "bytes":
        return None
    specs = [part.strip(" \t") for part in ranges.split(",")]
    specs = [spec for spec in specs if spec]  # section 5.6.1.2: empty elements do not count
    if len(specs) > MAX_RANGES or len(header) > _MAX_LENGTH:
        raise RangeRefused(f"The Range header asks for more than {MAX_RANGES} ranges.")
    return _satisfiable([_bounds(spec) for spec in specs], size_bytes)


def _bounds(spec: str) -> tuple[int | None, int | None]:
    """The two numbers of a range-spec as written; a missing one is None (section 14.1.2)."""
    match = _RANGE.fullmatch(spec)
    first, last = (int(each) if each else None for each in match.groups()) if match else (None,) * 2
    if first is None and last is None:
        raise RangeRefused(f"{spec[:50]!r} in the Range header is no range of bytes.")
    if first is not None and last is not None and last < first:
        raise RangeRefused(f"{spec[:50]!r} in the Range header ends before it begins.")
    return first, last


def _satisfiable(bounds: list[tuple[int | None, int | None]], size_bytes: int) -> list[Span] | None:
    if not bounds:
        raise RangeRefused("The Range header names no range. It should look like bytes=0-499.")
    if not size_bytes and any(first is None and last for first, last in bounds):
        return None  # the last bytes of an empty file: satisfiable, but no Content-Range can say so
    spans = [span for each in bounds if (span := _span(*each, size_bytes))]
    if not spans:
        raise RangeRefused(f"The file has {size_bytes} bytes, and none of them is in the range.")
    return _coalesced(spans)


def _span(first: int | None, last: int | None, size_bytes: int) -> Span | None:
    """The part of the range that lies inside the file; None if the file has none of it."""
    end = size_bytes - 1
    if first is None:
        span = Span(max(size_bytes - (last or 0), 0), end)
    else:
        span = Span(first, end if last is None else min(last, end))
    return span if span.size_bytes > 0 else None


def _coalesced(spans: list[Span]) -> list[Span]:
    """`spans` with overlapping and adjacent ones joined, in the order of the request."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].last + 1:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return sorted(merged, key=lambda part: _place(part, spans))


def _place(part: Span, spans: list[Span]) -> int:
    """The position in the request of the first range that went into `part`."""
    return next(i for i, span in enumerate(spans) if part.first <= span.first <= part.last)
