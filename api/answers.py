"""Responses: bodies straight from the database's values, and lists that a client need not fetch
twice."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from api.errors import ErrorBody
from asgi.json_responses import json_response
from library.queries.revision import library_revision
from runtime.version import VERSION


def codes(success: Mapping[int, Any], *errors: int) -> dict[int, Any]:
    """The `response` of an operation: what it answers when all is well, and its errors, to which
    those are added that any operation may have."""
    return {**success, **dict.fromkeys((401, *errors, 500), ErrorBody)}


def listed(request: HttpRequest, make_body: Callable[[str], dict[str, Any]]) -> HttpResponse:
    """A list with the library's revision, or 304 without a look at the list, if the client has it.

    `make_body` is given what stands for the library's state: another one after each change.

    The ETag is weak: it stands for the state of the library and the version of mus, not for the
    bytes of this list.
    """
    revision, state = library_revision()
    etag = f'W/"{VERSION}-{state}"'
    response = get_conditional_response(request, etag)
    if response is None:
        body = make_body(state)
        response = json_response({"count": body.pop("count"), "revision": revision, **body})
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    assert isinstance(response, HttpResponse)  # noqa: S101  # for the type checker
    return response
