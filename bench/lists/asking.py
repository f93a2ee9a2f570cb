"""Asks for pages of the list of tracks: in every order, with several searches and filters, at three
places."""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
FILTERS = 6
"""How many pages are asked for with a filter rather than a search alone: see `_all_wanted`."""
SEED = 7


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
    everything: list[Page] = field(default_factory=list)
    """Searches of everything, in a state in which something was searched before."""

    def states(self) -> Iterator[tuple[str, list[Page]]]:
        yield "new", self.new
        yield "kept", self.kept
        if self.everything:
            yield "search of everything", self.everything

    def verdicts(self) -> Iterator[Verdict]:
        """Of fewer tracks there are none: the budgets are those of BUDGET_TRACKS."""
        if self.tracks < BUDGET_TRACKS:
            return
        tracks = f"{self.tracks:,} tracks, {self.database}"
        yield from _verdicts(f"a page of {PAGE_ROWS} out of {tracks}", [*self.new, *self.kept])
        if self.everything:
            yield from _verdicts(f"a search of everything, {tracks}", self.everything)


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


def ask_for_everything(browser: Browser, result: ListsResult) -> None:
    """Fill `result.everything`."""
    _search(browser, "a")
    result.everything.extend(_search(browser, text) for text in EVERYTHING)


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


def _count(browser: Browser, wanted: str) -> int:
    return int(browser.get_json(f"/api/v1/tracks?{wanted}&limit=1")["count"])


def _offsets(count: int) -> dict[str, int]:
    return {"first": 0, "middle": count // 2, "last": max(count - PAGE_ROWS, 0)}


def _ask(browser: Browser, sort: str, wanted: str, place: str, offset: int) -> Page:
    query = urlencode({"sort": sort, "seed": SEED, "limit": PAGE_ROWS, "offset": offset})
    answer = browser.ask("GET", f"/api/v1/tracks?{wanted}&{query}")
    return Page(sort=sort, wanted=wanted, place=place, seconds=answer.whole_s)
