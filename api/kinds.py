"""The kinds of things that users mark and rate, as paths and bodies name them: in the plural."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext, gettext_noop
from ninja import Schema
from pydantic import ConfigDict, Field

from api.errors import not_found
from api.values import MAX_INTEGER, Id, Parameters, one_of
from asgi.json_responses import json_response
from listening.models.targets import KINDS
from listening.own_changes import forgotten_number
from listening.own_rows import Changed

KIND_OF = {f"{kind}s": kind for kind in KINDS}
PLURALS = tuple(KIND_OF)
MOST_AT_ONCE = 5_000

Plural = one_of(PLURALS)
"""The type of the part of a path that names a kind."""


class ManyIds(Schema):
    """Ids of each kind; at most 5,000."""

    model_config = ConfigDict(extra="forbid")

    tracks: list[Id] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    albums: list[Id] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    artists: list[Id] = Field(default_factory=list, max_length=MOST_AT_ONCE)
    folders: list[Id] = Field(default_factory=list, max_length=MOST_AT_ONCE)

    def by_kind(self) -> dict[str, list[int]]:
        return {KIND_OF[plural]: ids for plural, ids in self.model_dump().items() if ids}


class SomeIds(Schema):
    """Ids of each kind; a kind without any is left out."""

    tracks: list[int] = []
    albums: list[int] = []
    artists: list[int] = []
    folders: list[int] = []


class SinceParameters(Parameters):
    since: Annotated[int, Field(ge=1, le=MAX_INTEGER)] | None = Field(
        None,
        description="The `number` of an earlier answer, no older than 180 days: only what has "
        "changed since. Without it, and where it is not known: everything.",
    )

    def known(self, number: int, user_id: int) -> int:
        """The number itself; 0 without it, for one that is higher than the latest `number`, as
        after a backup was restored, and for one after which removals were forgotten."""
        is_known = self.since is not None and forgotten_number(user_id) <= self.since <= number
        return self.since or 0 if is_known else 0


def in_plural(by_kind: Mapping[str, Any]) -> dict[str, Any]:
    """The same values with the names of kinds that bodies have."""
    return {f"{kind}s": value for kind, value in by_kind.items()}


def changed_several(changed: Changed) -> HttpResponse:
    """The answer to a change of several things."""
    ids = {"unknown": in_plural(changed.unknown), "later": in_plural(changed.later)}
    return json_response({"number": changed.number, **ids})


def changed_one(changed: Changed, kind: str, item_id: int) -> HttpResponse:
    """The answer to a change of one thing. Raises ApiError 404 if nothing has this id."""
    if changed.unknown:
        raise not_found(gettext(_NONE[kind]) % {"id": item_id})
    return json_response({"number": changed.number})


_NONE = {
    "track": gettext_noop("There is no track %(id)s."),
    "album": gettext_noop("There is no album %(id)s."),
    "artist": gettext_noop("There is no artist %(id)s."),
    "folder": gettext_noop("There is no folder %(id)s."),
}
