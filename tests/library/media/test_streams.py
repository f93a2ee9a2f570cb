"""A track's file, over a real server: ranges, HEAD, types and refusals."""

import json
import os
import re
from pathlib import Path

import httpx
import pytest

from tests.audio_files import SAMPLES
from tests.library.media.client import Answer, Listener
from tests.library.media.conftest import Library

pytestmark = pytest.mark.server

CONTENT = os.urandom(300_000)
SIZE = len(CONTENT)


@pytest.fixture(scope="module")
def path(library: Library) -> str:
    return library.file("random.mp3", CONTENT, codec="mp3")


def error_code(answer: Answer) -> str:
    """The code of an error in the one shape that the API has."""
    assert answer.headers["content-type"] == "application/json"
    error = json.loads(answer.body)["error"]
    assert set(error) == {"code", "message"}
    assert error["message"].endswith(".")
    return str(error["code"])


def test_all_of_a_file(listener: Listener, path: str) -> None:
    answer = listener.ask(path)
    assert answer.status == 200
    assert answer.body == CONTENT
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert re.fullmatch(r'"[0-9a-f]+"', answer.headers["etag"])
    assert "date" in answer.headers


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=1000-1999", 1000, 1999),
        ("bytes=131071-131072", 131071, 131072),  # where one chunk ends and the next begins
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=299999-", SIZE - 1, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
        ("bytes=299990-999999999", SIZE - 10, SIZE - 1),
        ("bytes=10-20,15-30", 10, 30),
        ("bytes=10-20,999999-", 10, 20),
    ],
)
def test_a_part_of_a_file(
    listener: Listener, path: str, header: str, first: int, last: int
) -> None:
    answer = listener.ask(path, Range=header)
    assert answer.status == 206
    assert answer.headers["content-range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["content-type"] == "audio/mpeg"
    assert answer.body == CONTENT[first : last + 1]


def test_several_parts_of_a_file(listener: Listener, path: str) -> None:
    answer = listener.ask(path, Range="bytes=-3, 0-99, 200000-299990")
    assert answer.status == 206
    assert "content-range" not in answer.headers
    assert parts_of(answer) == [
        (f"bytes 299997-299999/{SIZE}", CONTENT[-3:]),
        (f"bytes 0-99/{SIZE}", CONTENT[:100]),
        (f"bytes 200000-299990/{SIZE}", CONTENT[200_000:299_991]),
    ]


def parts_of(answer: Answer) -> list[tuple[str, bytes]]:
    """Content-Range and bytes of each part; after RFC 2046, section 5.1.1."""
    kind, boundary = answer.headers["content-type"].split("; boundary=")
    assert kind == "multipart/byteranges"
    assert len(answer.body) == int(answer.headers["content-length"])
    delimiter = b"\r\n--" + boundary.encode()
    preamble, *parts, epilogue = answer.body.split(delimiter)
    assert (preamble, epilogue) == (b"", b"--\r\n")
    found = []
    for part in parts:
        head, _, content = part.partition(b"\r\n\r\n")
        assert head.startswith(b"\r\ncontent-type: audio/mpeg\r\ncontent-range: ")
        found.append((head.rpartition(b": ")[2].decode(), content))
    return found


@pytest.mark.parametrize(
    "header",
    ["bytes=300000-", "bytes=-0", "bytes=abc", "bytes=5-4", "bytes", "bytes=" + "0-0," * 99],
)
def test_a_range_that_cannot_be_sent_is_refused_with_the_size(
    listener: Listener, path: str, header: str
) -> None:
    answer = listener.ask(path, Range=header)
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    assert error_code(answer) == "range_not_satisfiable"


def test_a_unit_that_nobody_knows_is_ignored(listener: Listener, path: str) -> None:
    answer = listener.ask(path, Range="seconds=10-20")
    assert (answer.status, answer.body) == (200, CONTENT)


def test_head_says_what_get_would_and_knows_no_ranges(listener: Listener, path: str) -> None:
    with listener.connection() as connection:
        connection.ask(path)
        got = connection.answer()
        connection.ask(path, "HEAD", Range="bytes=0-0")
        answer = connection.answer(has_body=False)
        assert answer.status == 200
        assert {**answer.headers, "date": ""} == {**got.headers, "date": ""}
        connection.ask(path, Range="bytes=0-0")  # nothing of a body came between
        assert connection.answer().body == CONTENT[:1]


def test_other_methods_are_refused(listener: Listener, path: str) -> None:
    answer = listener.ask(path, "POST", Content_Length="0")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert error_code(answer) == "method_not_allowed"


def test_who_is_not_logged_in_hears_nothing(library: Library, path: str) -> None:
    answer = Listener(library.server, "sessionid=somebody").ask(path)
    assert answer.status == 401
    assert error_code(answer) == "not_logged_in"


@pytest.mark.parametrize("number", ["999999", "0", "9223372036854775808", "9" * 30, "9" * 5000])
def test_a_track_that_does_not_exist_is_not_found(listener: Listener, number: str) -> None:
    answer = listener.ask(f"/api/v1/tracks/{number}/stream")
    assert answer.status == 404
    assert error_code(answer) == "track_not_found"


@pytest.mark.parametrize(
    ("wanted", "status"), [({}, 200), ({"Range": "bytes=-5"}, 200), ({"Range": "bytes=0-"}, 416)]
)
def test_an_empty_file_is_sent_as_it_is(
    library: Library, wanted: dict[str, str], status: int
) -> None:
    answer = library.listener.ask(library.file(f"empty{len(wanted)}{status}.mp3", b""), **wanted)
    assert answer.status == status
    if status == 200:
        assert answer.headers["content-length"] == "0"
    else:
        assert answer.headers["content-range"] == "bytes */0"


@pytest.mark.parametrize(
    ("name", "codec", "media_type"),
    [
        ("a.mp3", "mp3", "audio/mpeg"),
        ("a.m4a", "aac", "audio/mp4"),
        ("a.m4b", "alac", "audio/mp4"),
        ("a.m4a", "pcm", "audio/mp4"),
        ("A.FLAC", "flac", "audio/flac"),
        ("a.ogg", "vorbis", "audio/ogg; codecs=vorbis"),
        ("a.ogg", "opus", "audio/ogg; codecs=opus"),
        ("a.opus", "opus", "audio/ogg; codecs=opus"),
        ("a.oga", "flac", "audio/ogg; codecs=flac"),
        ("a.aac", "aac", "audio/aac"),
        ("a.wav", "pcm", "audio/wav"),
        ("a.aiff", "pcm", "audio/aiff"),
        ("a.wma", "wma", "audio/x-ms-wma"),
        ("a.ape", "ape", "audio/x-monkeys-audio"),
        ("an mp3 in truth.flac", "mp3", "audio/mpeg"),
        ("a wav in truth.mp3", "pcm", "audio/wav"),
        ("a flac in truth.mp3", "flac", "audio/flac"),
        ("unknown codec.mp3", "", "audio/mpeg"),
    ],
)
def test_the_type_is_the_one_that_browsers_play(
    library: Library, name: str, codec: str, media_type: str
) -> None:
    path = library.file(f"{name} {codec}/{name}", codec=codec)
    assert library.listener.ask(path, "HEAD").headers["content-type"] == media_type


@pytest.mark.parametrize(
    ("name", "content", "codec", "media_type"),
    [
        ("a.webm", SAMPLES[".webm"], "opus", "audio/webm"),
        ("a.mka", SAMPLES[".webm"], "opus", "audio/webm"),
        ("a.mka", SAMPLES[".mka"], "flac", "audio/x-matroska"),
        ("a.mp3", SAMPLES[".webm"], "opus", "audio/webm"),
        ("a.ogg", SAMPLES[".webm"], "vorbis", "audio/webm"),
        ("a.flac", SAMPLES[".ogg"], "vorbis", "audio/ogg; codecs=vorbis"),
        ("a.mp3", SAMPLES[".wav"], "mp3", "audio/wav"),
        ("a.aac", SAMPLES[".m4a"], "aac", "audio/mp4"),
        ("a.mp3", SAMPLES[".asf"], "mp3", "audio/x-ms-wma"),
        ("a.asf", SAMPLES[".asf"], "wma", "audio/x-ms-wma"),
        ("a.wav", SAMPLES[".aifc"], "adpcm", "audio/aiff"),
        ("a.mp2", SAMPLES[".mp2"], "mp2", "audio/mpeg"),
    ],
)
def test_the_type_is_that_of_the_container_in_the_file(
    library: Library, name: str, content: Path, codec: str, media_type: str
) -> None:
    path = library.file(f"in {content.name}/{codec}/{name}", content.read_bytes(), codec=codec)
    assert library.listener.ask(path, "HEAD").headers["content-type"] == media_type


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("So What.mp3", 'inline; filename="So What.mp3"'),
        ("Caf\u00e9.mp3", "inline; filename=\"Cafe.mp3\"; filename*=utf-8''Caf%C3%A9.mp3"),
        ("\u591c 1%.mp3", "inline; filename=\"_ 1_.mp3\"; filename*=utf-8''%E5%A4%9C%201%25.mp3"),
        (
            'a"\r\nSet-Cookie: x.mp3',
            (
                'inline; filename="a___Set-Cookie_ x.mp3"; '
                "filename*=utf-8''a%22%0D%0ASet-Cookie%3A%20x.mp3"
            ),
        ),
    ],
)
def test_a_browser_saves_it_under_its_name(library: Library, name: str, disposition: str) -> None:
    answer = library.listener.ask(library.file(name))
    assert answer.headers["content-disposition"] == disposition
    assert "set-cookie" not in answer.headers


def test_one_byte_of_a_huge_file_costs_little(library: Library) -> None:
    size = 8 << 30
    with (library.music / "huge.wav").open("wb") as huge:
        huge.truncate(size)
    path = library.track(library.music / "huge.wav")
    before = library.process().io_counters().read_chars
    answer = library.listener.ask(path, Range="bytes=0-0")
    assert answer.headers["content-range"] == f"bytes 0-0/{size}"
    assert library.listener.ask(path, Range="bytes=-1").body == b"\0"
    assert library.process().io_counters().read_chars - before < 1 << 20


def test_a_library_of_http_gets_the_same(library: Library, path: str) -> None:
    headers = {"Cookie": library.listener.cookie, "Range": "bytes=1-3"}
    answer = httpx.get(library.server.url + path, headers=headers)
    assert (answer.status_code, answer.content) == (206, CONTENT[1:4])
