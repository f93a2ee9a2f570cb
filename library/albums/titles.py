"""What the title of an album says beside its name: `Mellon Collie (Disc 2)`."""

import re
from functools import lru_cache
from typing import NamedTuple

_DISC = re.compile(r"\s*[(\[]\s*(?:cd|disc|disk)\s*([0-9]{1,2})\s*[)\]]\s*$", re.IGNORECASE)


class AlbumTitle(NamedTuple):
    """`name` is the title without its disc."""

    name: str
    disc_number: int | None = None
    disc_subtitle: str = ""


@lru_cache(maxsize=1024)
def parsed_title(title: str) -> AlbumTitle:
    found = _DISC.search(title)
    if not found or not found.start():
        return AlbumTitle(title)
    return AlbumTitle(title[: found.start()], int(found[1]))
