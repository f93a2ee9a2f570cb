"""The fields that say what the user made of the songs, albums, artists and folders of a page."""

from collections.abc import Collection
from typing import Any

from listening.bookmarks import positions_in
from listening.favourites import all_favourited_at, favourited_at
from listening.own import OwnFacts, own_facts
from listening.ratings import all_stars, average_stars, stars_of
from opensubsonic.dates import moment

Fields = dict[str, Any]


def own_fields(user_id: int, kind: str, ids: Collection[int]) -> dict[int, Fields]:
    """Of each of `ids`, which are of this kind. The number of queries is fixed."""
    return {pk: _fields(facts) for pk, facts in own_facts(user_id, kind, ids).items()}


def opinion_fields(user_id: int, kind: str, ids: Collection[int]) -> dict[int, Fields]:
    """`starred` and `userRating` alone, of those of `ids` that have them. Two queries."""
    if len(ids) > _MANY:
        favourites, stars = all_favourited_at(user_id, kind), all_stars(user_id, kind)
    else:
        favourites, stars = favourited_at(user_id, kind, ids), stars_of(user_id, kind, ids)
    return {
        pk: _fields(OwnFacts(favourites.get(pk), stars.get(pk)))
        for pk in favourites.keys() | stars.keys()
    }


_MANY = 1_000
"""To name more ids than this takes longer than to read everything that the user has of a kind."""


def add_average_ratings(own: dict[int, Fields], kind: str) -> None:
    """The mean of all users' ratings. Albums and artists of the newer form do not have it."""
    for pk, mean in average_stars(kind, own.keys()).items():
        own[pk]["averageRating"] = round(mean, 2)


def add_bookmarks(own: dict[int, Fields], user_id: int) -> None:
    """In milliseconds, as clients take it; the protocol's text says seconds."""
    for pk, position_s in positions_in(user_id, own.keys()).items():
        own[pk]["bookmarkPosition"] = round(position_s * 1000)


def _fields(facts: OwnFacts) -> Fields:
    """What is unknown is left out, as the protocol has it for these fields."""
    fields: Fields = {}
    if facts.favourited_at:
        fields["starred"] = moment(facts.favourited_at)
    if facts.rating:
        fields["userRating"] = facts.rating
    if facts.play_count:
        fields["playCount"] = facts.play_count
    if facts.last_played_at:
        fields["played"] = moment(facts.last_played_at)
    return fields
