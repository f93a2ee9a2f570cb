"""`GET scrobbling` and what is below it."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from listening.models import OutboxItem, OutboxState, ScrobbleAccount
from listening.scrobbling import now_playing
from listening.scrobbling.secrets import SecretLost, decrypted, encrypted
from tests.api.library import ROOT, error, get
from tests.web.library_rows import make_track

URL = "https://maloja.example.org/apis/listenbrainz"
ACCOUNTS = "scrobbling/accounts"


def send(client: Client, method: str, path: str, **body: Any) -> Any:
    return client.generic(
        method, f"{ROOT}{path}", json.dumps(body), content_type="application/json"
    )


def connect(client: Client, **fields: Any) -> Any:
    body = {"service": "listenbrainz", "token": " a token ", **fields}
    return send(client, "POST", ACCOUNTS, **body)


def refused(account_id: int, number: int = 3) -> list[int]:
    """Entries of the outbox that a service refused."""
    made = OutboxItem.objects.bulk_create(
        OutboxItem(
            account_id=account_id,
            kind="listen",
            state=OutboxState.REFUSED,
            facts={"title": f"Title {place}", "artist": "Björk"},
            reason="It ignores this artist.",
        )
        for place in range(number)
    )
    return [each.pk for each in made]


def test_services_are_offered_as_the_settings_say(api: Client, settings: Settings) -> None:
    def labels() -> list[str]:
        return [each["label"] for each in get(api, "scrobbling")["services"]]

    assert labels() == ["ListenBrainz", "Libre.fm"]
    settings.LASTFM_API_KEY = settings.LASTFM_API_SECRET = "ab" * 16
    settings.SCROBBLE_URLS = (URL,)
    assert labels() == ["ListenBrainz", "Last.fm", "Libre.fm", f"ListenBrainz protocol at {URL}"]


def test_an_account_is_connected_changed_and_disconnected(api: Client, listener: User) -> None:
    response = connect(api)
    assert response.status_code == 201
    assert b"a token" not in response.content
    (row,) = get(api, "scrobbling")["accounts"]
    assert row == response.json()
    assert (row["is_connected"], row["waiting"], row["is_enabled"]) == (False, 0, True)
    stored = ScrobbleAccount.objects.get()
    assert "token" not in stored.secret
    assert decrypted(stored.secret) == "a token"
    path = f"{ACCOUNTS}/{row['id']}"
    changed = send(api, "PATCH", path, tells_favourites=False)
    assert changed.json() == {**row, "tells_favourites": False}
    assert send(api, "DELETE", path).status_code == 204
    assert get(api, "scrobbling")["accounts"] == []
    error(send(api, "DELETE", path), 404, "not_found")


def test_connecting_again_keeps_what_waits(api: Client) -> None:
    account_id = connect(api).json()["id"]
    refused(account_id, 1)
    ScrobbleAccount.objects.update(problem="Connect the account again.", failures=7)
    row = connect(api, token="another").json()
    assert (row["id"], row["problem"], row["refused"]) == (account_id, "", 1)
    assert decrypted(ScrobbleAccount.objects.get().secret) == "another"


@pytest.mark.parametrize(
    "fields",
    [
        {"service": "lastfm"},
        {"service": "librefm"},
        {"service": "spotify"},
        {"url": "http://127.0.0.1/"},
        {"url": f"{URL}/"},
        {"token": ""},
        {"token": "  "},
        {"token": "x\0"},
        {"token": "x" * 501},
        {"token": "schl\u00fcssel"},
        {"token": "two\r\nlines"},
        {"more": 1},
    ],
)
def test_what_is_not_offered_is_not_connected(
    api: Client, settings: Settings, fields: dict[str, Any]
) -> None:
    settings.SCROBBLE_URLS = (URL,)
    error(connect(api, **fields), 422, "invalid")
    assert not ScrobbleAccount.objects.exists()


def test_what_was_refused_is_listed_sent_again_and_forgotten(api: Client) -> None:
    account_id = connect(api).json()["id"]
    ids = refused(account_id)
    path = f"{ACCOUNTS}/{account_id}"
    listed = get(api, f"{path}/refused?limit=2")
    assert (listed["count"], [each["id"] for each in listed["results"]]) == (3, ids[:0:-1])
    assert listed["results"][0]["reason"] == "It ignores this artist."
    assert send(api, "POST", f"{path}/retry", item_ids=ids[:1]).json() == {"count": 1}
    assert OutboxItem.objects.get(pk=ids[0]).state == OutboxState.WAITING
    assert send(api, "POST", f"{path}/dismiss", item_ids=ids).json() == {"count": 2}
    assert OutboxItem.objects.count() == 1  # what waits is not forgotten
    assert send(api, "POST", f"{path}/retry").json() == {"count": 0}


def test_accounts_of_others_are_out_of_reach(api: Client, staff: Client) -> None:
    account_id = connect(api).json()["id"]
    ids = refused(account_id)
    path = f"{ACCOUNTS}/{account_id}"
    assert get(staff, "scrobbling")["accounts"] == []
    for method, where in (
        *(("PATCH", path), ("DELETE", path), ("GET", f"{path}/refused")),
        *(("POST", f"{path}/retry"), ("POST", f"{path}/dismiss")),
    ):
        error(send(staff, method, where), 404, "not_found")
    assert OutboxItem.objects.filter(pk__in=ids, state=OutboxState.REFUSED).count() == 3


def test_what_plays_now_is_noted_for_the_newest_users(api: Client, listener: User) -> None:
    now_playing.taken()
    track = make_track()
    assert send(api, "PUT", "scrobbling/now-playing", track_id=track.pk).status_code == 204
    error(send(api, "PUT", "scrobbling/now-playing", track_id=10**6), 422, "invalid")
    assert now_playing.taken() == [(listener.pk, track.pk)]
    for user_id in range(1, 1000):
        now_playing.note(user_id, 1)
    assert len(now_playing.taken()) == now_playing.MOST_USERS


def test_a_secret_can_be_read_with_the_same_secret_key_alone(settings: Settings) -> None:
    stored = encrypted("geheim")
    assert decrypted(stored) == "geheim"
    for text in ("", "x", stored[:-2]):
        with pytest.raises(SecretLost):
            decrypted(text)
    settings.SECRET_KEY = "another secret key, long enough, at last"
    with pytest.raises(SecretLost):
        decrypted(stored)
