"""Which disc a track is on."""

import os
from typing import NamedTuple

from library.albums.titles import parsed_title
from library.albums.units import disc_of_folder


class Disc(NamedTuple):
    number: int | None
    subtitle: str


def disc_of(folder: str, album_title: str, number: int | None, subtitle: str) -> Disc:
    """The disc of a track in `folder` (a path, or its last part), from what its tags state
    (`number` and `subtitle`); else from the title of the album, `Title (Disc 2)`; else from the
    folder's name, `CD2`."""
    in_title = parsed_title(album_title)
    of_folder = disc_of_folder(os.path.basename(folder))
    return Disc(number or in_title.disc_number or of_folder, subtitle or in_title.disc_subtitle)
