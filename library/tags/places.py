"""The place of a track in its release: the numbers of track and disc, and the title of the disc."""

import re
from typing import Any

from library.tags import cleaning, numbering
from library.tags.remembering import Fields
from library.tags.vocabularies import SPARE

OF_DISC = ("disc", f"disc{SPARE}", "disc_total", "disc_subtitle")
"""The fields that `of_disc` uses."""
_NUMBER_AND_TITLE = re.compile(
    r"(?:(?:cd|disc|disk)\s*)?[0-9]{1,2}\s*[-:.]\s*([^\W\d].*)", re.IGNORECASE
)


def of_disc(fields: Fields) -> dict[str, Any]:
    disc, spare = (numbering.numbers(fields.get(name, ())) for name in OF_DISC[:2])
    title = cleaning.first_text(fields.get("disc_subtitle", ()))
    return {
        "disc_number": numbering.side_index(disc.side) if disc.side else disc.number,
        "disc_total": disc.total or spare.total or _total("disc_total", fields),
        "disc_subtitle": title or _title_behind_number(fields),
    }


def _title_behind_number(fields: Fields) -> str:
    """The title of a disc that stands behind its number: `Disc 1: The Early Days`."""
    found = _NUMBER_AND_TITLE.fullmatch(cleaning.first_text(fields.get("disc", ())))
    return found[1] if found else ""


def of_track(fields: Fields, disc: dict[str, Any]) -> dict[str, Any]:
    """The numbers of the track. `disc`: the place of its disc, which the result corrects if the
    track's number says something else."""
    track = spare = numbering.numbers(fields.get("track", ()))
    if f"track{SPARE}" in fields:
        spare = numbering.numbers(fields[f"track{SPARE}"])
    if spare.side and spare.number == track.number:
        return _on_a_side(spare, disc)
    total = track.total or spare.total or _total("track_total", fields)
    place: dict[str, Any] = {"track_number": track.number, "track_total": total}
    if track.disc and not disc["disc_number"]:
        place["disc_number"] = track.disc
    return place


def _on_a_side(track: numbering.Number, disc: dict[str, Any]) -> dict[str, Any]:
    """The place of a track of a record, whose number counts from 1 on each side.

    Each side counts as a disc, since lists are sorted by disc and track. A running number would
    need the other tracks. Totals are left out: they are of the discs or of the whole release. If
    the file has a disc number and its sides start again at A on each disc, they follow those of
    the discs before.
    """
    index = numbering.side_index(track.side)
    first_of_disc = 2 * ((disc["disc_number"] or 1) - 1) + 1
    if index < first_of_disc:
        index = first_of_disc + (index - 1) % 2
    return {
        "track_number": track.number,
        "track_total": None,
        "disc_number": index,
        "disc_total": None,
        "disc_subtitle": disc["disc_subtitle"] or f"Side {track.side}",
    }


def _total(field: str, fields: Fields) -> int | None:
    held = fields.get(field)
    return numbering.numbers(held).number if held else None
