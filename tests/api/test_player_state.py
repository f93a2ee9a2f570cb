"""`GET, PUT, POST player/state`."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from listening.models import PlayerState
from tests.api.library import error, get
from tests.web.library_rows import make_track

URL = "/api/v1/player/state"
UNTOUCHED = {
    "current_track_id": None,
    "progress_seconds": 0.0,
    "volume_level": 1.0,
    "is_muted": False,
    "is_shuffle": False,
    "is_repeat": False,
    "is_repeat_one": False,
    "queue_number": 0,
    "queue_index": 0,
}
FORM = "application/x-www-form-urlencoded"


def put(client: Client, **fields: object) -> Any:
    return client.put(URL, json.dumps(fields), content_type="application/json")


def test_before_anything_is_saved_it_is_that_of_an_untouched_player(api: Client) -> None:
    assert get(api, "player/state") == UNTOUCHED
    assert not PlayerState.objects.exists()


def test_what_is_saved_is_there_again(api: Client) -> None:
    state = {
        "current_track_id": make_track().pk,
        "progress_seconds": 61.5,
        "volume_level": 0.25,
        "is_muted": True,
        "is_shuffle": True,
        "is_repeat": True,
        "is_repeat_one": True,
    }
    answer = {**state, "queue_number": 0, "queue_index": 0}
    assert put(api, **state).json() == answer
    assert get(api, "player/state") == answer


def test_a_field_that_is_left_out_keeps_its_value(api: Client) -> None:
    track = make_track()
    put(api, current_track_id=track.pk, volume_level=0.5)
    put(api, progress_seconds=3)
    expected = {"current_track_id": track.pk, "volume_level": 0.5, "progress_seconds": 3.0}
    assert get(api, "player/state") == {**UNTOUCHED, **expected}
    assert put(api, current_track_id=None).json()["current_track_id"] is None
    assert put(api).status_code == 200


def test_to_save_a_position_is_one_write(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    track = make_track()
    put(api)
    with django_assert_num_queries(4):  # session, user, the write, the state it answers with
        put(api, progress_seconds=3)
    # And whether there is the track, and whether it is another one, which two marks' queries tell.
    with django_assert_num_queries(8):
        put(api, current_track_id=track.pk)


def test_each_user_has_a_player_of_their_own(api: Client, staff: Client) -> None:
    put(api, volume_level=0.5)
    assert get(staff, "player/state") == UNTOUCHED


def test_a_missing_track_may_be_the_current_one(api: Client) -> None:
    assert put(api, current_track_id=make_track(missing=True).pk).status_code == 200


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"volume_level": 1.01}, "volume_level: input should be less than or equal to 1"),
        ({"volume_level": -0.01}, "volume_level: input should be greater than or equal to 0"),
        ({"volume_level": None}, "volume_level: input should be a valid number; found None"),
        ({"progress_seconds": -1}, "progress_seconds: input should be greater than or equal to 0"),
        ({"progress_seconds": "5"}, "progress_seconds: input should be a valid number"),
        ({"current_track_id": 12345}, "current_track_id: there is no track 12345"),
        ({"current_track_id": 2**63}, "current_track_id: input should be less than or equal to"),
        ({"current_track_id": 0}, "current_track_id: input should be greater than or equal to 1"),
        ({"current_track_id": "1"}, "current_track_id: input should be a valid integer"),
        ({"is_muted": 1}, "is_muted: input should be a valid boolean"),
        ({"volume": 1}, "volume: there is no field of this name"),
        ({"volume_level": 2, "is_muted": 3}, "is_muted"),
    ],
)
def test_what_is_out_of_range_is_422_and_changes_nothing(
    api: Client, fields: dict[str, object], complaint: str
) -> None:
    put(api, volume_level=0.5)
    before = get(api, "player/state")
    assert complaint in error(put(api, **fields), 422, "invalid")
    assert get(api, "player/state") == before


@pytest.mark.parametrize("body", ["1e999", "-1e999"])
def test_a_number_that_is_not_finite_is_422(api: Client, body: str) -> None:
    body = f'{{"progress_seconds": {body}}}'
    error(api.put(URL, body, content_type="application/json"), 422, "invalid")


@pytest.mark.parametrize("body", ["[]", "null", '"text"', "1"])
def test_json_that_is_no_object_is_422(api: Client, body: str) -> None:
    error(api.put(URL, body, content_type="application/json"), 422, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"\xff\xfe",
        b'{"progress_seconds": NaN}',
        b'{"progress_seconds": Infinity}',
        b'{"a": "\\ud800"}',
        b"[" * 100_000,
        b'{"current_track_id": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_json_is_400(api: Client, body: bytes) -> None:
    for method in (api.put, api.post):
        response = method(URL, body, content_type="application/json")
        assert "not valid JSON" in error(response, 400, "malformed")


@pytest.mark.parametrize("kind", ["application/xml", "image/png", "", FORM, "text/plain"])
def test_a_put_takes_json_only(api: Client, kind: str) -> None:
    error(api.put(URL, b"{}", content_type=kind), 415, "unsupported_type")


def test_a_post_takes_no_other_type(api: Client) -> None:
    message = error(api.post(URL, b"{}", content_type="text/html"), 415, "unsupported_type")
    assert "text/html" in message
    assert "application/json" in message


def test_a_body_beyond_reason_is_413(api: Client) -> None:
    body = b" " * 3_000_000
    error(api.put(URL, body, content_type="application/json"), 413, "too_big")


@pytest.fixture
def browser(listener: User) -> Client:
    """One that has to send the token, and has it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(listener)
    client.get("/")
    client.cookies["csrftoken"] = "t" * 32
    return client


@pytest.mark.parametrize("kind", ["multipart", "urlencoded"])
def test_a_beacon_carries_the_token_in_its_form(browser: Client, kind: str) -> None:
    track = make_track()
    fields = {"current_track_id": str(track.pk), "progress_seconds": "12.5", "is_muted": "true"}
    form = {**fields, "csrfmiddlewaretoken": "t" * 32}
    if kind == "multipart":
        response = browser.post(URL, form)
    else:
        body = "&".join(f"{name}={value}" for name, value in form.items())
        response = browser.post(URL, body, content_type=FORM)
    assert response.status_code == 200, response.content
    expected = {"current_track_id": track.pk, "progress_seconds": 12.5, "is_muted": True}
    assert get(browser, "player/state") == {**UNTOUCHED, **expected}


def test_an_empty_field_of_a_form_means_no_track(browser: Client) -> None:
    PlayerState.objects.create(user=User.objects.get(), current_track=make_track())
    form = {"current_track_id": "", "csrfmiddlewaretoken": "t" * 32}
    assert browser.post(URL, form).json()["current_track_id"] is None


@pytest.mark.parametrize("kind", ["application/json", "text/plain;charset=UTF-8"])
def test_a_beacon_of_json_needs_the_token_in_a_header(browser: Client, kind: str) -> None:
    body = '{"volume_level": 0.5}'
    refused = browser.post(URL, body, content_type=kind)
    assert "X-CSRFToken" in error(refused, 403, "csrf_failed")
    headers = {"X-CSRFToken": "t" * 32}
    saved = browser.post(URL, body, content_type=kind, headers=headers)
    assert saved.json()["volume_level"] == 0.5


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({"volume_level": "NaN"}, 422, "invalid"),
        ({"volume_level": "inf"}, 422, "invalid"),
        ({"progress_seconds": "soon"}, 422, "invalid"),
        ({"current_track_id": "1e3"}, 422, "invalid"),
        ({"is_muted": "perhaps"}, 422, "invalid"),
        ({"surprise": "1"}, 422, "invalid"),
    ],
)
def test_a_form_out_of_range_is_refused(
    browser: Client, form: dict[str, str], status: int, code: str
) -> None:
    error(browser.post(URL, {**form, "csrfmiddlewaretoken": "t" * 32}), status, code)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_malformed_multipart_body_is_refused(api: Client, kind: str) -> None:
    response = api.post(URL, b"\x00nonsense", content_type=kind)
    assert response.status_code in {200, 400}
    if response.status_code == 400:
        error(response, 400, "malformed")


def test_a_form_without_end_is_refused(api: Client) -> None:
    body = "&".join(f"a{number}=1" for number in range(2000))
    error(api.post(URL, body, content_type=FORM), 400, "malformed")
