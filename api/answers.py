"""Responses that several endpoints share: the errors of each operation, and lists with an ETag."""

from collections.abc import Callable, Mapping
from typing import Any

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


def listed(request: HttpRequest, make_body: Callable[[str], dict[str, Any]]) -> HttpResponse:
    """A list with the library's revision; 304, without querying the list, if the client has it.

    `make_body` is called with the library's state: a token that changes whenever any track changes.

    The ETag is weak: it is made of that token and the version of mus, not of the list's bytes.
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
