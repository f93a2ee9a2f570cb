"""The ids of covers: the id of what has the picture, and the beginning of the picture's own id.

Clients keep covers by these ids for ever, so the id changes with the picture: `tr-12_4f3a9c21`.
All songs of an album that have one picture share the id of the first of them, so that a client
fetches the picture once.
"""

from opensubsonic.ids import id_of

PICTURE_CHARACTERS = 8


def cover_art(kind: str, pk: int, cover_id: str) -> dict[str, str]:
    """The field `coverArt`; none if there is no picture, so that clients need not ask for it."""
    if not cover_id:
        return {}
    return {"coverArt": f"{id_of(kind, pk)}_{cover_id[:PICTURE_CHARACTERS]}"}
