"""Lists of all albums, those of folders among them: for clients that fetch a library by its albums,
and would never see a file that is on none.

They hold numbers as `library.queries.discographies` has them: the id of an album, or that of a
folder with a minus.
"""

import random
from array import array
from collections.abc import Collection, Sequence
from functools import lru_cache, partial
from operator import itemgetter

from django.db.models import F, Value

from library.models.albums import Album
from library.models.folders import Folder
from library.queries.albums import AlbumFilter
from library.queries.discographies import discographies
from library.queries.id_arrays import kept_id_array, kept_list_ids, still_matching
from library.queries.lists import RowList
from library.queries.positions import Listing
from library.queries.prepared import IsAmong, ids_value
from library.queries.track_summaries import folder_albums

KEPT_LISTS = 16
"""How many a process keeps of each kind."""


@lru_cache(maxsize=KEPT_LISTS)
def folder_album_numbers(state: str, root: str | None) -> tuple[int, ...]:  # noqa: ARG001  # a key of what is kept
    """Of the folders that hold present tracks on no album, in the order of their names. `root`:
    only in this music folder. `state`: see `library.queries.revision`."""
    ids = [-number for number in discographies().albums if number < 0]
    if not ids:
        return ()
    folders = Folder.objects.filter(IsAmong(F("pk"), Value(ids_value(ids))))
    if root is not None:
        folders = folders.filter(root=root)
    return tuple(-pk for pk in folders.order_by("name_key", "pk").values_list("pk", flat=True))


def numbers_behind(rows: RowList) -> Listing:
    """The albums of `rows`, whose filter has no more than a root, and the folders' behind them."""
    wanted = _filter_of(rows)
    return Listing(rows.state, partial(_kept_numbers, rows), partial(_still_listed, wanted))


@lru_cache(maxsize=KEPT_LISTS)
def newest_numbers(rows: RowList) -> Sequence[int]:
    """The albums of `rows`, which are ordered by when they were added, the newest first, with the
    folders' among them by the same time."""
    albums = kept_list_ids(rows)
    folders = folder_album_numbers(rows.state, _filter_of(rows).root)
    if not folders:
        return albums
    dated = dict(Album.objects.order_by().values_list("pk", "first_added_at"))
    for pk, each in folder_albums([-number for number in folders]).items():
        dated[-pk] = each.first_added_at
    found = [(number, at) for number in (*albums, *folders) if (at := dated.get(number))]
    found.sort(key=itemgetter(1), reverse=True)  # it is stable: equal times stay as they are
    return array("q", [number for number, _ in found])


def drawn_numbers(state: str, wanted: AlbumFilter, number: int) -> list[int]:
    """Up to `number` of the matching albums and of the folders', in random order. Every call draws
    others. `wanted` has no more than a root."""
    albums, folders = kept_id_array(state, wanted), folder_album_numbers(state, wanted.root)
    count = len(albums) + len(folders)
    places = random.sample(range(count), min(number, count))
    return [
        albums[place] if place < len(albums) else folders[place - len(albums)] for place in places
    ]


@lru_cache(maxsize=KEPT_LISTS)
def _kept_numbers(rows: RowList) -> Sequence[int]:
    albums = kept_list_ids(rows)
    folders = folder_album_numbers(rows.state, _filter_of(rows).root)
    return array("q", [*albums, *folders]) if folders else albums


def _still_listed(wanted: AlbumFilter, numbers: Collection[int]) -> set[int]:
    albums = still_matching(wanted, [number for number in numbers if number > 0])
    folders = {number for number in numbers if number < 0}
    return albums | (folders & discographies().albums.keys())


def _filter_of(rows: RowList) -> AlbumFilter:
    assert isinstance(rows.filter, AlbumFilter)  # noqa: S101  # for the type checker
    return rows.filter


KEPT = (folder_album_numbers, newest_numbers, _kept_numbers)
"""What a process keeps, for tests that begin with another library."""
