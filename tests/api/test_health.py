"""`GET /healthz`."""

import asyncio
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer
from django.db import connection
from django.test import Client

from events import bell
from operations import health
from runtime.version import VERSION

pytestmark = pytest.mark.django_db(transaction=True)


class HangingLayer(InMemoryChannelLayer):  # type: ignore[misc]  # channels is untyped
    async def group_send(self, *_: Any) -> None:
        await asyncio.Event().wait()


class BrokenLayer(InMemoryChannelLayer):  # type: ignore[misc]  # channels is untyped
    async def group_send(self, *_: Any) -> None:
        raise ConnectionError("redis://:secret@example.org")


def test_it_is_well_without_a_login(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "version": VERSION,
        "database": "ok",
        "channel_layer": "ok",
        "disk": "ok",
    }
    assert response["Cache-Control"] == "no-store"


def test_head_is_answered_as_get_is(client: Client) -> None:
    assert client.head("/healthz").status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_other_methods_are_told_which_there_are(method: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = browser.generic(method, "/healthz")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"
    assert response.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.django_db(transaction=True)
def test_a_database_without_tables_is_503(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE library_scan RENAME TO away")
        response = client.get("/healthz")
        cursor.execute("ALTER TABLE away RENAME TO library_scan")
    assert response.status_code == 503
    assert response.json()["status"] == "failing"
    assert response.json()["database"] == "unreachable"


@pytest.mark.parametrize("layer", [HangingLayer, BrokenLayer])
def test_a_channel_layer_that_does_not_work_is_told_and_no_failure(
    client: Client, monkeypatch: pytest.MonkeyPatch, layer: type[InMemoryChannelLayer]
) -> None:
    monkeypatch.setattr(bell, "get_channel_layer", layer)
    monkeypatch.setattr(health, "LAYER_WITHIN_SECONDS", 0.05)
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["channel_layer"] == "unreachable"
    assert response.json()["status"] == "degraded"
    assert b"secret" not in response.content


def test_without_a_channel_layer_there_is_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "get_channel_layer", lambda: None)
    assert client.get("/healthz").json()["channel_layer"] == "none"
