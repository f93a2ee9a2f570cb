"""The endpoints for API keys: users list, make and revoke their own."""

from datetime import datetime, timedelta
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Path, Router, Schema
from pydantic import AfterValidator, ConfigDict, Field

from accounts.api_keys import LONGEST_LIFE, LONGEST_NAME, TooManyKeys, keys_of, make_key, revoke
from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, not_found
from api.sessions import SessionOnly, user_of
from api.values import WITHOUT_NUL, AnyMoment, Id, without_surrounding_space
from asgi.json_responses import json_response

router = Router(tags=["keys"])


def _in_time(end: datetime) -> datetime:
    if not timedelta() < end - timezone.now() < LONGEST_LIFE:
        raise ValueError("should be in the future, within a hundred years")
    return end


class NewKey(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, AfterValidator(without_surrounding_space), WITHOUT_NUL] = Field(
        max_length=LONGEST_NAME, description="What the key is for."
    )
    expires_at: Annotated[AnyMoment, AfterValidator(_in_time)] | None = Field(
        None, description="With a time zone. null: the key never expires."
    )


class KeyRow(Schema):
    id: int
    name: str
    beginning: str = Field(description="The first characters of the key.")
    created_at: datetime
    expires_at: datetime | None = Field(description="null: never.")
    last_used_at: datetime | None = Field(description="To within five minutes.")
    last_used_from: str = Field(description="The address of the last client; may be empty.")


class MadeKey(KeyRow):
    key: str = Field(description="The key itself. Nothing shows it again.")


class KeyList(Schema):
    count: int
    results: list[KeyRow]


_FIELDS = tuple(KeyRow.model_fields)


@router.get("keys", response=codes({200: KeyList}), summary="List the API keys")
def list_keys(request: HttpRequest) -> HttpResponse:
    """The keys of the logged-in user, the newest first; also those that have expired."""
    rows = [*keys_of(user_of(request)).values(*_FIELDS)]
    return json_response({"count": len(rows), "results": rows})


@router.post(
    "keys",
    auth=SessionOnly(),
    response=codes({201: MadeKey}, 400, 403, 409, 413, 415, 422),
    openapi_extra=described(NewKey, JSON),
    summary="Make an API key",
)
def make_api_key(request: HttpRequest) -> HttpResponse:
    """The response is the only one that shows the key. Needs a session: a key makes no keys. 409 if
    the user has too many."""
    new = read_body(request, NewKey, JSON)
    try:
        row, key = make_key(user_of(request), new.name, new.expires_at)
    except TooManyKeys as refusal:
        raise ApiError(409, "too_many_keys", str(refusal)) from None
    fields = {name: getattr(row, name) for name in _FIELDS}
    return json_response({**fields, "key": key}, status=201)


@router.delete(
    "keys/{key_id}", response=codes({204: None}, 403, 404, 422), summary="Revoke an API key"
)
def revoke_api_key(request: HttpRequest, key_id: Path[Id]) -> HttpResponse:
    """A key of the logged-in user. It is refused at once; long responses end within a minute."""
    if not revoke(keys_of(user_of(request)).filter(pk=key_id)):
        raise not_found(gettext("There is no API key %(id)s of yours.") % {"id": key_id})
    return HttpResponse(status=204)
