"""Which bytes a Range header asks for: RFC 9110, section 14."""

import re
from typing import NamedTuple

MAX_RANGES = 32
"""Each range costs a part of its own; who asks for more is answered 416 (section 15.5.17)."""

_MAX_LENGTH = 4096  # of the header: room for MAX_RANGES, and no number too long for `int`
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_RANGE = re.compile(r"([0-9]*)-([0-9]*)")


class Span(NamedTuple):
    """Bytes of a file, from the one at `first` to the one at `last`, both included."""

    first: int
    last: int

    @property
    def size_bytes(self) -> int:
        return self.last - self.first + 1


class RangeRefused(Exception):
    """No part of the file can be sent for this Range header. The text says why: status 416."""


def wanted_spans(header: str | None, size_bytes: int) -> list[Span] | None:
    """The parts that `header` asks for, of a file of `size_bytes`; None: send all of it.

    Overlapping and adjacent ranges are one part, the others keep the order of the request, as
    section 14.2 asks for.

    A range unit other than bytes is ignored (section 14.2: MUST). An invalid ranges-specifier may
    be ignored or rejected; it is rejected here, as nginx and Go's net/http do: a client that gets
    the whole file for a header it got wrong appends it where a part belongs.

    Raises RangeRefused for an invalid header, for more than MAX_RANGES ranges, and where none of
    the ranges has a byte in the file.
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
    """The two numbers of a range-spec, as they stand (section 14.1.2)."""
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
        return None  # a suffix of nothing is satisfiable, but no Content-Range can say so
    spans = [span for each in bounds if (span := _span(*each, size_bytes))]
    if not spans:
        raise RangeRefused(f"The file has {size_bytes} bytes, and none of them is in the range.")
    return _coalesced(spans)


def _span(first: int | None, last: int | None, size_bytes: int) -> Span | None:
    """The bytes that are there; None where none of them is."""
    end = size_bytes - 1
    if first is None:
        span = Span(max(size_bytes - (last or 0), 0), end)
    else:
        span = Span(first, end if last is None else min(last, end))
    return span if span.size_bytes > 0 else None


def _coalesced(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.first <= merged[-1].last + 1:
            merged[-1] = Span(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return sorted(merged, key=lambda part: _place(part, spans))


def _place(part: Span, spans: list[Span]) -> int:
    """Where in the request the first of the ranges stands that `part` is made of."""
    return next(i for i, span in enumerate(spans) if part.first <= span.first <= part.last)
