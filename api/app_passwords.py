"""The endpoints for app passwords: users list, make, see and revoke their own."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Router, Schema
from pydantic import AfterValidator, ConfigDict, Field

from accounts.app_passwords import (
    LONGEST_NAME,
    AppPasswordsRefused,
    app_passwords_of,
    make_app_password,
    password_of,
    restore_app_password,
    revoke_app_passwords,
)
from accounts.models import AppPassword
from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, not_found
from api.sessions import SessionOnly, user_of
from api.values import WITHOUT_NUL, Id, without_surrounding_space
from asgi.json_responses import json_response

router = Router(tags=["app-passwords"])


class NewAppPassword(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, AfterValidator(without_surrounding_space), WITHOUT_NUL] = Field(
        max_length=LONGEST_NAME, description="The app, and perhaps the device."
    )


class AppPasswordRow(Schema):
    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None = Field(description="To within an hour.")
    last_used_by: str = Field(description="The name that the app gives itself; may be empty.")
    last_used_from: str = Field(description="The address of the last client; may be empty.")
    revoked_at: datetime | None = Field(description="null: in force.")


class ShownAppPassword(AppPasswordRow):
    password: str = Field(
        description="`mus-<id>-<secret>`: the `p` and the source of `t` below `/rest/`, and its "
        "`apiKey`."
    )


class AppPasswordList(Schema):
    count: int
    results: list[AppPasswordRow]


_FIELDS = tuple(AppPasswordRow.model_fields)


@router.get("app-passwords", response=codes({200: AppPasswordList}), summary="List app passwords")
def list_app_passwords(request: HttpRequest) -> HttpResponse:
    """Those of the logged-in user, the newest first; also those that were revoked in the last 30
    days."""
    rows = [*app_passwords_of(user_of(request)).values(*_FIELDS)]
    return json_response({"count": len(rows), "results": rows})


@router.post(
    "app-passwords",
    auth=SessionOnly(),
    response=codes({201: ShownAppPassword}, 400, 403, 409, 413, 415, 422),
    openapi_extra=described(NewAppPassword, JSON),
    summary="Make an app password",
)
def make_new_app_password(request: HttpRequest) -> HttpResponse:
    """For a Subsonic client. Needs a session: keys and app passwords make none. 409 if the user has
    too many."""
    new = read_body(request, NewAppPassword, JSON)
    try:
        row = make_app_password(user_of(request), new.name)
    except AppPasswordsRefused as refusal:
        raise ApiError(409, "too_many_app_passwords", str(refusal)) from None
    return json_response(_shown(row), status=201)


@router.get(
    "app-passwords/{app_id}",
    auth=SessionOnly(),
    response=codes({200: ShownAppPassword}, 403, 404, 422),
    summary="Show an app password",
)
def show_app_password(request: HttpRequest, app_id: Path[Id]) -> HttpResponse:
    """One in force, with its secret. Needs a session."""
    row = app_passwords_of(user_of(request)).filter(pk=app_id, revoked_at=None).first()
    if row is None:
        raise _not_found(app_id)
    return json_response(_shown(row))


@router.delete(
    "app-passwords/{app_id}",
    response=codes({204: None}, 403, 404, 422),
    summary="Revoke an app password",
)
def revoke_app_password(request: HttpRequest, app_id: Path[Id]) -> HttpResponse:
    """It is refused at once, by other servers within a second; long responses end within a
    minute."""
    if not revoke_app_passwords(app_passwords_of(user_of(request)).filter(pk=app_id)):
        raise _not_found(app_id)
    return HttpResponse(status=204)


@router.post(
    "app-passwords/{app_id}/restore",
    auth=SessionOnly(),
    response=codes({200: ShownAppPassword}, 403, 404, 409, 422),
    summary="Undo the revocation of an app password",
)
def restore_revoked_app_password(request: HttpRequest, app_id: Path[Id]) -> HttpResponse:
    """For an hour after it was revoked. Needs a session."""
    try:
        row = restore_app_password(user_of(request), app_id)
    except AppPasswordsRefused as refusal:
        raise ApiError(409, "too_many_app_passwords", str(refusal)) from None
    if row is None:
        raise _not_found(app_id)
    return json_response(_shown(row))


def _shown(row: AppPassword) -> dict[str, object]:
    return {**{name: getattr(row, name) for name in _FIELDS}, "password": password_of(row)}


def _not_found(app_id: int) -> ApiError:
    return not_found(gettext("There is no app password %(id)s of yours.") % {"id": app_id})
