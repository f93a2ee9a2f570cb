"""Errors below /api/: one shape, whatever goes wrong."""

import tomllib
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings

from runtime.version import RELEASE
from tests.api.library import error


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/v1", "/api/v1/nope", "/api/v2/tracks", "/api/v1/tracks/", "/api/%ff"],
)
def test_a_path_that_is_not_there_is_404(api: Client, path: str) -> None:
    error(api.get(path), 404, "not_found")
    error(Client().post(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "tracks", "GET"),
        ("POST", "tracks/1", "GET"),
        ("PATCH", "player/state", "GET, POST, PUT"),
        ("PUT", "scans", "GET, POST"),
        ("GET", "scans/1/cancel", "POST"),
        ("OPTIONS", "albums", "GET"),
    ],
)
def test_a_method_that_is_not_possible_is_405_and_says_which_are(
    api: Client, method: str, path: str, allowed: str
) -> None:
    response = api.generic(method, f"/api/v1/{path}")
    assert method in error(response, 405, "method_not_allowed")
    assert ", ".join(sorted(response["Allow"].split(", "))) == allowed


def test_head_is_a_get_without_its_body(api: Client) -> None:
    response = api.head("/api/v1/tracks")
    assert response.status_code == 200
    assert response.headers["ETag"] == api.get("/api/v1/tracks").headers["ETag"]
    assert response.content == b""


def test_a_fault_is_500_logged_and_tells_no_secrets(
    api: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("sesame")

    monkeypatch.setattr("library.queries.lists.RowList.page", fail)
    response = api.get("/api/v1/tracks")
    assert "sesame" not in error(response, 500, "fault")
    assert "GET /api/v1/tracks failed" in caplog.text
    assert "sesame" in caplog.text


def test_who_was_made_inactive_is_logged_out(api: Client, listener: User) -> None:
    assert api.get("/api/v1/tracks").status_code == 200
    listener.is_active = False
    listener.save()
    error(api.get("/api/v1/tracks"), 401, "not_logged_in")


def test_a_wrong_token_is_403(listener: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(listener)
    client.cookies["csrftoken"] = "t" * 32
    headers = {"X-CSRFToken": "u" * 32}
    response = client.put("/api/v1/player/state", "{}", "application/json", headers=headers)
    error(response, 403, "csrf_failed")


def test_a_change_from_another_site_is_403(listener: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(listener)
    client.cookies["csrftoken"] = "t" * 32
    headers = {"X-CSRFToken": "t" * 32, "Origin": "https://evil.example"}
    response = client.put("/api/v1/player/state", "{}", "application/json", headers=headers)
    error(response, 403, "csrf_failed")


def test_a_host_that_is_not_allowed_is_told_so_in_the_same_shape(api: Client) -> None:
    response = api.get("/api/v1/tracks", headers={"host": "music.example"})
    assert "ALLOWED_HOSTS" in error(response, 400, "bad_request")


def test_answers_are_not_kept_by_others(api: Client) -> None:
    assert api.get("/api/v1/tracks")["Cache-Control"] == "private, no-cache"
    for path in ("player/state", "scans", "tracks/1", "nope"):
        assert api.get(f"/api/v1/{path}")["Cache-Control"] == "no-store"
    assert "Cookie" in api.get("/api/v1/tracks")["Vary"]


def test_the_version_is_that_of_the_project(settings: Settings) -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert tomllib.loads(project.read_text())["project"]["version"] == RELEASE
