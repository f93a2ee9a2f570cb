"""Preconditions, in the order of RFC 9110, section 13.2.2, over a real server."""

import os
import time
from dataclasses import dataclass

import pytest
from django.utils.http import http_date

from tests.library.media.conftest import Library

pytestmark = pytest.mark.server

CONTENT = bytes(range(100))
MODIFIED = int(time.time()) - 3600
TIME = http_date(MODIFIED)
EARLIER = http_date(MODIFIED - 1)
LATER = http_date(MODIFIED + 1)
OTHER = '"other"'
ETAG = "(its etag)"  # stands for it in the tables below
WEAK = "(its etag, weak)"


@dataclass
class Known:
    path: str
    etag: str


@pytest.fixture(scope="module")
def known(library: Library) -> Known:
    path = library.file("known.mp3", CONTENT)
    os.utime(library.music / "known.mp3", ns=(0, MODIFIED * 10**9 + 123_456_789))
    answer = library.listener.ask(path)
    assert answer.headers["last-modified"] == TIME
    return Known(path, answer.headers["etag"])


def status(library: Library, known: Known, method: str = "GET", **headers: str) -> int:
    values = {
        name: value.replace(ETAG, known.etag).replace(WEAK, f"W/{known.etag}")
        for name, value in headers.items()
    }
    with library.listener.connection() as connection:
        connection.ask(known.path, method, **values)
        answer = connection.answer(has_body=method != "HEAD")
        if answer.status == 304:
            assert answer.headers["etag"] == known.etag
            assert answer.headers["cache-control"] == "private, no-cache"
            assert not {"content-length", "content-type"} & set(answer.headers)
        connection.ask(known.path, Range="bytes=7-7")  # the connection is in step
        assert connection.answer().body == CONTENT[7:8]
    return answer.status


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"If_None_Match": ETAG}, 304),
        ({"If_None_Match": WEAK}, 304),
        ({"If_None_Match": f"{OTHER}, {ETAG}"}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": OTHER}, 200),
        ({"If_None_Match": "no tag"}, 200),
        ({"If_Modified_Since": TIME}, 304),
        ({"If_Modified_Since": LATER}, 304),
        ({"If_Modified_Since": EARLIER}, 200),
        ({"If_Modified_Since": "yesterday"}, 200),
        ({"If_None_Match": OTHER, "If_Modified_Since": LATER}, 200),
        ({"If_None_Match": ETAG, "If_Modified_Since": EARLIER}, 304),
        ({"If_Match": ETAG}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Match": f'{OTHER},{ETAG},"more"'}, 200),
        ({"If_Match": OTHER}, 412),
        ({"If_Match": WEAK}, 412),
        ({"If_Match": "no tag"}, 412),
        ({"If_Unmodified_Since": TIME}, 200),
        ({"If_Unmodified_Since": LATER}, 200),
        ({"If_Unmodified_Since": EARLIER}, 412),
        ({"If_Unmodified_Since": "yesterday"}, 200),
        ({"If_Match": ETAG, "If_Unmodified_Since": EARLIER}, 200),
        ({"If_Match": OTHER, "If_None_Match": ETAG}, 412),
        ({"If_Unmodified_Since": EARLIER, "If_Modified_Since": LATER}, 412),
        ({"If_Match": ETAG, "If_None_Match": ETAG}, 304),
    ],
)
def test_conditions(
    library: Library, known: Known, method: str, headers: dict[str, str], expected: int
) -> None:
    assert status(library, known, method, **headers) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"If_Range": ETAG}, 206),
        ({"If_Range": TIME}, 206),
        ({"If_Range": WEAK}, 200),
        ({"If_Range": OTHER}, 200),
        ({"If_Range": EARLIER}, 200),
        ({"If_Range": LATER}, 200),
        ({"If_Range": "yesterday"}, 200),
        ({"If_Match": ETAG}, 206),
        ({"If_Match": OTHER, "If_Range": ETAG}, 412),
        ({"If_None_Match": ETAG, "If_Range": ETAG}, 304),
        ({"If_None_Match": OTHER, "If_Range": ETAG}, 206),
        ({"If_Modified_Since": TIME}, 304),
    ],
)
def test_conditions_of_a_range(
    library: Library, known: Known, headers: dict[str, str], expected: int
) -> None:
    assert status(library, known, Range="bytes=1-2", **headers) == expected


def test_a_range_behind_the_end_is_looked_at_after_the_conditions(
    library: Library, known: Known
) -> None:
    assert status(library, known, Range="bytes=100-") == 416
    assert status(library, known, Range="bytes=100-", If_None_Match=ETAG) == 304
    assert status(library, known, Range="bytes=100-", If_Range=OTHER) == 200
    assert status(library, known, If_Range=OTHER) == 200


def test_a_time_within_the_last_second_proves_no_range(library: Library) -> None:
    path = library.file("new.mp3", CONTENT)
    modified = library.listener.ask(path).headers["last-modified"]
    answer = library.listener.ask(path, Range="bytes=0-0", If_Range=modified)
    age = time.time() - (library.music / "new.mp3").stat().st_mtime
    assert answer.status == 200 or age > 2


def test_a_time_to_come_is_said_to_be_now(library: Library) -> None:
    path = library.file("future.mp3", CONTENT)
    os.utime(library.music / "future.mp3", (4e9, 4e9))
    answer = library.listener.ask(path)
    assert answer.headers["last-modified"] <= answer.headers["date"]
    assert " 2096 " not in answer.headers["last-modified"]


@pytest.mark.parametrize("edit", ["other bytes", "another file"])
def test_the_etag_is_another_when_the_bytes_are_though_times_and_size_are_not(
    library: Library, edit: str
) -> None:
    file = library.music / f"{edit}.mp3"
    path = library.file(file.name, b"before")
    before, facts = library.listener.ask(path).headers["etag"], file.stat()
    assert library.listener.ask(path).headers["etag"] == before
    written = file if edit == "other bytes" else file.with_suffix(".new")
    written.write_bytes(b"after!")
    written.replace(file)
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert file.stat().st_mtime_ns == facts.st_mtime_ns
    assert library.listener.ask(path).headers["etag"] != before
