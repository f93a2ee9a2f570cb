"""Which disc a track is on, and its place on it."""

import os
from typing import NamedTuple

from library.albums.members import Member
from library.albums.titles import parsed_title
from library.albums.units import parsed_folder
from library.models.folding import identity_key

Position = tuple[object, object]
"""Disc and number of a track. Equal positions of two tracks of one album mean that one of them is
a copy, another version, or of another release."""
BONUS_DISC = 99
"""The number of a disc that is named a bonus disc and has none: it comes after all others."""


class Disc(NamedTuple):
    number: int | None
    subtitle: str


def disc_of(folder: str, album_title: str, number: int | None, subtitle: str) -> Disc:
    """The disc of a track in `folder` (a path, or its last part), from what its tags state
    (`number` and `subtitle`); else from the title of the album, `Title (Disc 2)`; else from the
    folder's name, `CD2`. A name without a number is that of a bonus disc."""
    in_title = parsed_title(album_title)
    of_folder = _of_folder(folder, album_title)
    if number and of_folder.number not in (None, number) and in_title.disc_number is None:
        return Disc(number, subtitle)
    said = number or in_title.disc_number or of_folder.number
    name = in_title.disc_subtitle or of_folder.subtitle
    return Disc(said or (BONUS_DISC if name else None), subtitle or name)


def position(member: Member) -> Position:
    """Tracks without a number are told apart by their titles."""
    number = member.track_number
    return _disc(member), number or identity_key(member.title)


def _disc(member: Member) -> object:
    """A disc number 1 may be that of a program that gave it to each disc: then the title or the
    folder knows better. No disc is the first one."""
    if member.disc_number and member.disc_number > 1:
        return member.disc_number
    in_title = parsed_title(member.album_title)
    of_folder = _of_folder(member.folder, member.album_title)
    number = in_title.disc_number or of_folder.number
    if number is None and member.disc_number is None:
        return in_title.disc_subtitle or of_folder.subtitle or 1
    return number or 1


def _of_folder(folder: str, album_title: str) -> Disc:
    """A folder that is named after its album (`Disco 2`) says no disc. The album's title is no
    subtitle of a disc."""
    name = os.path.basename(folder)
    parsed = parsed_folder(name)
    if parsed.number is None and not parsed.subtitle:
        return Disc(None, "")
    key = identity_key(parsed_title(album_title).name)
    if identity_key(name) == identity_key(album_title):
        return Disc(None, "")
    return Disc(parsed.number, "" if identity_key(parsed.subtitle) == key else parsed.subtitle)
