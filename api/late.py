"""Changes that a client made while it could not reach the server, and tells afterwards."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Schema
from pydantic import Field

from api.errors import ApiError
from api.sessions import user_of

LONGEST_S = 30 * 24 * 3600.0


class LateChange(Schema):
    """What a change says about its time and its user."""

    age_s: float = Field(
        0,
        ge=0,
        description="How long ago the user did it. Not a time: the clock of a device may be wrong. "
        "More than 30 days count as 30 days.",
    )
    user: str | None = Field(
        None, description="The name of the user who did it: 409 if somebody else is logged in."
    )

    @property
    def made_at(self) -> datetime | None:
        """None for a change of now."""
        age = timedelta(seconds=min(self.age_s, LONGEST_S))
        return timezone.now() - age if age else None


def check_user(request: HttpRequest, name: str | None) -> None:
    """Raises ApiError 409 if somebody else is logged in than the user who made the change."""
    if name not in {None, user_of(request).get_username()}:
        raise ApiError(
            409, "other_user", gettext("Somebody else is logged in; log in as who did this.")
        )
