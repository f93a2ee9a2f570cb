"""What lists show of the user's own things, and the parameters that ask for it."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import AfterValidator, Field

from api.sessions import user_of
from api.values import Parameters
from listening.models.ratings import MOST_STARS
from listening.own import OwnPart, OwnWishes, own_facts, own_part
from listening.searching.filters import filters_of
from listening.searching.query import SearchQuery

_KINDS = {"composer": "artist"}
_STARS = f"^([0-{MOST_STARS}]|[0-{MOST_STARS}]-[0-{MOST_STARS}]|[0-{MOST_STARS}]-)$"


def _check_stars(text: str) -> str:
    if not re.fullmatch(_STARS, text):
        raise ValueError(f"should be stars such as 4, or from 3 to {MOST_STARS}: 3-{MOST_STARS}")
    lowest, highest = stars_of_text(text)
    if lowest > highest:
        raise ValueError(f"should be {highest}-{lowest}: the lower number comes first")
    return text


def stars_of_text(text: str) -> tuple[int, int]:
    """The lowest and the highest number of stars of a parameter of the type `Stars`."""
    lowest, dash, highest = text.partition("-")
    return int(lowest), int(highest or MOST_STARS) if dash else int(lowest)


Stars = Annotated[
    str,
    Field(
        description="How many stars the user gave: `4`, `3-5`, `3-`. What is not rated has 0, so "
        "`0` is what is not rated, and `0-2` that and what has up to two stars.",
        json_schema_extra={"pattern": _STARS},
    ),
    AfterValidator(_check_stars),
]


class OwnFilters(Parameters):
    """What lists are filtered by of the user's own things."""

    favourite: bool | None = Field(
        None, description="Only the user's favourites, or only what is no favourite."
    )
    rating: Stars | None = None
    played: bool | None = Field(
        None, description="Only what the user heard, or only what the user never heard."
    )

    @property
    def shows_own(self) -> bool:
        return False

    def own_part(
        self, request: HttpRequest, kind: str, sort: str = "", query: SearchQuery | None = None
    ) -> OwnPart:
        """`query`: the list's search, whose operators may ask for the user's own things, too.
        A composer's favourite and rating are those of the artist."""
        user_id = user_of(request).pk
        stars = None if self.rating is None else stars_of_text(self.rating)
        wishes = OwnWishes(self.favourite, stars, self.played, self.shows_own)
        others = filters_of(query, kind, user_id) if query else ()
        return own_part(user_id, _KINDS.get(kind, kind), wishes, sort, others)


class OwnParameters(OwnFilters):
    """The same, and whether rows tell what the user made of them."""

    own: bool = Field(default=False, description="Whether each row tells what the user made of it.")

    @property
    def shows_own(self) -> bool:
        return self.own

    def with_own(
        self, request: HttpRequest, kind: str, rows: Sequence[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """The rows, with what the user made of each if this is asked for."""
        if not self.own:
            return [*rows]
        facts = own_facts(user_of(request).pk, kind, [row["id"] for row in rows])
        return [{**row, "own": facts[row["id"]]._asdict()} for row in rows]


class Own(Schema):
    """What the user made of a track, album, artist or folder."""

    favourited_at: datetime | None = Field(description="Since when it is a favourite, if it is.")
    rating: int | None = Field(description="1 to 5 stars; null: not rated.")
    play_count: int = Field(
        description="Plays of the track; of the tracks of the album or artist, or directly in the "
        "folder."
    )
    last_played_at: datetime | None


class WithOwn(Schema):
    """What rows of lists have besides their fields."""

    own: Own | None = Field(None, description="Only there with `own=true`.")
