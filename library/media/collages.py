"""The picture of a playlist: the covers of four of its tracks."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from library.covers.collage import TILES, compose
from library.covers.making import NotReadable, Others, Picture
from library.covers.rendering import UnusablePicture
from library.covers.size import CoverSize
from library.media.cover_rows import find_cover_of
from library.media.found_covers import Source, covers, make
from library.media.tracks import TrackUnavailable


def collage_id(cover_ids: Sequence[str]) -> str:
    """What identifies the picture made of these."""
    if len(cover_ids) < TILES:
        return cover_ids[0] if cover_ids else ""
    return blake2b(f"collage {' '.join(cover_ids[:TILES])}".encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Collage:
    """The picture made of four covers. `user_id` waits for these."""

    parts: Sequence[Source]
    user_id: int
    root: str = ""
    """Collages wait in a queue of their own. They wait for covers, which never wait for them."""
    others: Others | None = None

    @property
    def cover_id(self) -> str:
        return collage_id([part.cover_id for part in self.parts])

    async def read(self) -> Picture:
        """Raises what the first cover raises if not one of them can be shown."""
        found, first_error = [], None
        for part in self.parts:
            try:
                found.append(await make(part, CoverSize.SQUARE_640, self.user_id))
            except (UnusablePicture, NotReadable, TrackUnavailable) as error:
                first_error = first_error or error
        if not found:
            raise first_error or UnusablePicture("There is no picture.")
        if len(found) < TILES:
            return Picture("", found[0].content)
        content = await covers.in_thread(compose, [cover.content for cover in found])
        return Picture(self.cover_id, content)


async def find_collage(track_ids: Sequence[int], user_id: int) -> Source:
    """The picture of four tracks; that of the first if they are fewer. Raises TrackUnavailable."""
    parts = [await find_cover_of("tracks", pk) for pk in track_ids[:TILES]]
    return Collage(parts, user_id) if len(parts) == TILES else parts[0]
