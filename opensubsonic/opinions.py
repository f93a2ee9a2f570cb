"""What users say of music: the hearts, which the protocol calls stars, and the ratings."""

from collections import defaultdict
from collections.abc import Sequence

from listening.favourites import change_favourites
from listening.kinds import IdsByKind
from listening.models.ratings import MOST_STARS
from listening.models.targets import KINDS
from listening.own_rows import UnknownItems
from listening.ratings import change_ratings
from opensubsonic.call import Body, Call
from opensubsonic.errors import Code, Refusal, not_found

_STARRED: Sequence[tuple[str, Sequence[str]]] = (
    ("id", KINDS),
    ("albumId", ("album", "folder")),
    ("artistId", ("artist",)),
)
"""The parameters that name what is starred, and the kinds that each may name. Lists of albums have
folders, too (`library.queries.numbered_albums`)."""


def star(call: Call) -> Body:
    """All of it becomes a favourite, or nothing does."""
    return _change(call, add=_named(call), remove={})


def unstar(call: Call) -> Body:
    return _change(call, add={}, remove=_named(call))


def set_rating(call: Call) -> Body:
    """0 stars take the rating away."""
    named = call.parameters.named("id", *KINDS)
    call.parameters.needed_text("rating")
    stars = call.parameters.number("rating", highest=MOST_STARS + 1) or 0
    if stars > MOST_STARS:
        raise Refusal(Code.GENERIC, f"A rating is a number from 0 to {MOST_STARS}.")
    rate, remove = (
        ({named.kind: {named.pk: stars}}, {}) if stars else ({}, {named.kind: [named.pk]})
    )
    try:
        change_ratings(call.user_id, rate, remove, needs_all=True)
    except UnknownItems:
        raise not_found(named.kind) from None
    return {}


def _named(call: Call) -> IdsByKind:
    found = defaultdict[str, list[int]](list)
    for parameter, kinds in _STARRED:
        for each in call.parameters.all_named(parameter, *kinds):
            found[each.kind].append(each.pk)
    if not found:
        raise Refusal(Code.MISSING_PARAMETER, "One of id, albumId and artistId is needed.")
    return found


def _change(call: Call, *, add: IdsByKind, remove: IdsByKind) -> Body:
    try:
        change_favourites(call.user_id, add, remove, needs_all=True)
    except UnknownItems as error:
        raise not_found(next(iter(error.unknown))) from None
    return {}
