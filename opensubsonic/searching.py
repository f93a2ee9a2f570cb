"""Searches. An empty query finds everything: that is how clients fetch the whole library."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from library.models.folding import words_of
from library.queries.albums import AlbumFilter
from library.queries.artists import ArtistFilter
from library.queries.filters import RowFilter
from library.queries.id_arrays import added_after
from library.queries.lists import RowList
from library.queries.orders import ColumnOrder
from library.queries.revision import library_revision
from library.queries.search_pages import found_ids
from library.queries.tracks import TrackFilter
from opensubsonic.call import Body, Call
from opensubsonic.music_folders import wanted_root
from opensubsonic.objects.albums import numbered_albums, old_album_child
from opensubsonic.objects.artists import artists, old_artists
from opensubsonic.objects.songs import songs
from opensubsonic.sync_positions import ids_at_kept_positions, numbers_at_kept_positions

DEFAULT_ROWS, MOST_ROWS = 20, 5_000
MOST_CHARACTERS = 1_000
_BY_ID = ColumnOrder(("id",))
_FILTERS: Mapping[str, Callable[..., RowFilter]] = {
    "artist": ArtistFilter,
    "album": AlbumFilter,
    "track": TrackFilter,
}

MakeObjects = Callable[[Call, list[int]], list[dict[str, Any]]]


def search3(call: Call) -> Body:
    return {"searchResult3": _search(call, artists, numbered_albums)}


def search2(call: Call) -> Body:
    return {"searchResult2": _search(call, old_artists, old_album_child)}


def search(call: Call) -> Body:
    """The search of Subsonic's first versions: songs alone, by words of any of these fields."""
    parameters = call.parameters
    text = bare(" ".join(parameters.text(name) for name in ("any", "artist", "album", "title")))
    state = library_revision()[1]
    ids = found_ids("track", text, state, offset=0, limit=MOST_ROWS) if words_of(text) else []
    for time in parameters.times("newerThan")[:1]:
        newer = added_after(ids, time)
        ids = [pk for pk in ids if pk in newer]
    offset = parameters.number("offset", 0) or 0
    page = ids[offset : offset + parameters.count("count", DEFAULT_ROWS, MOST_ROWS)]
    found = {"offset": offset, "totalHits": len(ids), "match": songs(call, page)}
    return {"searchResult": found}


def bare(query: str) -> str:
    """The query without the signs of Lucene's query language, which old clients send: quotation
    marks, and a star behind a word."""
    words = query[:MOST_CHARACTERS].replace('"', " ").split()
    return " ".join(filter(None, (word.rstrip("*") for word in words)))


def _search(call: Call, make_artists: MakeObjects, make_albums: MakeObjects) -> Body:
    find = partial(_ids, call, bare(call.parameters.text("query")), wanted_root(call))
    return {
        "artist": make_artists(call, find("artist", "artist")),
        "album": make_albums(call, find("album", "album")),
        "song": songs(call, find("track", "song")),
    }


def _ids(call: Call, text: str, root: str | None, kind: str, name: str) -> list[int]:
    """The ids of the page of this kind, whose parameters are called `name`; of albums the numbers,
    see `library.queries.numbered_albums`. Nothing is looked up for a page of no rows."""
    limit = call.parameters.count(f"{name}Count", DEFAULT_ROWS, MOST_ROWS)
    offset = call.parameters.number(f"{name}Offset", 0) or 0
    if not limit:
        return []
    state = library_revision()[1]
    if text:
        return found_ids(kind, text, state, offset=offset, limit=limit, root=root)
    rows = RowList(filter=_FILTERS[kind](root=root), order=_BY_ID, state=state)
    at_kept_positions = numbers_at_kept_positions if kind == "album" else ids_at_kept_positions
    return at_kept_positions(call, f"all {kind}s", rows, offset, limit)
