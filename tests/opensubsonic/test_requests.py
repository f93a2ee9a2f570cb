"""How requests are read: addresses, parameters, forms, and what goes wrong with them."""

import logging
from collections.abc import Mapping
from time import process_time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError

from opensubsonic import endpoints, media
from opensubsonic.application import FAILED, PARSED_ON_THE_LOOP_BYTES, route_of
from opensubsonic.call import Call
from opensubsonic.endpoints import NAMES
from opensubsonic.errors import Refusal
from opensubsonic.parameters import LONGEST_VALUE, Parameters
from opensubsonic.request import endpoint_name, is_subsonic, parse_form
from tests.opensubsonic.in_process import Rest, login_of

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch, rest: Rest) -> Rest:
    """A client of an endpoint that answers with the parameters `id`, `word` and `c`."""

    def answer(call: Call) -> Mapping[str, Any]:
        parameters = call.parameters
        return {"id": parameters.texts("id"), "said": {"word": parameters.text("word", "none")}}

    monkeypatch.setitem(endpoints.ENDPOINTS, "echo", answer)
    monkeypatch.setitem(NAMES, "echo", "echo")
    return rest


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/rest/ping", "ping"),
        ("/rest/ping.view", "ping"),
        ("/rest/ping/", "ping"),
        ("//rest/ping.view", "ping"),
        ("/rest//ping.view", "ping"),
        ("/rest/PING.VIEW", "ping"),
        ("/rest/getopensubsonicextensions", "getOpenSubsonicExtensions"),
        ("/rest/hls.m3u8", "hls.m3u8"),
        ("/rest/nothing", None),
        ("/rest/ping.jsp", None),
        ("/rest/ping/more", None),
        ("/rest/", None),
        ("/rest", None),
        ("/rest/ping\n", None),
        ("/rest/pi\u0307ng", None),
    ],
)
def test_addresses(path: str, name: str | None) -> None:
    names = {**NAMES, "hls.m3u8": "hls.m3u8"}
    assert is_subsonic(path)
    assert endpoint_name(path, names) == name
    if name != "hls.m3u8":
        assert route_of(path) == f"rest/{name or 'unknown'}"


@pytest.mark.parametrize("path", ["/", "/restless", "/api/rest/ping", "/REST/ping", "/a/rest/"])
def test_addresses_of_others(path: str) -> None:
    assert not is_subsonic(path)


def test_an_address_without_an_endpoint_is_an_error_of_the_protocol(rest: Rest) -> None:
    assert rest.error("")["message"] == "Unknown endpoint"
    assert rest.error("a/b/c")["code"] == 0


def test_a_form_is_merged_with_the_query_which_comes_first(echo: Rest) -> None:
    login = login_of(echo.user) if echo.user else {}
    body = urlencode([("id", "3"), ("word", "form"), *login.items()]).encode()
    for kind in (FORM, f"{FORM}; charset=UTF-8", FORM.upper()):
        sent = {"content-type": kind}
        client = Rest(None)
        answer = client.ask(
            "echo", method="POST", body=body, headers=sent, id=["1", "2"], word="query"
        )
        assert answer.body["id"] == ["1", "2", "3"], answer.body
        assert answer.body["said"] == {"word": "query"}


def test_everything_can_be_in_the_form(echo: Rest) -> None:
    assert echo.ask("echo", method="POST", word="Motörhead & more").body["said"] == {
        "word": "Motörhead & more"
    }
    xml = echo.ask("echo", method="POST", f="xml")
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"


def test_a_form_of_other_media_types_is_none(echo: Rest) -> None:
    sent = {"content-type": "text/plain"}
    answer = echo.ask("echo", method="POST", body=b"word=form", headers=sent)
    assert answer.body["said"] == {"word": "none"}
    answer = echo.ask("echo", method="POST", body=b"\xff" * 100)
    assert answer.body["status"] == "ok"


def test_the_form_data_of_browsers(echo: Rest) -> None:
    parts = [
        *(f'name="{name}"\r\n\r\n{value}' for name, value in [("id", "1"), ("id", "2")]),
        "name=id\r\nContent-Type: text/plain\r\n\r\n3",
        'name="word"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBjörk\r\n--\r\n',
        'name="file"; filename="x"\r\nContent-Type: text/plain\r\n\r\nno field',
    ]
    text = "".join(f"--B\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    sent = {"content-type": "multipart/form-data; boundary=B"}
    answer = echo.ask("echo", method="POST", body=f"{text}--B--\r\n".encode(), headers=sent)
    assert answer.body["id"] == ["1", "2", "3"]
    assert answer.body["said"] == {"word": "Björk\r\n--\r\n"}


def test_a_form_of_megabytes_of_short_fields_is_parsed_at_once() -> None:
    """It is parsed before the login is known."""
    field = b'--B\r\ncontent-disposition:form-data;name="a"\r\n\r\n1\r\n'
    kind = "multipart/form-data; boundary=B"
    began_s = process_time()
    assert parse_form(kind, field * 100_000 + b"--B--") == [("a", "1")] * 100_000
    assert process_time() - began_s < 10  # 0.1 s; a general parser of mails takes half a minute
    with pytest.raises(Refusal):
        parse_form(kind, b"\r\n--B" * 200_002)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=\xff\r\n"])
@pytest.mark.parametrize("body", [b"", b"--", b"\xff\xfe--B\r\n\r\n", b"--B\r\n" * 1000])
def test_a_form_that_is_broken_has_no_fields(echo: Rest, kind: str, body: bytes) -> None:
    sent = {"content-type": kind}
    answer = echo.ask("echo", method="POST", body=body, headers=sent, word="query")
    assert answer.body["said"] == {"word": "query"}


@pytest.mark.parametrize("count", [2, 20_000])
def test_as_many_ids_as_a_playlist_has(echo: Rest, count: int) -> None:
    ids = [f"tr-{number}" for number in range(count)]
    assert (len("&".join(ids)) > PARSED_ON_THE_LOOP_BYTES) == (count > 2)
    assert echo.ask("echo", method="POST", id=ids).body["id"] == ids


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"&".join([b"a=1"] * 200_001)),
        ("multipart/form-data; boundary=B", b"--B\r\nx\r\n\r\n1\r\n" * 200_001 + b"--B--"),
    ],
)
def test_more_fields_than_anything_has(echo: Rest, kind: str, body: bytes) -> None:
    error = echo.ask("echo", method="POST", body=body, headers={"content-type": kind}).body["error"]
    assert error["message"] == "The request has too many parameters."


def test_the_form_data_of_other_programs(echo: Rest) -> None:
    fields = [
        b"Content-Length: 1\r\nContent-Disposition: form-data; name=id\r\n\r\n1",
        b'content-disposition: form-data; name="id"\r\nContent-Type: text/plain\r\n\r\n2\r\n',
        b'Content-Disposition: form-data; name="id"' + b"; a=b" * 1000 + b"\r\n\r\n3",
    ]
    body = b"".join(b"--a'b\r\n" + field + b"\r\n" for field in fields)
    sent = {"content-type": 'multipart/form-data; charset=utf-8; boundary="a\'b"'}
    answer = echo.ask("echo", method="POST", body=body + b"--a'b--", headers=sent)
    assert answer.body["id"] == ["1", "2\r\n"]  # headers that are longer than any are passed over


def test_an_empty_parameter_is_absent() -> None:
    sent = [("p", ""), ("t", "token"), ("c", "\0"), ("id", ""), ("id", "2"), ("id", "3")]
    parameters = Parameters(sent)
    assert parameters.text("p", "none") == "none"
    assert parameters.text("c", "unknown") == "unknown"
    assert parameters.text("id") == "2"
    assert parameters.texts("id") == ["2", "3"]


def test_a_value_of_more_characters_than_people_write(echo: Rest) -> None:
    """Before the login is known the salt of a token is hashed, on the event loop."""
    said = echo.ask("echo", method="POST", word="x" * LONGEST_VALUE).body["said"]
    assert len(said["word"]) == LONGEST_VALUE
    body, sent = b"u=lee&t=t&s=" + b"x" * 8_000_000, {"content-type": FORM}
    error = Rest(None).ask("ping", method="POST", body=body, headers=sent).body["error"]
    assert error == {"code": 0, "message": "The parameter s is too long."}


@pytest.mark.parametrize(
    ("text", "number"), [("-" + "9" * 30, None), ("9" * 30, 500), ("9" * 9_000, None), ("x", None)]
)
def test_numbers_of_many_digits(text: str, number: int | None) -> None:
    parameters = Parameters([("size", text)])
    if number is None:
        with pytest.raises(Refusal):
            parameters.number("size", highest=500)
    else:
        assert parameters.number("size", highest=500) == number


@pytest.mark.parametrize("v", ["", "1.1.0", "1.16.1", "99", "nonsense"])
def test_every_version_is_served(rest: Rest, v: str) -> None:
    assert rest("ping", v=v, c="")["status"] == "ok"


def test_text_is_utf_8_and_a_nul_is_left_out(echo: Rest) -> None:
    assert echo("echo", word="a\0b 夏")["said"] == {"word": "ab 夏"}
    sent = {"content-type": FORM}
    raw = echo.ask("echo", method="POST", body=b"word=a%FFb", headers=sent)
    assert raw.body["said"] == {"word": "a\ufffdb"}
    bare = echo.ask("echo", method="POST", body="word=Björk".encode(), headers=sent)
    assert bare.body["said"] == {"word": "Björk"}  # as curl sends it


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_errors(rest: Rest, method: str) -> None:
    answer = rest.ask("ping", method=method)
    assert answer.status == 200
    assert answer.body["error"]["code"] == 0


@pytest.mark.parametrize("f", ["json", "xml"])
def test_a_head_is_answered_with_the_headers_alone(rest: Rest, f: str) -> None:
    get, head = (rest.ask("ping", method=method, f=f) for method in ("GET", "HEAD"))
    assert head.content == b""
    assert head.headers == get.headers
    assert head.headers["content-length"] == str(len(get.content))


def failing(error: Exception) -> Any:
    def fail(call: Call) -> Mapping[str, Any]:
        raise error

    return fail


def test_an_unexpected_exception_is_an_error_of_a_constant_text_and_a_log_line(
    echo: Rest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(endpoints.ENDPOINTS, "echo", failing(ZeroDivisionError("of /music")))
    assert echo.error("echo", word="secret word") == {"code": 0, "message": FAILED}
    assert echo.ask("echo").status == 200
    record = next(each for each in caplog.records if each.levelno == logging.ERROR)
    assert record.getMessage() == "echo failed"
    assert record.exc_info
    assert "secret word" not in caplog.text


@pytest.mark.parametrize(
    ("f", "start"), [("json", b'{"subsonic-response":{"status":"failed"'), ("xml", b"<?xml")]
)
def test_a_database_that_is_away(
    echo: Rest, monkeypatch: pytest.MonkeyPatch, f: str, start: bytes
) -> None:
    """Clients take 200 as final."""
    monkeypatch.setitem(endpoints.ENDPOINTS, "echo", failing(OperationalError("away")))
    answer = echo.ask("echo", f=f)
    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.content.startswith(start)
    assert b"away" not in answer.content


def test_one_user_downloads_few_zip_files_at_a_time(
    monkeypatch: pytest.MonkeyPatch, rest: Rest, admin_rest: Rest
) -> None:
    user = User.objects.get(username="lee")
    monkeypatch.setitem(media._archives, user.pk, media.MOST_ARCHIVES)
    assert "already" in rest.error("download", id="al-1")["message"]
    assert admin_rest.error("download", id="al-1")["code"] == 70
    assert rest.error("download", id="tr-1")["code"] == 70
