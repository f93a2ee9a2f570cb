"""Asks for pages of the list of tracks: in every order, with several searches and filters, at three
places. Also for playlists and their entries."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import product
from urllib.parse import urlencode

from bench.live.client import Browser
from bench.results import Verdict

PAGE_ROWS = 100
NINE_IN_TEN_WITHIN_S, NONE_BEYOND_S = 0.05, 0.1
BUDGET_TRACKS = 100_000
SEARCHES = ("", "love", "river love", "e", "the silver moon", "no such words")
"""All tracks; 4 % of them, few, nearly all, one or two artists, none."""
EVERYTHING = (
    *("a", "e", "th", "the", "lo", "love", "river", "moon river", "river love", "ove", "nd"),
    *("1955", "rock", "velvet garden house", "rock love", "zzz", "rivver", "song 77777"),
)
"""What everything is searched for: letters, a word in each row, words of titles, artists, genres
and years, several words, and what is not there."""
BY_PLAYS = ("-plays", "plays", "-played", "played")
_HISTORY = {
    "first": "?limit=100",
    "middle": "?limit=100&before=1577836800-999999",
    "last": "?limit=100&before=1388600000-999999",
    "of a track": "?limit=100&track=1",
    "days of a year": "/days?from=2024-01-01&to=2024-12-31&tz=Europe/Vienna",
}
FILTERS = 6
"""How many pages are asked for with a filter rather than a search alone: see `_all_wanted`."""
SEED = 7
PLAYLIST_ROUNDS = 3
HOMES = 20
OWN_LISTS = {
    "tracks": ("title", "artist", "-favourited", "-rating", "rating"),
    "albums": ("title", "-favourited", "-rating"),
    "artists": ("name", "-favourited", "rating"),
}
"""Lists that are asked for with each of OWN_FILTERS, and their orders."""
OWN_FILTERS = (
    *("favourite=true", "favourite=false", "rating=4-5", "rating=0-2", "own=true"),
    *("favourite=true&rating=5", "rating=3-5&q=love"),
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page that was asked for, and how long the whole response took."""

    sort: str
    wanted: str
    place: str
    seconds: float

    def __str__(self) -> str:
        return f"sort={self.sort} {self.wanted}, {self.place} page"


@dataclass(frozen=True, kw_only=True)
class ListsResult:
    """The pages of one database. `new`: the first page asked for in an order and with a search
    after something in the library changed; `kept`: asked for again in the same state."""

    database: str
    tracks: int
    new: list[Page] = field(default_factory=list)
    kept: list[Page] = field(default_factory=list)
    own: list[Page] = field(default_factory=list)
    """Pages filtered or sorted by the user's own things, each twice: after the user changed a
    favourite and a rating, and again."""
    everything: list[Page] = field(default_factory=list)
    """Searches of everything, in a state in which something was searched before."""
    plays: list[Page] = field(default_factory=list)
    """Lists by plays and the history, each right after another play was told."""
    told: list[Page] = field(default_factory=list)
    """Plays that were told."""
    home: list[Page] = field(default_factory=list)
    """What home shows, each right after another play was told; the first of them is left out, which
    adds up all plays."""
    playlists: list[Page] = field(default_factory=list)
    """Lists of playlists, and pages of the entries of a long one."""

    def states(self) -> Iterator[tuple[str, list[Page]]]:
        if self.new:
            yield "new", self.new
            yield "kept", self.kept
        if self.own:
            yield "own things", self.own
        if self.everything:
            yield "search of everything", self.everything
        if self.plays:
            yield "by plays", self.plays
            yield "told plays", self.told
        if self.home:
            yield "home", self.home
        if self.playlists:
            yield "playlists", self.playlists

    def verdicts(self) -> Iterator[Verdict]:
        """Of fewer tracks there are none: the budgets are those of BUDGET_TRACKS."""
        if self.tracks < BUDGET_TRACKS:
            return
        tracks = f"{self.tracks:,} tracks, {self.database}"
        if pages := [*self.new, *self.kept]:
            yield from _verdicts(f"a page of {PAGE_ROWS} out of {tracks}", pages)
        if self.own:
            yield from _verdicts(f"a page by own things, {tracks}", self.own)
        if self.everything:
            yield from _verdicts(f"a search of everything, {tracks}", self.everything)
        if self.plays:
            yield from _verdicts(f"lists by plays and the history, {tracks}", self.plays)
        if self.home:
            slowest_s = max(page.seconds for page in self.home)
            yield _verdict(f"home, {tracks}: the slowest", slowest_s, NONE_BEYOND_S)
        if self.playlists:
            yield from _verdicts(f"playlists and their entries, {tracks}", self.playlists)


def _verdicts(which: str, pages: list[Page]) -> Iterator[Verdict]:
    seconds = sorted(page.seconds for page in pages)
    nine_in_ten_s = statistics.quantiles(seconds, n=10, method="inclusive")[-1]
    yield _verdict(f"{which}: nine in ten", nine_in_ten_s, NINE_IN_TEN_WITHIN_S)
    yield _verdict(f"{which}: the slowest", seconds[-1], NONE_BEYOND_S)


def _verdict(what: str, figure_s: float, limit_s: float) -> Verdict:
    return Verdict(what=what, figure=figure_s * 1000, limit=limit_s * 1000, unit="ms")


def slow_pages(pages: list[Page]) -> int:
    return sum(page.seconds > NINE_IN_TEN_WITHIN_S for page in pages)


def ask_for_pages(browser: Browser, result: ListsResult, change: Callable[[], None]) -> None:
    """Fill `result`. `change` changes something in the library, so that its state is new."""
    counts = {wanted: _count(browser, wanted) for wanted in _all_wanted(browser)}
    for number, sort in enumerate(sorts(browser)):
        change()
        for wanted, count in counts.items():
            offsets = _offsets(count)
            place = list(offsets)[number % len(offsets)]
            result.new.append(_ask(browser, sort, wanted, place, offsets[place]))
            for place, offset in offsets.items():
                result.kept.append(_ask(browser, sort, wanted, place, offset))


def ask_for_own(browser: Browser, result: ListsResult) -> None:
    """Fill `result.own`."""
    number = 0
    for kind, orders in OWN_LISTS.items():
        for sort, wanted in product(orders, OWN_FILTERS):
            offsets = _offsets(_count(browser, wanted, kind))
            place = list(offsets)[number % len(offsets)]
            number += 1
            _change_own(browser, kind, number)
            for _ in range(2):
                result.own.append(_ask(browser, sort, wanted, place, offsets[place], kind))


def _change_own(browser: Browser, kind: str, number: int) -> None:
    """Make another row a favourite, or none any more, and give it other stars."""
    found = browser.get_json(f"/api/v1/{kind}?limit=1&offset={number}&own=true")["results"]
    if not found:
        return
    pk, own = found[0]["id"], found[0]["own"]
    method = "DELETE" if own["favourited_at"] else "PUT"
    browser.ask(method, f"/api/v1/favourites/{kind}/{pk}", {})
    browser.ask("PUT", f"/api/v1/ratings/{kind}/{pk}", {"stars": 1 + (own["rating"] or 0) % 5})


def ask_for_everything(browser: Browser, result: ListsResult) -> None:
    """Fill `result.everything`."""
    _search(browser, "a")
    result.everything.extend(_search(browser, text) for text in EVERYTHING)


def ask_for_plays(browser: Browser, result: ListsResult) -> None:
    """Fill `plays` and `told`. Each page is of a new state, since another play was told before."""
    plays = iter(range(BUDGET_TRACKS))
    for kind, wanted in product(("tracks", "albums", "artists"), ("", "played=true", "q=love")):
        count = int(browser.get_json(f"/api/v1/{kind}?{wanted}&limit=1")["count"])
        for sort, (place, offset) in product(BY_PLAYS, _offsets(count).items()):
            result.told.append(_tell(browser, next(plays)))
            page = _ask(browser, sort, wanted, place, offset, kind)
            result.plays.append(page)
    for place, rest in _HISTORY.items():
        result.told.append(_tell(browser, next(plays)))
        answer = browser.ask("GET", f"/api/v1/plays{rest}")
        page = Page(sort="history", wanted="", place=place, seconds=answer.whole_s)
        result.plays.append(page)
    for number in range(HOMES + 1):
        result.told.append(_tell(browser, next(plays)))
        answer = browser.ask("GET", f"/api/v1/home?seed={number}")
        if number:
            result.home.append(Page(sort="home", wanted="", place="", seconds=answer.whole_s))


def _tell(browser: Browser, number: int) -> Page:
    """A play of a track that is there, at a time of its own."""
    started_at = (datetime(2013, 1, 1, tzinfo=UTC) + timedelta(minutes=number)).isoformat()
    track_id = browser.get_json("/api/v1/tracks?sort=random&limit=1")["results"][0]["id"]
    told = {"plays": [{"track_id": track_id, "started_at": started_at}]}
    answer = browser.ask("POST", "/api/v1/plays", told)
    return Page(sort="", wanted="a play", place="", seconds=answer.whole_s)


def ask_for_playlists(browser: Browser, result: ListsResult, change: Callable[[], None]) -> None:
    """Fill `result.playlists`: in a new state of the library, and again in the same."""
    (longest,) = browser.get_json("/api/v1/playlists?sort=-entries&limit=1")["results"]
    count, entries = longest["entry_count"], f"playlists/{longest['id']}/entries"
    offsets = (*_offsets(count).values(), count // 3, count // 4 * 3)
    paths = [
        *(f"playlists?sort={sort}&limit=500" for sort in ("name", "-changed", "-duration")),
        *("playlists?limit=100", "playlists?writable=true&limit=500", "playlists?q=rainy+day"),
        *(f"{entries}?limit={limit}&offset={at}" for at in offsets for limit in (100, 500)),
        *(f"playlists/{longest['id']}/track-ids", "playlist-folders"),
        *(f"search?q={text}" for text in ("rainy+day", "playlist", "made+up")),
    ]
    for _ in range(PLAYLIST_ROUNDS):
        change()
        for path in (*paths, *paths):
            answer = browser.ask("GET", f"/api/v1/{path}")
            page = Page(sort="", wanted=path, place="", seconds=answer.whole_s)
            result.playlists.append(page)


def _search(browser: Browser, text: str) -> Page:
    wanted = urlencode({"q": text})
    answer = browser.ask("GET", f"/api/v1/search?{wanted}")
    return Page(sort="relevance", wanted=wanted, place="first", seconds=answer.whole_s)


def _all_wanted(browser: Browser) -> list[str]:
    """The searches, and a filter of each kind by what most tracks have, as parts of a query."""

    def largest(kind: str, sort: str = "-tracks") -> int:
        found = browser.get_json(f"/api/v1/{kind}?sort={sort}&limit=1")["results"]
        return int(found[0]["id"])

    genre = f"genre_id={largest('genres')}"
    return [
        *(urlencode({"q": search}) for search in SEARCHES),
        *(genre, f"{genre}&q=love", "year=1970-1989", "year=1970-1989&q=love"),
        *(f"composer={largest('composers', 'name')}", f"label={largest('labels')}"),
    ]


def sorts(browser: Browser) -> list[str]:
    """The orders that the server offers for tracks."""
    document = browser.get_json("/api/v1/openapi.json")
    parameters = document["paths"]["/api/v1/tracks"]["get"]["parameters"]
    (sort,) = (each for each in parameters if each["name"] == "sort")
    return list(sort["schema"]["enum"])


def _count(browser: Browser, wanted: str, kind: str = "tracks") -> int:
    return int(browser.get_json(f"/api/v1/{kind}?{wanted}&limit=1")["count"])


def _offsets(count: int) -> dict[str, int]:
    return {"first": 0, "middle": count // 2, "last": max(count - PAGE_ROWS, 0)}


def _ask(  # noqa: PLR0917  # what a page is
    browser: Browser, sort: str, wanted: str, place: str, offset: int, kind: str = "tracks"
) -> Page:
    query = urlencode({"sort": sort, "seed": SEED, "limit": PAGE_ROWS, "offset": offset})
    answer = browser.ask("GET", f"/api/v1/{kind}?{wanted}&{query}")
    shown = wanted if kind == "tracks" else f"{kind} {wanted}"
    return Page(sort=sort, wanted=shown, place=place, seconds=answer.whole_s)
