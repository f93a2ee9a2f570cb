"""A page of the track list: which tracks, in which order, and what is shown of each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from library.track_selection import TrackSelection, rows_in_order

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class TrackRow:
    """What the list shows of a track; the fields are those of the model."""

    title: str
    artist: str
    album_title: str
    year: int | None
    duration_s: float
    added_at: datetime

    @property
    def duration(self) -> str:
        return duration_text(self.duration_s)


def duration_text(seconds: float) -> str:
    """`3:05` or `1:02:03`; nothing where it is not known."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes or rest else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading of the list, and the order that a click on it asks for, if it can be sorted by."""

    name: str
    label: str
    next_sort: str = ""
    direction: str = ""


def columns(sort: str) -> list[Column]:
    """The headings of a list that is sorted by `sort`."""
    return [
        _sortable("title", "Title", sort),
        _sortable("artist", "Artist", sort),
        _sortable("album", "Album", sort),
        Column("year", "Year"),
        Column("length", "Length"),
        _sortable("added", "Added", sort, first="-added"),
    ]


def list_tracks(*, search: str, sort: str, page: int) -> Page[TrackRow]:
    """Page `page` of the present tracks that `search` finds; three queries, however many there are.

    Raises EmptyPage beyond the last page; the first one is always there.
    """
    selection = TrackSelection(search=search, sort=sort)
    pages: Paginator[Any] = Paginator(range(selection.count), PAGE_SIZE)
    found = pages.page(page)
    ids = selection.page((page - 1) * PAGE_SIZE, PAGE_SIZE)
    found.object_list = [TrackRow(*row) for row in rows_in_order(ids, *TrackRow.__slots__)]
    return found


def _sortable(name: str, label: str, sort: str, first: str = "") -> Column:
    if sort == name:
        return Column(name, label, f"-{name}", "ascending")
    if sort == f"-{name}":
        return Column(name, label, name, "descending")
    return Column(name, label, first or name)
