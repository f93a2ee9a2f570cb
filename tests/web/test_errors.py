"""Pages for what goes wrong."""

import pytest
from django.http import HttpRequest
from django.test import Client
from django.views.defaults import permission_denied, server_error
from pytest_django.asserts import assertContains


def test_an_address_that_is_not_there_has_a_page(page: Client) -> None:
    assertContains(page.get("/nowhere/"), "There is nothing here", status_code=404)


def test_a_host_that_is_not_allowed_is_told_what_to_do(client: Client) -> None:
    response = client.get("/login/", headers={"host": "music.example"})
    assertContains(response, "ALLOWED_HOSTS", status_code=400)


@pytest.mark.parametrize(("view", "status", "text"), [
    (server_error, 500, "The fault is in the server"),
    (lambda request: permission_denied(request, PermissionError()), 403, "You may not do that"),
])  # fmt: skip
def test_django_finds_the_page(view: object, status: int, text: str) -> None:
    assert callable(view)
    response = view(HttpRequest())
    assertContains(response, text, status_code=status)


@pytest.mark.django_db
def test_a_fault_in_a_view_is_answered_by_the_page_not_by_the_traceback(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("sesame")

    monkeypatch.setattr("web.views.page_script", fail)
    page.raise_request_exception = False
    response = page.get("/")
    assertContains(response, "mus failed at that", status_code=500)
    assert b"sesame" not in response.content
