"""Lists with an ETag: what it is made of."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from api.answers import listed
from library.models.revision import Revision, new_epoch
from library.queries.revision import library_revision

pytestmark = pytest.mark.django_db


def ask(word: str, etag: str = "") -> tuple[int, str, list[str]]:
    """The status, the ETag, and the states that the list was made with."""
    states: list[str] = []

    def body(state: str) -> dict[str, Any]:
        states.append(state)
        return {"count": 0, "results": []}

    request: HttpRequest = RequestFactory().get("/", headers={"If-None-Match": etag})
    response = listed(request, body, word)
    return response.status_code, response["ETag"], states


def test_the_state_is_epoch_and_number() -> None:
    Revision.objects.raised()
    row = Revision.objects.get()
    assert library_revision() == (row.number, f"{row.epoch}-{row.number}")
    assert ask("")[2] == [f"{row.epoch}-{row.number}"]


def test_a_word_of_a_list_of_ones_own_is_part_of_the_etag() -> None:
    """As of a list of favourites, which a user changes and no scan: what is kept of the library is
    kept for all users."""
    status, etag, states = ask("ada-7")
    assert status == 200
    assert states == [library_revision()[1]]
    assert ask("ada-7", etag)[0] == 304
    for other in ("ada-8", "bob-7", ""):
        assert ask(other, etag)[0] == 200


def test_any_word_fits_into_an_etag() -> None:
    _, etag, _ = ask('a "quoted", word\r\n\N{SNOWMAN}')
    assert etag.isascii()
    assert etag.count('"') == 2
    assert ask('a "quoted", word\r\n\N{SNOWMAN}', etag)[0] == 304


def test_the_same_number_in_another_epoch_is_another_state() -> None:
    Revision.objects.raised()
    _, etag, _ = ask("")
    Revision.objects.update(epoch=new_epoch())
    assert ask("", etag)[0] == 200


def test_without_a_row_lists_are_answered_and_the_first_change_makes_one() -> None:
    """As in a database whose tables somebody emptied."""
    Revision.objects.all().delete()
    _, etag, _ = ask("")
    assert Revision.objects.raised() > 0
    assert Revision.objects.count() == 1
    assert ask("", etag)[0] == 200
