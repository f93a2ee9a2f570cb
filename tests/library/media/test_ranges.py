"""What a Range header asks for, word by word."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asgi.files.ranges import MAX_RANGES, RangeRefused, Span, wanted_spans

SIZE = 1000


@pytest.mark.parametrize(
    ("header", "spans"),
    [
        ("bytes=0-0", [(0, 0)]),
        ("bytes=0-499", [(0, 499)]),
        ("bytes=500-", [(500, 999)]),
        ("bytes=0-", [(0, 999)]),
        ("bytes=-1", [(999, 999)]),
        ("bytes=-200", [(800, 999)]),
        ("bytes=-5000", [(0, 999)]),
        ("bytes=999-", [(999, 999)]),
        ("bytes=900-99999999999999999999999999", [(900, 999)]),
        ("bytes=0000000-0000001", [(0, 1)]),
        ("Bytes=0-1", [(0, 1)]),
        ("bytes=0-1,10-11", [(0, 1), (10, 11)]),
        ("bytes= 0-1 ,\t10-11", [(0, 1), (10, 11)]),
        ("bytes=,0-1,,10-11,", [(0, 1), (10, 11)]),
        ("bytes=500-600,0-1", [(500, 600), (0, 1)]),
        ("bytes=0-1,5000-6000,-0", [(0, 1)]),
        ("bytes=0-5,3-9", [(0, 9)]),
        ("bytes=0-4,5-9", [(0, 9)]),
        ("bytes=500-600,0-9,550-700,5-20", [(500, 700), (0, 20)]),
        ("bytes=0-,-1,5-6", [(0, 999)]),
    ],
)
def test_ranges_are_understood(header: str, spans: list[tuple[int, int]]) -> None:
    assert wanted_spans(header, SIZE) == spans


@pytest.mark.parametrize("header", [None, "seconds=0-10", "none=", "x-bytes=a"])
def test_no_range_and_units_that_nobody_knows_mean_all_of_the_file(header: str | None) -> None:
    assert wanted_spans(header, SIZE) is None


@pytest.mark.parametrize(
    "header",
    [
        "bytes=1000-",
        "bytes=1000-1001",
        "bytes=-0",
        "bytes=99999999999999999999999999-",
        "bytes=5000-,-0",
    ],
)
def test_what_lies_behind_the_end_is_refused(header: str) -> None:
    with pytest.raises(RangeRefused, match="1000 bytes"):
        wanted_spans(header, SIZE)


@pytest.mark.parametrize(
    "header",
    [
        *("", "bytes", "0-1", "=0-1", "by tes=0-1", "bytes =0-1"),
        *("bytes=", "bytes=,", "bytes=-", "bytes=abc", "bytes=1", "bytes=0x1-2", "bytes=--1"),
        *(
            "bytes=1-2-3",
            "bytes=+1-2",
            "bytes=0 - 1",
            "bytes=0-1;2-3",
            "bytes=0-1,x",
            "bytes=1.5-2",
        ),
        *("bytes=1.5-2", "bytes=5-4", "bytes=0-1,5-4", "bytes=\N{ARABIC-INDIC DIGIT ONE}-2"),
    ],
)
def test_what_is_no_range_is_refused(header: str) -> None:
    with pytest.raises(RangeRefused, match="Range header"):
        wanted_spans(header, SIZE)


def test_ranges_without_measure_are_refused() -> None:
    many = ",".join(f"{2 * number}-{2 * number}" for number in range(MAX_RANGES))
    assert wanted_spans(f"bytes={many}", SIZE) == [(2 * n, 2 * n) for n in range(MAX_RANGES)]
    with pytest.raises(RangeRefused, match=f"more than {MAX_RANGES}"):
        wanted_spans(f"bytes={many},900-", SIZE)
    with pytest.raises(RangeRefused):
        wanted_spans("bytes=0-" + "9" * 5000, SIZE)  # more digits than Python reads


def test_an_empty_file_has_no_first_byte_but_a_suffix() -> None:
    assert wanted_spans("bytes=-5", 0) is None
    for header in ("bytes=0-", "bytes=0-0", "bytes=-0"):
        with pytest.raises(RangeRefused):
            wanted_spans(header, 0)


sizes = st.integers(1, 60)
numbers = st.integers(0, 70)
int_ranges = st.tuples(numbers, numbers).map(lambda each: f"{min(each)}-{max(each)}")
specs = st.one_of(int_ranges, numbers.map("{}-".format), numbers.map("-{}".format))


def bytes_of(spec: str, size: int) -> set[int]:
    """The oracle: of all bytes there are, those that the words of section 14.1.2 mean."""
    first, last = spec.split("-")
    if not first:
        return {at for at in range(size) if at >= size - int(last)}
    return {at for at in range(size) if int(first) <= at and (not last or at <= int(last))}


@settings(deadline=None)  # of 200 ms, which a busy machine exceeds
@given(sizes, st.lists(specs, min_size=1, max_size=MAX_RANGES))
def test_any_ranges_give_the_bytes_they_name_each_once(size: int, wanted: list[str]) -> None:
    parts = [bytes_of(spec, size) for spec in wanted]
    try:
        spans = wanted_spans("bytes=" + ",".join(wanted), size)
    except RangeRefused:
        assert not set().union(*parts)
        return
    assert spans is not None
    sent = [at for span in spans for at in range(span.first, span.last + 1)]
    assert sorted(sent) == sorted(set().union(*parts))
    assert all(before.last + 1 < after.first for before, after in pairwise(sorted(spans)))
    places = [first_place(span, parts) for span in spans]
    assert places == sorted(places)


def first_place(span: Span, parts: list[set[int]]) -> int:
    return next(i for i, part in enumerate(parts) if part & set(range(span.first, span.last + 1)))


@settings(deadline=None)  # of 200 ms, which a busy machine exceeds
@given(st.text(max_size=60).map("bytes={}".format) | st.text(max_size=60), st.integers(0, 100))
def test_any_text_is_understood_or_refused(header: str, size: int) -> None:
    try:
        spans = wanted_spans(header, size)
    except RangeRefused:
        return
    assert spans is None or all(0 <= span.first <= span.last < size for span in spans)
