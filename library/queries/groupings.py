"""What tracks and albums are grouped by: genres, record labels, years and decades, with counts.

There are few of them, so all are counted at once. The counts are kept as long as the library stays
the same, and searched, sorted and cut into pages here rather than by the database.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import contains
from typing import NamedTuple

from django.db.models import Count, Sum

from library.models.albums import Album, AlbumLabel
from library.models.catalogue import Track, TrackGenre
from library.models.folding import identity_key, plain, search_text
from library.models.genres import Genre, Label
from library.models.searched import fits
from library.queries.corrections import attempts

GROUPING_SORTS = ("name", "-name", "tracks", "-tracks", "albums", "-albums")
YEARS_OF_DECADE = 10


class Group(NamedTuple):
    """A genre, a label, a year or a decade, with the number of its present tracks and of their
    albums.

    The `id` of a year is the year, that of a decade its first year.
    """

    id: int
    name: str
    track_count: int
    album_count: int


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One page of a list: `count` groups in the whole list, and those of the page."""

    count: int
    groups: list[Group]


class _Kept(NamedTuple):
    """All groups of a kind, ordered by name; by id, and what a search looks into."""

    by_id: dict[int, Group]
    searched: dict[int, str]


GroupsOf = Callable[[], Iterable[Group]]


def genres() -> Iterable[Group]:
    """The genres of present tracks. An album has the genres of all its tracks."""
    # The ids of missing tracks, which are few, are found in an index. A join would look up each
    # track.
    present = TrackGenre.objects.exclude(track__in=Track.objects.missing().values("pk"))
    tracks = dict(present.order_by().values_list("genre").annotate(Count("pk")))
    albums: Counter[str] = Counter()
    lists = _lists_of_albums("genres")
    for names, count in lists:
        albums.update(dict.fromkeys(map(identity_key, names), count))
    spellings = _usual_spellings(lists)
    for pk, key, name in Genre.objects.order_by("sort_key", "pk").values_list("pk", "key", "name"):
        if pk in tracks:
            yield Group(pk, spellings.get(key, name), tracks[pk], albums[key])


def labels() -> Iterable[Group]:
    """The record labels of albums with present tracks."""
    listed = AlbumLabel.objects.filter(album__track_count__gt=0).order_by()
    totals = listed.values_list("label").annotate(Sum("album__track_count"), Count("pk"))
    counts = {pk: (tracks, albums) for pk, tracks, albums in totals}
    spellings = usual_spellings_of("labels")
    for pk, key, name in Label.objects.order_by("sort_key", "pk").values_list("pk", "key", "name"):
        if pk in counts:
            yield Group(pk, spellings.get(key, name), *counts[pk])


def _lists_of_albums(column: str) -> list[tuple[Sequence[str], int]]:
    """The different lists of names in a column of albums, each with the number of albums."""
    albums = Album.objects.listed().order_by()
    return [*albums.values_list(column).annotate(Count("pk"))]


def usual_spellings_of(column: str) -> dict[str, str]:
    """By the key of each name in `column` of albums, "genres" or "labels", its spelling on most
    albums."""
    return _usual_spellings(_lists_of_albums(column))


def _usual_spellings(lists: Iterable[tuple[Sequence[str], int]]) -> dict[str, str]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for names, count in lists:
        for name in names:
            counts[identity_key(name)][name] += count
    return {
        key: min(spellings, key=lambda name: (-spellings[name], name))
        for key, spellings in counts.items()
    }


def years() -> Iterable[Group]:
    """The years of the original release of present tracks, and of albums that have such tracks."""
    of_tracks = Track.objects.present().order_by().values_list("first_year").annotate(Count("pk"))
    of_albums = Album.objects.listed().order_by().values_list("first_year").annotate(Count("pk"))
    tracks, albums = dict(of_tracks), dict(of_albums)
    for year in sorted((tracks.keys() | albums.keys()) - {None}):
        yield Group(year, f"{year}", tracks.get(year, 0), albums.get(year, 0))


def decades() -> Iterable[Group]:
    """The same by decades, such as `1990s`."""
    tracks: Counter[int] = Counter()
    albums: Counter[int] = Counter()
    for year in years():
        decade = year.id - year.id % YEARS_OF_DECADE
        tracks[decade] += year.track_count
        albums[decade] += year.album_count
    for decade in sorted(tracks.keys() | albums.keys()):
        yield Group(decade, f"{decade}s", tracks[decade], albums[decade])


def group_page(
    kind: GroupsOf, state: str, *, search: str = "", sort: str = "name", offset: int, limit: int
) -> GroupPage:
    """One page of the groups whose name contains every word of `search`.

    `state` identifies the state of the library, see `library.queries.revision`. `sort` is one of
    GROUPING_SORTS; groups with equal counts are ordered by name.
    """
    kept = kept_groups(state, kind)
    groups = _found(kept, search, state) if search else [*kept.by_id.values()]
    _sort(groups, sort)
    return GroupPage(len(groups), groups[offset : offset + limit])


def _found(kept: _Kept, search: str, state: str) -> list[Group]:
    """The groups whose name fits; if none does, those that fit the first correction that any
    does."""
    for sought in attempts(search, state):
        found = [group for pk, group in kept.by_id.items() if fits(kept.searched[pk], sought)]
        if found:
            return found
    return []


def genre_id_named(name: str) -> int | None:
    """The id of the genre with this name, in whatever case; None if there is none."""
    genres_ = Genre.objects.filter(key=identity_key(name)).order_by()
    return genres_.values_list("pk", flat=True).first()


def genre_ids_like(text: str, how: str) -> list[int]:
    """The genres whose name contains `text`, or begins or ends with it: `how` is contains,
    startswith or endswith. Case, punctuation and the spaces between words do not matter: `hiphop`
    and `hip-hop` are in `Hip Hop`, `r and b` in `R&B`."""
    wanted, squeezed = identity_key(text), "".join(_words_of_genre(text))
    names = Genre.objects.order_by().values_list("pk", "key", "name")
    return [
        pk
        for pk, key, name in names
        if _FITS[how](key, wanted) or (squeezed and _fits_squeezed(name, squeezed, how))
    ]


def _fits_squeezed(name: str, wanted: str, how: str) -> bool:
    words = _words_of_genre(name)
    if how != "contains":
        return _FITS[how]("".join(words), wanted)
    # From the beginning of a word: `ska` is not in `Jazz Kabarett`.
    return any("".join(words[place:]).startswith(wanted) for place in range(len(words)))


@lru_cache(maxsize=4096)
def _words_of_genre(text: str) -> tuple[str, ...]:
    """The plain words of a name; `and` is `n`, as it is between two letters."""
    return tuple("n" if word == "and" else word for word in plain(text).split())


_FITS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


def find_group(kind: GroupsOf, state: str, group_id: int) -> Group | None:
    """The group with this id; None if no present track or album belongs to it."""
    return kept_groups(state, kind).by_id.get(group_id)


@lru_cache(maxsize=8)
def kept_groups(_state: str, kind: GroupsOf) -> _Kept:
    groups = {group.id: group for group in kind()}
    return _Kept(groups, {pk: search_text([group.name]) for pk, group in groups.items()})


def _sort(groups: list[Group], sort: str) -> None:
    """Sort groups that are ordered by name."""
    descends = sort.startswith("-")
    if sort.endswith("name"):
        if descends:
            groups.reverse()
        return
    counts = Group._fields.index("track_count" if sort.endswith("tracks") else "album_count")
    groups.sort(key=lambda group: group[counts], reverse=descends)
