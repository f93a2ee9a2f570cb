"""The ids that clients see: a kind and the id of a row, as in `tr-12`. They never change.

Clients keep ids in databases of their own, so a kind's prefix is for ever.
"""

import re
from typing import NamedTuple

PREFIXES = {
    "track": "tr",
    "album": "al",
    "artist": "ar",
    "folder": "fo",
    "playlist": "pl",
    "radio": "ra",
    "share": "sh",
}
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
_ID = re.compile(r"([a-z]{2})-([1-9][0-9]{0,18})(?:_[0-9a-f]{1,32})?")
_LARGEST = 2**63 - 1


class Named(NamedTuple):
    """What an id names: a row of a kind."""

    kind: str
    pk: int


def id_of(kind: str, pk: int) -> str:
    """The id of the row `pk`, which is of this kind."""
    return f"{PREFIXES[kind]}-{pk}"


def named_by(text: str) -> Named | None:
    """What the id `text` names; None if it is no id of mus. Nothing is looked up.

    The ids of covers have the picture's own id behind an underscore, which is left out.
    """
    found = _ID.fullmatch(text)
    if not found or found[1] not in _KINDS or int(found[2]) > _LARGEST:
        return None
    return Named(_KINDS[found[1]], int(found[2]))
