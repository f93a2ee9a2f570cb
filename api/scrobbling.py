"""The endpoints for accounts at services that collect what users hear."""

import re
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import AfterValidator, ConfigDict, Field

from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import invalid, not_found
from api.sessions import user_of
from api.values import Id, Paging, one_of
from asgi.json_responses import json_response
from library.models.catalogue import Track
from library.queries.tombstones import find_living
from listening.models import OutboxItem, ScrobbleService
from listening.scrobbling import now_playing
from listening.scrobbling.accounts import (
    LONGEST_SECRET,
    TOKEN_PATTERN,
    AccountState,
    account_states,
    accounts_of,
    connect,
    disconnect,
    dismiss,
    refused_items,
    switch,
    try_again,
)
from listening.scrobbling.services import find, offered
from listening.scrobbling.told import in_words

router = Router(tags=["scrobbling"])

MOST_ITEMS = 500
"""How many entries of an outbox one request may name."""


def _token(text: str) -> str:
    token = text.strip()
    if not token:
        raise ValueError("should not be empty")
    if not re.fullmatch(TOKEN_PATTERN, token):
        raise ValueError("should consist of letters, digits and signs of ASCII")
    return token


class ServiceRow(Schema):
    """A service that accounts can be connected of."""

    service: one_of(ScrobbleService.values)  # type: ignore[valid-type]
    url: str = Field(description="Empty for the service's usual address.")
    label: str
    takes_token: bool = Field(
        description="Whether an account is connected by a token that the user has; else the user "
        "has to log in at the service, from the page /scrobbling/ of mus."
    )


class AccountRow(Schema):
    id: int
    service: one_of(ScrobbleService.values)  # type: ignore[valid-type]
    url: str
    name: str = Field(description="The user's name there; empty until the service has said it.")
    is_connected: bool = Field(description="Whether the service has confirmed the account.")
    connected_at: datetime | None
    is_enabled: bool
    tells_now_playing: bool
    tells_favourites: bool
    problem: str = Field(description="Why nothing is told until the user does something.")
    last_failure: str = Field(description="Why the last attempt failed; empty after a success.")
    paused_until: datetime | None
    waiting: int
    refused: int
    arrived: int = Field(description="How much has arrived in the last seven days.")
    last_arrived_at: datetime | None


class ScrobblingBody(Schema):
    services: list[ServiceRow]
    accounts: list[AccountRow]


class NewAccount(Schema):
    model_config = ConfigDict(extra="forbid")

    service: one_of(ScrobbleService.values)  # type: ignore[valid-type]
    url: str = Field("", max_length=1000, description="One of the services' addresses.")
    token: Annotated[str, AfterValidator(_token)] = Field(
        max_length=LONGEST_SECRET, description="The user's token at the service."
    )


class AccountChange(Schema):
    """The fields to change; a field that is left out keeps its value."""

    model_config = ConfigDict(extra="forbid")

    is_enabled: bool = True
    tells_now_playing: bool = True
    tells_favourites: bool = True


class RefusedRow(Schema):
    id: int
    kind: str
    title: str
    artist: str
    album: str
    started_at: datetime | None
    refused_at: datetime | None
    reason: str


class RefusedList(Schema):
    count: int
    results: list[RefusedRow]


class Chosen(Schema):
    """Some of what was refused; all of it if `item_ids` is left out."""

    model_config = ConfigDict(extra="forbid")

    item_ids: list[Id] | None = Field(default=None, max_length=MOST_ITEMS)


class Done(Schema):
    count: int = Field(description="How many.")


class NowPlaying(Schema):
    model_config = ConfigDict(extra="forbid")

    track_id: Id


_REFUSALS = (400, 403, 404, 413, 415, 422)


@router.get("scrobbling", response=codes({200: ScrobblingBody}), summary="List the accounts")
def get_scrobbling(request: HttpRequest) -> HttpResponse:
    """The services that this server offers, and the logged-in user's accounts there."""
    services = [
        {
            "service": each.kind,
            "url": each.url,
            "label": each.label,
            "takes_token": each.takes_token,
        }
        for each in offered()
    ]
    rows = [_row(each) for each in account_states(_user_id(request))]
    return json_response({"services": services, "accounts": rows})


@router.post(
    "scrobbling/accounts",
    response=codes({201: AccountRow}, 400, 403, 413, 415, 422),
    openapi_extra=described(NewAccount, JSON),
    summary="Connect an account",
)
def connect_scrobble_account(request: HttpRequest) -> HttpResponse:
    """By a token. The service is asked about it at once, but after the response: see
    `is_connected`, `problem` and `last_failure` of the account."""
    new = read_body(request, NewAccount, JSON)
    service = find(new.service, new.url)
    if service is None:
        raise invalid("service, url: this server does not offer that; see GET scrobbling.")
    if not service.takes_token:
        raise invalid(f"service: log in at {service.label} from the page /scrobbling/ instead.")
    account = connect(_user_id(request), service, new.token)
    return json_response(_one(request, account.pk), status=201)


@router.patch(
    "scrobbling/accounts/{account_id}",
    response=codes({200: AccountRow}, *_REFUSALS),
    openapi_extra=described(AccountChange, JSON),
    summary="Change what an account is told",
)
def change_scrobble_account(request: HttpRequest, account_id: Path[Id]) -> HttpResponse:
    """An account that is not enabled is told nothing; plays of that time are never told."""
    change = read_body(request, AccountChange, JSON)
    if not switch(_user_id(request), account_id, **change.model_dump(exclude_unset=True)):
        raise _no_account(account_id)
    return json_response(_one(request, account_id))


@router.delete(
    "scrobbling/accounts/{account_id}",
    response=codes({204: None}, 403, 404, 422),
    summary="Disconnect an account",
)
def disconnect_scrobble_account(request: HttpRequest, account_id: Path[Id]) -> HttpResponse:
    """What waits for it is forgotten."""
    if not disconnect(_user_id(request), account_id):
        raise _no_account(account_id)
    return HttpResponse(status=204)


@router.get(
    "scrobbling/accounts/{account_id}/refused",
    response=codes({200: RefusedList}, 404, 422),
    summary="List what a service refused",
)
def list_refused(
    request: HttpRequest, account_id: Path[Id], parameters: Query[Paging]
) -> HttpResponse:
    """With its reasons, the newest first. It is kept for 180 days."""
    _require_account(request, account_id)
    found = refused_items(_user_id(request), account_id)
    page = found[parameters.offset : parameters.offset + parameters.limit]
    return json_response({"count": found.count(), "results": [_refused(each) for each in page]})


@router.post(
    "scrobbling/accounts/{account_id}/retry",
    response=codes({200: Done}, *_REFUSALS),
    openapi_extra=described(Chosen, JSON),
    summary="Send again what was refused",
)
def retry_refused(request: HttpRequest, account_id: Path[Id]) -> HttpResponse:
    """At once, even if the account is paused."""
    chosen = read_body(request, Chosen, JSON)
    _require_account(request, account_id)
    count = try_again(_user_id(request), account_id, chosen.item_ids)
    return json_response({"count": count})


@router.post(
    "scrobbling/accounts/{account_id}/dismiss",
    response=codes({200: Done}, *_REFUSALS),
    openapi_extra=described(Chosen, JSON),
    summary="Forget what was refused",
)
def dismiss_refused(request: HttpRequest, account_id: Path[Id]) -> HttpResponse:
    """The plays themselves stay in the history of mus."""
    chosen = read_body(request, Chosen, JSON)
    _require_account(request, account_id)
    count = dismiss(_user_id(request), account_id, chosen.item_ids)
    return json_response({"count": count})


@router.put(
    "scrobbling/now-playing",
    response=codes({204: None}, *_REFUSALS),
    openapi_extra=described(NowPlaying, JSON),
    summary="Tell what plays now",
)
def put_now_playing(request: HttpRequest) -> HttpResponse:
    """To the services, if they can be reached at the moment. It is told once and not kept."""
    track_id = read_body(request, NowPlaying, JSON).track_id
    tracks = Track.objects.order_by().values_list("pk", flat=True)
    living = find_living(Track, track_id, lambda pk: tracks.filter(pk=pk).first())
    if living is None:
        raise invalid(gettext("track_id: there is no track %(id)s.") % {"id": track_id})
    now_playing.note(_user_id(request), living)
    return HttpResponse(status=204)


def _one(request: HttpRequest, account_id: int) -> dict[str, Any]:
    states = account_states(_user_id(request))
    return next(_row(each) for each in states if each.account.pk == account_id)


def _row(state: AccountState) -> dict[str, Any]:
    account = state.account
    own = ("service", "url", "name", "connected_at", "paused_until")
    switches = ("is_enabled", "tells_now_playing", "tells_favourites")
    counted = (
        "is_connected",
        "problem",
        "last_failure",
        "waiting",
        "refused",
        "arrived",
        "last_arrived_at",
    )
    return {
        "id": account.pk,
        **{name: getattr(account, name) for name in (*own, *switches)},
        **{name: getattr(state, name) for name in counted},
    }


def _refused(item: OutboxItem) -> dict[str, Any]:
    names = {name: item.facts.get(name, "") for name in ("title", "artist", "album")}
    own = {"id": item.pk, "kind": item.kind, "reason": in_words(item.reason)}
    return {**own, **names, "started_at": item.started_at, "refused_at": item.settled_at}


def _require_account(request: HttpRequest, account_id: int) -> None:
    if not accounts_of(_user_id(request)).filter(pk=account_id).exists():
        raise _no_account(account_id)


def _no_account(account_id: int) -> Exception:
    return not_found(gettext("There is no scrobble account %(id)s of yours.") % {"id": account_id})


def _user_id(request: HttpRequest) -> int:
    return user_of(request).pk
