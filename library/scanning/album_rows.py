"""An album's row, derived from its present tracks. Nothing in it depends on the order in which the
tracks were read."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from library.albums.artist_names import VARIOUS, artist_key
from library.albums.reasons import Together
from library.albums.titles import parsed_title
from library.models.folding import identity_key, sort_key
from library.models.searched import first_date, searched_text
from library.scanning.upsert import Row

VARIOUS_ARTISTS = "Various Artists"
BY_ARTIST = "artist"

SOURCE_COLUMNS = (
    *("album_id", "album_title", "album_sort", "album_artist", "album_artist_sort"),
    *("artist", "artist_sort", "year", "first_year", "original_date", "release_date"),
    *("musicbrainz_release_id", "musicbrainz_release_group_id", "compilation", "cover_id"),
    *("release_types", "edition", "labels", "catalogue_number", "genres", "disc_subtitle"),
    *("duration_s", "added_at", "disc_number", "track_number", "root", "path", "id"),
)
"""The columns of tracks that albums are made of. The lists among them are JSON."""
TOTALS = ("track_count", "duration_s", "first_added_at")
DERIVED = (
    *("name_key", "together_by", "apart_by", "disambiguation"),
    *("title", "title_sort", "title_key", "album_artist", "album_artist_sort", "artist_key"),
    *("year", "first_year", "first_date", "original_date", "release_date"),
    *("musicbrainz_release_id", "musicbrainz_release_group_id", "compilation", "cover_id"),
    *("release_types", "edition", "labels", "catalogue_number", "genres", "disc_titles"),
    *("search_text", "cover_track_id", *TOTALS),
)
"""The columns of albums that are computed from the tracks. Lists and `disc_titles` are JSON."""
_LISTS = ("release_types", "labels", "genres", "disc_titles")
_LIST_PLACES = tuple(map(DERIVED.index, _LISTS))
_place = itemgetter(*map(SOURCE_COLUMNS.index, ("disc_number", "track_number", "root", "path")))
_STATED_ARTIST = SOURCE_COLUMNS.index("album_artist")
_as_json = lru_cache(maxsize=128)(json.dumps)


class AlbumIdentity(NamedTuple):
    """What the rules say of an album. `album_artist` is empty if no track states one."""

    key: str
    title: str
    album_artist: str
    release_id: str
    together_by: str
    apart_by: str
    disambiguation: str


@lru_cache(maxsize=256)
def _names_in(text: str) -> tuple[str, ...]:
    """The names in a JSON list, each once, however it is written."""
    names: dict[str, str] = {}
    for name in json.loads(text):
        names.setdefault(identity_key(name), name)
    return tuple(names.values())


def place(track: Sequence[Any]) -> tuple[Any, ...]:
    """The sort key of a track within its album. Tracks without a number come first."""
    disc, number, root, path = _place(track)
    return -1 if disc is None else disc, -1 if number is None else number, root, path


def describe(tracks: Sequence[Sequence[Any]], album: AlbumIdentity) -> Row:
    """The values of `DERIVED` for the album with these tracks, which are rows of `SOURCE_COLUMNS`
    (more columns may follow) in any order."""
    in_order = zip(*sorted(tracks, key=place), strict=True)
    of = dict(zip(SOURCE_COLUMNS, in_order, strict=False))
    title, title_sort = album.title, _title_sort(of, album.title)
    album_artist, artist_sort = _album_artist(of, album)
    years = _earliest(of["year"]), _earliest(of["first_year"])
    dates = _earliest_date(of["original_date"]), _earliest_date(of["release_date"])
    cover_id, genres = _first(of["cover_id"]), _names_by_frequency(of["genres"])
    names = (title, album_artist, title_sort, artist_sort)
    return (
        *(album.key, album.together_by, album.apart_by, album.disambiguation),
        *(title, title_sort, sort_key(title, title_sort)),
        *(album_artist, artist_sort, sort_key(album_artist, artist_sort)),
        *years,
        *(first_date(years[1], *dates), *dates),
        *(album.release_id, _first(of["musicbrainz_release_group_id"])),
        *(any(of["compilation"]) or artist_key(album_artist) == VARIOUS, cover_id),
        *(_as_json(_first(map(_names_in, of["release_types"]), ())), _first(of["edition"])),
        *(_as_json(_names_by_frequency(of["labels"])), _first(of["catalogue_number"])),
        *(_as_json(genres), json.dumps(_disc_titles(of["disc_number"], of["disc_subtitle"]))),
        searched_text(names, genres, years),
        _track_with_cover(of, cover_id),
        *(len(tracks), sum(of["duration_s"]), min(of["added_at"])),
    )


def identity_of(derived: Sequence[Any], tracks: Sequence[Sequence[Any]]) -> AlbumIdentity:
    """The identity of a stored album, from its row of `DERIVED` and its present tracks."""
    of = dict(zip(DERIVED, derived, strict=True))
    states_artist = any(track[_STATED_ARTIST] for track in tracks)
    return AlbumIdentity(
        key=of["name_key"],
        title=of["title"],
        album_artist=of["album_artist"] if states_artist else "",
        release_id=of["musicbrainz_release_id"],
        together_by=of["together_by"],
        apart_by=of["apart_by"],
        disambiguation=of["disambiguation"],
    )


def is_described_alike(one: Row, other: Row) -> bool:
    """Whether two rows of `DERIVED` are equal; the databases write JSON in ways of their own."""
    return one == other or _without_json(one) == _without_json(other)


def _without_json(row: Row) -> list[Any]:
    plain: list[Any] = list(row)
    for at in _LIST_PLACES:
        plain[at] = json.loads(plain[at])
    return plain


def labels_of(derived: Row) -> tuple[str, ...]:
    """The names of the album's labels, from a row of `DERIVED`."""
    return _names_in(str(derived[DERIVED.index("labels")]))


def _title_sort(of: dict[str, tuple[Any, ...]], title: str) -> str:
    """The sort form of the title, from the tracks that state this title."""
    if not any(of["album_sort"]):
        return ""
    stated = zip(of["album_title"], of["album_sort"], strict=True)
    own = (sort for name, sort in stated if parsed_title(name).name == title)
    return parsed_title(_first(own)).name


def _album_artist(of: dict[str, tuple[Any, ...]], album: AlbumIdentity) -> tuple[str, str]:
    """The album artist with the sort form. If the tags name none: the artist of all tracks, who may
    be credited with others on some; else "Various Artists"."""
    if name := album.album_artist:
        stated = zip(of["album_artist"], of["album_artist_sort"], strict=True)
        return name, _first(sort for stated_name, sort in stated if stated_name == name)
    is_compilation = album.together_by == Together.COMPILATION or any(of["compilation"])
    pairs = sorted(set(zip(of["artist"], of["artist_sort"], strict=True)), key=_shortest_first)
    is_one = len({name for name, _ in pairs}) == 1 and not is_compilation
    if is_one or album.together_by == BY_ARTIST:
        return pairs[0][0], _first(sort for name, sort in pairs if name == pairs[0][0])
    return VARIOUS_ARTISTS, ""


def _shortest_first(artist: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    """`Queen` before `Queen feat. David Bowie`."""
    return len(artist[0]), artist


def _track_with_cover(of: dict[str, tuple[Any, ...]], cover_id: str) -> int | None:
    """The oldest of the tracks that have the album's cover."""
    if not cover_id:
        return None
    pairs = zip(of["id"], of["cover_id"], strict=True)
    return min(int(track_id) for track_id, own in pairs if own == cover_id)


def _first(values: Iterable[Any], otherwise: Any = "") -> Any:
    """The first value that is not empty."""
    return next(filter(None, values), otherwise)


def _earliest(years: Iterable[int | None]) -> int | None:
    return min((year for year in years if year is not None), default=None)


def _earliest_date(dates: Iterable[str]) -> str:
    """The earliest; of dates in the same year the most precise: `1973-03` before `1973`."""
    given = filter(None, dates)
    return min(given, key=lambda date: (date[:4], -len(date), date), default="")


def _names_by_frequency(lists: Sequence[str]) -> tuple[str, ...]:
    """The names in these lists, those of most tracks first, each once whatever its case."""
    if len(set(lists)) == 1:
        return _names_in(lists[0])
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for name in (name for text in lists for name in _names_in(text)):
        key = identity_key(name)
        counts[key] += 1
        names.setdefault(key, name)
    return tuple(names[key] for key, _ in counts.most_common())


def _disc_titles(numbers: Iterable[int | None], titles: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, title in zip(numbers, titles, strict=True):
        if title:
            found.setdefault(str(number or 1), title)
    return found
