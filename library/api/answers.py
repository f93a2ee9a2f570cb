"""Responses: bodies straight from the database's values, and lists that a client need not fetch
twice."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from asgi.json_responses import json_response
from library.api.errors import ErrorBody
from library.models import Scan, Track
from runtime.version import VERSION

_CHANGES = ("added", "updated", "moved", "restored", "missing")
_NO_SCAN = (0, datetime.fromtimestamp(0, UTC))
_IS_CHANGE = reduce(or_, (Q(**{f"{name}__gt": 0}) for name in _CHANGES))


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
    revision, state = _state()
    etag = f'W/"{VERSION}-{state}"'
    response = get_conditional_response(request, etag)
    if response is None:
        body = make_body(state)
        response = json_response({"count": body.pop("count"), "revision": revision, **body})
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    assert isinstance(response, HttpResponse)  # noqa: S101  # for the type checker
    return response


def _state() -> tuple[int, str]:
    """The revision, and what stands for all that is known: the scan that made it, by its number
    and its start, since numbers come again after a backup was restored; and how far it has come,
    since batch follows batch while it runs.

    By the scans, which stay: a purge may delete every track of the newest revision, and the tracks
    alone would lead back to a state that was another one.
    """
    scans = Scan.objects.filter(_IS_CHANGE).order_by("-pk")
    revision, started_at, *counts = (
        scans.values_list("pk", "started_at", *_CHANGES).first() or _NO_SCAN
    )
    of_tracks = Track.objects.aggregate(revision=Max("revision"))["revision"] or 0
    revision = max(revision, of_tracks)
    started_us = round(started_at.timestamp() * 1_000_000)
    return revision, f"{revision}-{started_us:x}-{'.'.join(map(str, counts))}"
