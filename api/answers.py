"""Responses that several endpoints share: the errors of each operation, and lists with an ETag."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from api.errors import ErrorBody
from asgi.json_responses import json_response
from library.queries.revision import library_revision
from runtime.version import VERSION


def codes(success: Mapping[int, Any], *errors: int) -> dict[int, Any]:
    """The `response` argument of an operation: its `success` schemas and its error statuses.

    401 and 500, which every operation may answer, are added.
    """
    return {**success, **dict.fromkeys((401, *errors, 500), ErrorBody)}


def listed(
    request: HttpRequest, make_body: Callable[[str], dict[str, Any]], word: str = ""
) -> HttpResponse:
    """A list with the library's revision; see `answer_of_state`."""

    def with_revision(revision: int, state: str) -> dict[str, Any]:
        body = make_body(state)
        return {"count": body.pop("count"), "revision": revision, **body}

    return answer_of_state(request, with_revision, word)


def answer_of_state(
    request: HttpRequest, make_body: Callable[[int, str], dict[str, Any]], word: str = ""
) -> HttpResponse:
    """What the library holds; 304, without querying it, if the client has it.

    `make_body` is called with the library's revision and with the state of the library: an opaque
    text that changes whenever something in the library does. `word`: what else the answer depends
    on, for one that shows, or is chosen by, things of the user's own; see `listening.own`. It names
    the user: a number of changes alone may be the same for two. Read it before the rows.

    The ETag is weak: it is made of that state and the version of mus, not of the answer's bytes.
    """
    revision, token = library_revision()
    whole_state = f"{token}-{quote(word, safe='')}" if word else token
    etag = f'W/"{VERSION}-{whole_state}"'
    response = get_conditional_response(request, etag)
    if response is None:
        response = json_response(make_body(revision, token))
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    assert isinstance(response, HttpResponse)  # noqa: S101  # for the type checker
    return response
