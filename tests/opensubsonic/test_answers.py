"""How answers are written: formats, compression, caching, and the headers for other origins."""

import asyncio
import gzip
import json
import random
import string
import threading
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from asgi.responses import Message
from opensubsonic import endpoints
from opensubsonic.byte_answers import send_answer
from opensubsonic.call import Body, Call
from opensubsonic.endpoints import NAMES
from opensubsonic.parameters import Parameters
from opensubsonic.writers.envelope import envelope
from opensubsonic.writers.formats import JSON, XML
from runtime.version import VERSION
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.same_in_xml import NAMESPACE, assert_says

CORS = {
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}


def test_xml_is_the_default(rest: Rest) -> None:
    for f in ("", "xml", "XML", "yaml"):
        answer = rest.ask("ping", f=f)
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<subsonic-')
        root = ET.fromstring(answer.content)  # noqa: S314  # our own
        assert root.tag == f"{NAMESPACE}subsonic-response"
        assert list(root.attrib)[:2] == ["status", "version"]


def test_json_has_the_root_as_its_only_key(rest: Rest) -> None:
    for f in ("json", "JSON"):
        answer = rest.ask("ping", f=f)
        assert answer.headers["content-type"] == "application/json"
        assert list(json.loads(answer.content)) == ["subsonic-response"]


def test_jsonp_calls_the_callback(rest: Rest) -> None:
    answer = rest.ask("ping", f="jsonp", callback="jQuery.cb_1$")
    assert answer.headers["content-type"] == "application/javascript; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("jQuery.cb_1$({")
    assert text.endswith("});")
    inside = text.removeprefix("jQuery.cb_1$(").removesuffix(");")
    assert json.loads(inside)["subsonic-response"]["status"] == "ok"
    error = rest.ask("nothing", f="jsonp", callback="cb").content
    assert error.startswith(b'cb({"subsonic-response":{"status":"failed"')


@pytest.mark.parametrize(
    "callback", ["alert(1)//", "a b", "1a", "</script>", "é", "a\n", "a" * 300, "a;b", ".a"]
)
def test_a_callback_that_is_no_identifier_is_never_sent_back_as_a_script(
    rest: Rest, callback: str
) -> None:
    answer = rest.ask("ping", f="jsonp", callback=callback)
    assert answer.headers["content-type"] == "application/json"
    assert answer.body["error"]["code"] == 0
    text = answer.content.decode()
    assert text.startswith("{")
    assert callback not in text.replace(VERSION, "")


def test_jsonp_without_a_callback(rest: Rest) -> None:
    assert rest.ask("ping", f="jsonp").body["error"]["code"] == 10


ODD = [
    *("\x00\x0b\x1b", "\ufffe\uffff", "\ud800", "tab\tline\nreturn\r", "<&>\"']]>", "夏 é 𝄞"),
    *("\u2028\u2029", "", " ", "\u202ertl"),
]


def test_odd_texts_are_well_formed_in_every_format() -> None:
    answer = envelope(
        {
            "list": [{"name": text, "value": text} for text in ODD],
            "words": {"word": ODD},
            "nothing": {"list": [], "numbers": [1, 2.5], "yes": True, "no": False},
        }
    )
    body = json.loads(JSON.write(answer).content)["subsonic-response"]
    assert [each["name"] for each in body["list"]] == [
        text if text != "\ud800" else "?" for text in ODD
    ]
    root = ET.fromstring(XML.write(answer).content)  # noqa: S314  # our own
    assert [each.get("name") for each in root.findall(f"{NAMESPACE}list")][3:] == ODD[3:]
    assert root.find(f"{NAMESPACE}nothing[@yes='true'][@no='false']") is not None
    words = root.find(f"{NAMESPACE}words")
    assert words is not None
    assert [each.text or "" for each in words][4:6] == ODD[4:6]


def random_body(source: random.Random, depth: int = 0) -> dict[str, Any]:
    """What any endpoint may answer: scalars, dicts, lists of dicts and of strings."""
    names = source.sample(string.ascii_lowercase, source.randrange(1, 5))
    return {f"{name}{depth}": _random_value(source, depth) for name in names}


def _random_value(source: random.Random, depth: int) -> Any:
    kind = source.randrange(7 if depth < 4 else 4)
    text = "".join(source.choices('ab <>&"\n\t\x01é夏𝄞', k=source.randrange(6)))
    if kind < 4:
        return (text, source.randrange(2**53), source.random() < 0.5, round(source.random(), 3))[
            kind
        ]
    if kind == 4:
        return [text] * source.randrange(3)
    bodies = [random_body(source, depth + 1) for _ in range(source.randrange(3))]
    return bodies if kind == 5 else random_body(source, depth + 1)


def test_every_structure_says_the_same_in_json_and_xml() -> None:
    source = random.Random(21)
    for _ in range(300):
        answer = envelope(random_body(source))
        body = json.loads(JSON.write(answer).content)["subsonic-response"]
        root = ET.fromstring(XML.write(answer).content)  # noqa: S314  # our own
        assert_says(root, body, "subsonic-response")


@pytest.fixture
def large(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> Rest:
    """A client of an endpoint that answers with some kilobytes."""
    monkeypatch.setitem(endpoints.ENDPOINTS, "large", lambda _: {"word": ["words"] * 1000})
    monkeypatch.setitem(NAMES, "large", "large")
    return rest


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [
        ("gzip", True),
        ("deflate, gzip;q=1.0", True),
        ("br, GZIP", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("notgzip", False),
    ],
)
def test_large_answers_are_compressed_where_the_client_accepts_it(
    large: Rest,
    accepted: str,
    is_compressed: bool,  # noqa: FBT001
) -> None:
    plain = large.ask("large")
    answer = large.ask("large", headers={"accept-encoding": accepted})
    assert ("content-encoding" in answer.headers) == is_compressed
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-length"] == str(len(answer.content))
    content = gzip.decompress(answer.content) if is_compressed else answer.content
    assert content == plain.content
    assert "content-encoding" not in large.ask("ping", headers={"accept-encoding": "gzip"}).headers


def test_answers_of_a_person_are_kept_by_nobody(rest: Rest) -> None:
    headers = rest.ask("ping").headers
    assert headers["cache-control"] == "private, no-store"
    assert "etag" not in headers
    assert "set-cookie" not in headers


def test_answers_for_all_have_an_etag(rest: Rest) -> None:
    first = rest.ask("getOpenSubsonicExtensions")
    assert first.headers["cache-control"] == "private, no-cache"
    etag = first.headers["etag"]
    for given in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = rest.ask("getOpenSubsonicExtensions", headers={"if-none-match": given})
        assert (again.status, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["access-control-allow-origin"] == "*"
    for name in ("getGenres", "getMusicFolders", "getInternetRadioStations"):  # asked at each start
        known = {"if-none-match": rest.ask(name).headers["etag"]}
        assert [rest.ask(name, headers=each).status for each in (known, {}, known)] == [
            304,
            200,
            304,
        ]
    other = rest.ask("getOpenSubsonicExtensions", headers={"if-none-match": '"other"'})
    assert other.status == 200
    xml = rest.ask("getOpenSubsonicExtensions", f="xml", headers={"if-none-match": etag})
    assert xml.status == 200


@pytest.mark.parametrize("endpoint", ["ping", "nothing", "stream", "getCoverArt"])
def test_every_answer_is_open_to_pages_of_other_origins(rest: Rest, endpoint: str) -> None:
    headers = rest.ask(endpoint, headers={"origin": "https://example.org"}).headers
    assert CORS.items() <= headers.items()
    exposed = headers["access-control-expose-headers"]
    for name in ("content-length", "content-range", "accept-ranges", "content-disposition", "etag"):
        assert name in exposed
    assert "x-content-duration" in exposed
    assert "access-control-allow-credentials" not in headers
    # A page of another origin could otherwise not show what it may read.
    assert headers.get("content-security-policy", "").count("default-src") <= 1


@pytest.mark.parametrize("endpoint", ["ping", "stream", "nothing", ""])
def test_a_preflight_needs_no_login(calls_here: None, endpoint: str) -> None:
    asked = {
        "origin": "https://example.org",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,range",
    }
    answer = Rest(None).ask(endpoint, method="OPTIONS", headers=asked)
    assert answer.status == 204
    assert answer.content == b""
    assert CORS.items() <= answer.headers.items()
    assert answer.headers["access-control-allow-methods"] == "GET, POST, HEAD, OPTIONS"
    allowed = answer.headers["access-control-allow-headers"]
    assert allowed == "*, content-type, range, accept, authorization"
    assert answer.headers["access-control-max-age"] == "86400"


def test_a_host_that_is_not_allowed_is_told_so_in_the_protocol(rest: Rest) -> None:
    answer = rest.ask("ping", headers={"host": "other.example"})
    assert answer.body["error"]["code"] == 0
    assert "ALLOWED_HOSTS" in answer.body["error"]["message"]
    assert CORS.items() <= answer.headers.items()


def test_answers_of_lyrics_are_made_and_written_in_a_thread() -> None:
    """They may be long, and the event loop serves everybody."""
    made_in, sent = list[threading.Thread](), list[Message]()

    def make() -> Body:
        made_in.append(threading.current_thread())
        return {}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "headers": []}
    asyncio.run(send_answer(Call(None, Parameters([])), scope, send, make))
    assert made_in != [threading.current_thread()]
    assert sent[0]["status"] == 200
