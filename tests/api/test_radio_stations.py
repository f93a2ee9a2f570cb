"""The endpoints for internet radio stations."""

import pytest
from django.test import Client

from listening.models import RadioStation
from listening.radio_stations import policy_sources, stream_origins

STATION = {"name": "Nightly", "stream_url": "https://radio.example.org:8000/live?x=1"}
PLACE = "/api/v1/radio-stations"


def test_administrators_make_change_and_delete_them(staff: Client, api: Client) -> None:
    made = staff.post(PLACE, STATION, content_type="application/json")
    assert made.status_code == 201
    assert made.json() == {"id": made.json()["id"], **STATION, "home_page_url": ""}
    one = f"{PLACE}/{made.json()['id']}"
    changed = {**STATION, "name": "Daily", "home_page_url": "http://example.org"}
    assert staff.put(one, changed, content_type="application/json").status_code == 204
    assert [row["name"] for row in api.get(PLACE).json()["results"]] == ["Daily"]
    assert staff.delete(one).status_code == 204
    assert api.get(PLACE).json() == {"count": 0, "results": []}
    assert staff.delete(one).status_code == 404


def test_an_answer_that_is_known_is_not_sent_again(staff: Client, api: Client) -> None:
    staff.post(PLACE, STATION, content_type="application/json")
    known = api.get(PLACE)["ETag"]
    assert api.get(PLACE, headers={"if-none-match": known}).status_code == 304
    staff.post(PLACE, {**STATION, "name": "Other"}, content_type="application/json")
    assert api.get(PLACE, headers={"if-none-match": known}).status_code == 200


def test_listeners_only_see_them(api: Client) -> None:
    assert api.post(PLACE, STATION, content_type="application/json").status_code == 403
    assert not RadioStation.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://radio.example.org/a b",
        "https://radio.example.org; script-src *",
        "https://radio.example.org:port/",
        "https://x" + "x" * 2000,
        "https://*/live",
        "https://*.example.org/live",
        "https://radio..example.org/live",
        "https://ex%41mple.org/live",
    ],
)
def test_an_address_that_is_none_is_refused(staff: Client, url: str) -> None:
    answer = staff.post(PLACE, {**STATION, "stream_url": url}, content_type="application/json")
    assert answer.status_code == 422, answer.json()


def test_the_origins_of_streams_name_neither_users_nor_paths(staff: Client) -> None:
    for url in (STATION["stream_url"], "HTTP://me:secret@Radio.Example.org/other"):
        body = {"name": "One", "stream_url": url}
        staff.post(PLACE, body, content_type="application/json")
    assert stream_origins() == ["http://radio.example.org", "https://radio.example.org:8000"]


def test_a_name_has_no_nul(staff: Client) -> None:
    answer = staff.post(PLACE, {**STATION, "name": "a\0b"}, content_type="application/json")
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://radio.example.org:443/live", "https://radio.example.org"),
        ("http://radio.example.org:80", "http://radio.example.org"),
        ("http://radio.example.org:08000/", "http://radio.example.org:8000"),
        ("http://[::1]:8000/live", "http://[::1]:8000"),
        ("https://bücher.example/夏", "https://xn--bcher-kva.example"),
    ],
)
def test_origins_are_as_browsers_write_them_in_the_policy(
    staff: Client, url: str, origin: str
) -> None:
    body = {"name": "One", "stream_url": url}
    assert staff.post(PLACE, body, content_type="application/json").status_code == 201
    assert stream_origins() == [origin]
    policy = staff.get("/radio")["Content-Security-Policy"]
    assert f"media-src 'self' {origin};" in f"{policy};"


def test_the_policy_of_many_stations_is_short() -> None:
    origins = [f"https://radio-{number}.example.org" for number in range(500)]
    assert policy_sources(origins[:20]) == origins[:20]
    assert policy_sources(origins) == ["http:", "https:"]
