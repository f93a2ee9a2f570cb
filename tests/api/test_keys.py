"""`GET, POST keys`, `DELETE keys/{id}`, and what the API does with a key."""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.api_keys import MOST_KEYS, make_key
from accounts.models import ApiKey
from asgi import kept_logins
from library.models.scan import Scan
from listening.models import PlayerState
from tests.api.library import ROOT, error, get
from tests.web.library_rows import make_scan

KEYS = f"{ROOT}keys"
STATE = f"{ROOT}player/state"
WRONG = "mus-" + "A" * 43


def with_key(key: str, **options: Any) -> Client:
    """A program that has nothing but the key."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {key}"}, **options)


def key_for(user: User, **fields: Any) -> str:
    return make_key(user, "phone", **fields)[1]


def post(client: Client, **fields: object) -> Any:
    return client.post(KEYS, json.dumps(fields), content_type="application/json")


def refused(response: Any) -> None:
    error(response, 401, "invalid_key")
    assert response["WWW-Authenticate"].startswith("Bearer ")


def test_a_key_is_shown_once_and_only_its_digest_is_stored(api: Client, listener: User) -> None:
    response = post(api, name=" my phone ", expires_at=None)
    assert response.status_code == 201
    made = response.json()
    key = made.pop("key")
    assert re.fullmatch(r"mus-[A-Za-z0-9_-]{43}", key)
    assert made["name"] == "my phone"
    assert made["beginning"] == key[:10]
    assert get(api, "keys") == {"count": 1, "results": [made]}
    (row,) = ApiKey.objects.values()
    assert row["digest"] == hashlib.sha256(key.encode()).hexdigest()
    assert key not in str(row)
    assert response["Cache-Control"] == "no-store"


def test_a_key_does_what_its_user_may_without_a_csrf_token(listener: User) -> None:
    client = with_key(key_for(listener))
    assert client.get(STATE).status_code == 200
    response = client.put(STATE, '{"volume_level": 0.5}', content_type="application/json")
    assert response.status_code == 200
    assert PlayerState.objects.get(user=listener).volume_level == 0.5
    error(client.post(f"{ROOT}scans"), 403, "not_staff")


@pytest.mark.django_db
def test_an_administrators_key_has_the_administrators_role() -> None:
    running = make_scan(state="running")
    client = with_key(key_for(User.objects.create_superuser("root")))
    assert client.post(f"{ROOT}scans/{running.pk}/cancel").status_code == 202
    assert Scan.objects.get().cancel_requested


def test_a_key_neither_makes_nor_touches_a_session(listener: User) -> None:
    client = with_key(key_for(listener))
    with CaptureQueriesContext(connection) as queries:
        responses = [client.get(STATE), client.put(STATE, "{}", content_type="application/json")]
    for response in responses:
        assert not response.cookies
        assert response["Vary"] == "Authorization"
    assert "django_session" not in str(queries.captured_queries)
    assert not Session.objects.exists()


def test_the_key_alone_counts_beside_a_session(listener: User) -> None:
    bea = User.objects.create_user("bea")
    client = with_key(key_for(bea))
    client.force_login(listener)
    response = client.put(STATE, '{"volume_level": 0.5}', content_type="application/json")
    assert response.status_code == 200
    assert [state.user for state in PlayerState.objects.all()] == [bea]
    assert client.get(STATE, headers={"Authorization": ""}).status_code == 200  # still logged in


def test_a_cookie_of_a_session_that_is_over_stays_where_it_is(listener: User) -> None:
    client = with_key(key_for(listener))
    client.cookies["sessionid"] = "x"
    assert not client.post(STATE, "{}", content_type="application/json").cookies


ENDS: dict[str, Callable[[User], object]] = {
    "revoked": lambda _: ApiKey.objects.all().delete(),
    "expired": lambda _: ApiKey.objects.update(expires_at=timezone.now()),
    "inactive": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "deleted": lambda user: user.delete(),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_key_that_is_over_is_refused_although_a_session_would_do(
    listener: User, end: Callable[[User], object]
) -> None:
    key = key_for(listener, expires_at=timezone.now() + timedelta(hours=1))
    client = with_key(key)
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(STATE).status_code == 200
    end(listener)
    refused(client.get(STATE))
    refused(client.get(f"{ROOT}scans/failures"))
    refused(client.put(STATE, "{}", content_type="application/json"))
    refused(client.post(f"{ROOT}scans"))
    refused(post(client, name="another"))


MALFORMED = ["", " ", "mus-", WRONG, WRONG + "A", WRONG.upper(), f"{WRONG}, {WRONG}", "x" * 9000]
MALFORMED += [WRONG[:-1] + "é", WRONG[:-1] + "%", WRONG[:-1] + "\0", f'"{WRONG}"', "' OR 1=1 --"]


@pytest.mark.parametrize("token", MALFORMED)
def test_what_is_no_key_is_refused_without_looking_for_it(api: Client, token: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        refused(
            api.get(STATE, headers={"Authorization": f"Bearer {token}".encode().decode("latin-1")})
        )
    assert len(queries) == (token == WRONG)


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
def test_the_scheme_counts_in_any_case(listener: User, scheme: str) -> None:
    key = key_for(listener)
    assert Client(headers={"Authorization": f"{scheme} {key}"}).get(STATE).status_code == 200


@pytest.mark.parametrize("value", ["Basic bGVlOngK", "Basic", "", "mus-x", "Token mus-x"])
def test_another_scheme_leaves_the_session_alone(api: Client, value: str) -> None:
    """A proxy with a Basic login of its own passes that on."""
    assert api.get(STATE, headers={"Authorization": value}).status_code == 200
    response = Client().get(STATE, headers={"Authorization": value})
    error(response, 401, "not_logged_in")
    assert response["WWW-Authenticate"].startswith("Bearer ")


def test_a_key_takes_one_query_and_none_while_it_is_kept(
    listener: User, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = with_key(key_for(listener))
    ApiKey.objects.update(last_used_at=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        client.get(STATE)
    assert len(queries) == 2  # the key with its user, the state
    with CaptureQueriesContext(connection) as queries:
        client.put(STATE, "{}", content_type="application/json")
    assert len(queries) == 2
    monkeypatch.setattr(kept_logins, "KEPT_S", 60.0)
    counts = []
    for each in (client, api):
        each.get(STATE)
        with CaptureQueriesContext(connection) as queries:
            each.get(STATE)
        counts.append(len(queries))
    assert counts == [1, 1]


def test_changes_ask_for_the_key_each_time(listener: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_logins, "KEPT_S", 60.0)
    client = with_key(key_for(listener))
    assert client.get(STATE).status_code == 200
    ApiKey.objects.all()._raw_delete(using="default")  # as another server would: no signal
    assert client.get(STATE).status_code == 200
    refused(client.put(STATE, "{}", content_type="application/json"))


@pytest.mark.parametrize("end", [ENDS["revoked"], ENDS["deleted"]])
def test_a_kept_key_that_is_revoked_here_is_refused_at_once(
    listener: User, monkeypatch: pytest.MonkeyPatch, end: Callable[[User], object]
) -> None:
    monkeypatch.setattr(kept_logins, "KEPT_S", 60.0)
    client = with_key(key_for(listener))
    assert client.get(STATE).status_code == 200
    end(listener)
    refused(client.get(STATE))


def test_a_kept_key_expires_at_its_time(listener: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_logins, "KEPT_S", 60.0)
    soon = timezone.now() + timedelta(minutes=1)
    client = with_key(key_for(listener, expires_at=soon))
    assert client.get(STATE).status_code == 200
    monkeypatch.setattr("django.utils.timezone.now", lambda: soon)
    refused(client.get(STATE))


def test_the_digest_of_a_key_as_session_cookie_finds_nobody(
    listener: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_logins, "KEPT_S", 60.0)
    assert with_key(key_for(listener)).get(STATE).status_code == 200
    client = Client()
    client.cookies["sessionid"] = ApiKey.objects.get().digest
    error(client.get(STATE), 401, "not_logged_in")


def test_a_new_password_leaves_keys_in_force(listener: User) -> None:
    client = with_key(key_for(listener))
    listener.set_password("another one")
    listener.save()
    assert client.get(STATE).status_code == 200


@pytest.mark.parametrize("path", ["/", "/keys/", "/password/", "/admin/"])
def test_pages_and_the_admin_take_no_keys(db: None, path: str) -> None:
    response = with_key(key_for(User.objects.create_superuser("root"))).get(path)
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_a_key_makes_no_keys_but_lists_and_revokes(listener: User) -> None:
    client = with_key(key_for(listener))
    error(post(client, name="another"), 403, "session_only")
    (row,) = get(client, "keys")["results"]
    assert client.delete(f"{KEYS}/{row['id']}").status_code == 204
    refused(client.get(KEYS))


def test_keys_of_others_are_neither_listed_nor_revoked(api: Client, staff: Client) -> None:
    made = post(api, name="mine").json()
    assert get(staff, "keys") == {"count": 0, "results": []}
    error(staff.delete(f"{KEYS}/{made['id']}"), 404, "not_found")
    assert get(with_key(made["key"]), "keys")["count"] == 1


def test_a_user_has_fifty_keys_at_most(api: Client, listener: User) -> None:
    for _ in range(MOST_KEYS):
        key_for(listener)
    key_for(User.objects.create_user("bea"))
    assert "50" in error(post(api, name="one more"), 409, "too_many_keys")
    assert api.delete(f"{KEYS}/{ApiKey.objects.filter(user=listener)[0].pk}").status_code == 204
    assert post(api, name="one more").status_code == 201


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 101},
        {"name": "a\0b"},
        {"name": 7},
        {"name": "a", "user": 1},
        {"name": "a", "digest": "0" * 64},
        {"name": "a", "expires_at": "2001-01-01T00:00:00Z"},
        {"name": "a", "expires_at": "2100-01-01T00:00:00"},
        {"name": "a", "expires_at": "9999-12-31T23:59:59-14:00"},
        {"name": "a", "expires_at": "0001-01-01T00:00:00+14:00"},
        {"name": "a", "expires_at": 4_000_000_000},
        {"name": "a", "expires_at": True},
        {"name": "a", "expires_at": "tomorrow"},
        {"name": "\ud800"},
    ],
)
def test_what_cannot_be_a_key_is_refused(api: Client, fields: dict[str, object]) -> None:
    assert post(api, **fields).status_code in {400, 422}
    assert not ApiKey.objects.exists()


def test_a_time_of_another_zone_is_the_same_time(api: Client) -> None:
    end = timezone.now().replace(microsecond=0) + timedelta(days=30)
    zoned = end.astimezone(timezone.get_fixed_timezone(330)).isoformat()
    assert post(api, name="a", expires_at=zoned).status_code == 201
    assert ApiKey.objects.get().expires_at == end
