"""Lists of albums and songs: by name, year, plays and the like, random ones, and favourites.

Each order ends in the id, so pages of a list hold the same rows whatever their size.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from library.queries.albums import AlbumFilter
from library.queries.artists import ArtistFilter
from library.queries.filters import RowFilter
from library.queries.groupings import genre_id_named
from library.queries.id_arrays import drawn
from library.queries.lists import RowList
from library.queries.numbered_albums import drawn_numbers, folder_album_numbers, newest_numbers
from library.queries.orders import ALBUM_ORDERS, TRACK_ORDERS
from library.queries.revision import library_revision
from library.queries.tracks import TrackFilter
from listening.favourites import all_favourited_at
from listening.own import OwnWishes
from listening.own_lists import FAVOURITES, PLAYED, own_list
from listening.ratings import highest_rated
from opensubsonic.call import Body, Call
from opensubsonic.errors import Code, Refusal
from opensubsonic.music_folders import wanted_root
from opensubsonic.objects.albums import numbered_albums, old_album_child
from opensubsonic.objects.artists import artists, old_artists
from opensubsonic.objects.songs import songs
from opensubsonic.sync_positions import numbers_at_kept_positions

DEFAULT_ROWS, MOST_ROWS = 10, 500
LAST_YEAR = 9999


def get_album_list(call: Call) -> Body:
    return {"albumList": {"album": old_album_child(call, _album_numbers(call))}}


def get_album_list2(call: Call) -> Body:
    return {"albumList2": {"album": numbered_albums(call, _album_numbers(call))}}


def get_random_songs(call: Call) -> Body:
    number = call.parameters.count("size", DEFAULT_ROWS, MOST_ROWS)
    wanted = _random_songs_filter(call)
    ids = drawn(_state(), wanted, number) if wanted else []
    return {"randomSongs": {"song": songs(call, ids)}}


def get_songs_by_genre(call: Call) -> Body:
    genre_id = genre_id_named(call.parameters.needed_text("genre"))
    ids: list[int] = []
    if genre_id is not None:
        wanted = TrackFilter(genre_id=genre_id, root=wanted_root(call))
        page = _Page.of(call, "count")
        ids = page.ids_of(RowList(filter=wanted, order=TRACK_ORDERS["artist"], state=_state()))
    return {"songsByGenre": {"song": songs(call, ids)}}


def get_starred(call: Call) -> Body:
    return {"starred": _starred(call, old_artists, old_album_child)}


def get_starred2(call: Call) -> Body:
    return {"starred2": _starred(call, artists, numbered_albums)}


MakeObjects = Callable[[Call, list[int]], list[dict[str, Any]]]


def _starred(call: Call, make_artists: MakeObjects, make_albums: MakeObjects) -> Body:
    """All favourites, the newest first; clients do not page here."""
    root, state = wanted_root(call), _state()
    filters: Mapping[str, RowFilter] = {
        "artist": ArtistFilter(root=root),
        "track": TrackFilter(root=root),
    }
    ids = {
        kind: own_list(call.user_id, kind, wanted, FAVOURITES, "-favourited", state).ids()
        for kind, wanted in filters.items()
    }
    return {
        "artist": make_artists(call, ids["artist"]),
        "album": make_albums(call, _starred_numbers(call, AlbumFilter(root=root))),
        "song": songs(call, ids["track"]),
    }


@dataclass(frozen=True)
class _Page:
    offset: int
    size: int

    @classmethod
    def of(cls, call: Call, size_name: str) -> "_Page":
        offset = call.parameters.number("offset", 0)
        return cls(offset or 0, call.parameters.count(size_name, DEFAULT_ROWS, MOST_ROWS))

    def ids_of(self, rows: RowList) -> list[int]:
        return rows.page(self.offset, self.size).ids

    def part_of(self, ids: Sequence[int]) -> list[int]:
        return [*ids[self.offset : self.offset + self.size]]


def _state() -> str:
    return library_revision()[1]


def _album_numbers(call: Call) -> list[int]:
    """The page of the list of albums that is asked for. Those of folders are among them, as
    `library.queries.numbered_albums` says, but not in lists by year, genre, rating or plays."""
    kind = call.parameters.needed_text("type")
    if kind not in _ALBUM_LISTS:
        raise Refusal(Code.GENERIC, f"There is no list of albums of the type {kind[:50]}.")
    page = _Page.of(call, "size")
    wanted = AlbumFilter(root=wanted_root(call))
    return _ALBUM_LISTS[kind](call, wanted, page) if page.size else []


def _random(_call: Call, wanted: AlbumFilter, page: _Page) -> list[int]:
    """The protocol has no seed, so a second page is as random as the first."""
    return drawn_numbers(_state(), wanted, page.size)


def _newest(_call: Call, wanted: AlbumFilter, page: _Page) -> list[int]:
    rows = RowList(filter=wanted, order=ALBUM_ORDERS["-added"], state=_state())
    return page.part_of(newest_numbers(rows))


def _in_order(name: str, call: Call, wanted: AlbumFilter, page: _Page) -> list[int]:
    """Clients fetch all albums this way, so a scan moves none over the border of two pages."""
    rows = RowList(filter=wanted, order=ALBUM_ORDERS[name], state=_state())
    return numbers_at_kept_positions(call, f"albums by {name}", rows, page.offset, page.size)


def _by_year(call: Call, wanted: AlbumFilter, page: _Page) -> list[int]:
    years = [_year(call, name) for name in ("fromYear", "toYear")]
    first, last = (_needed(name, year) for name, year in zip(_YEARS, years, strict=True))
    order = ALBUM_ORDERS["-year" if first > last else "year"]
    of_years = replace(wanted, years=(min(first, last), max(first, last)))
    return page.ids_of(RowList(filter=of_years, order=order, state=_state()))


def _by_genre(call: Call, wanted: AlbumFilter, page: _Page) -> list[int]:
    genre_id = genre_id_named(call.parameters.needed_text("genre"))
    if genre_id is None:
        return []
    of_genre = replace(wanted, genre_id=genre_id)
    return page.ids_of(RowList(filter=of_genre, order=ALBUM_ORDERS["title"], state=_state()))


def _of_own(
    wishes: OwnWishes, order: str, call: Call, wanted: AlbumFilter, page: _Page
) -> list[int]:
    return page.ids_of(own_list(call.user_id, "album", wanted, wishes, order, _state()))


def _starred_page(call: Call, wanted: AlbumFilter, page: _Page) -> list[int]:
    return page.part_of(_starred_numbers(call, wanted))


def _starred_numbers(call: Call, wanted: AlbumFilter) -> list[int]:
    """All favourite albums, the newest favourite first."""
    state = _state()
    albums = own_list(call.user_id, "album", wanted, FAVOURITES, "-favourited", state).ids()
    of_folders = {*folder_album_numbers(state, wanted.root)}
    folders = all_favourited_at(call.user_id, "folder").items() if of_folders else ()
    dated = {-pk: at for pk, at in folders if -pk in of_folders}
    if not dated:
        return [*albums]
    dated |= all_favourited_at(call.user_id, "album")
    numbers = [*(number for number in albums if number in dated), *(n for n in dated if n < 0)]
    return sorted(numbers, key=dated.__getitem__, reverse=True)


def _highest(call: Call, wanted: AlbumFilter, page: _Page) -> list[int]:
    listed = wanted.matching()
    return highest_rated(call.user_id, "album", listed, offset=page.offset, limit=page.size)


_AlbumList = Callable[[Call, AlbumFilter, _Page], list[int]]
_ALBUM_LISTS: Mapping[str, _AlbumList] = {
    "random": _random,
    "newest": _newest,
    "highest": _highest,
    "frequent": partial(_of_own, PLAYED, "-plays"),
    "recent": partial(_of_own, PLAYED, "-played"),
    "alphabeticalByName": partial(_in_order, "title"),
    "alphabeticalByArtist": partial(_in_order, "artist"),
    "starred": _starred_page,
    "byYear": _by_year,
    "byGenre": _by_genre,
}
"""By the parameter `type`."""


def _random_songs_filter(call: Call) -> TrackFilter | None:
    """None if no track can match."""
    wanted = TrackFilter(root=wanted_root(call))
    if genre := call.parameters.text("genre"):
        genre_id = genre_id_named(genre)
        if genre_id is None:
            return None
        wanted = replace(wanted, genre_id=genre_id)
    first, last = _year(call, "fromYear"), _year(call, "toYear")
    if first is None and last is None:
        return wanted
    first, last = first or 0, LAST_YEAR if last is None else last
    return replace(wanted, years=(min(first, last), max(first, last)))


_YEARS = ("fromYear", "toYear")


def _year(call: Call, name: str) -> int | None:
    return call.parameters.number(name, highest=LAST_YEAR)


def _needed(name: str, year: int | None) -> int:
    if year is None:
        raise Refusal(Code.MISSING_PARAMETER, f"The parameter {name} is missing.")
    return year
