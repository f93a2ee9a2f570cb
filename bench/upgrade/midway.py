"""What people see after the migrations, before albums are worked out anew: what they saw before."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from bench.live.client import Browser
from bench.upgrade.changed import Before

AT_ONCE = 500
SEARCHES = 20
AT_FIRST_FEW = 50


def unlike_before(browser: Browser, before: Before) -> Iterator[str]:
    """A line for each album that is not listed once with the tracks of before, and for each title
    that the search does not find."""
    present = {pk: row for pk, row in before.tracks.items() if row["missing_since"] is None}
    wanted = {row["album_id"] for row in present.values()} - {None}
    listed = [row["id"] for row in _all(browser, "albums")]
    if sorted(listed) != sorted(wanted):
        yield f"{len(listed):,} albums are listed ({len(set(listed)):,} ids) of {len(wanted):,}"
    tracks = [row["id"] for row in _all(browser, "tracks")]
    if sorted(tracks) != sorted(present):
        yield f"{len(tracks):,} tracks are listed of {len(present):,}"
    for pk in sorted(wanted)[:AT_FIRST_FEW]:
        on_album = {track["id"] for track in _all(browser, "tracks", f"album={pk}")}
        if on_album != {each for each, row in present.items() if row["album_id"] == pk}:
            yield f"album {pk} has other tracks than before"
    some = sorted(present)[:: max(len(present) // SEARCHES, 1)]
    for pk in some:
        title = before.albums[present[pk]["album_id"]]["title"] if present[pk]["album_id"] else ""
        found = _all(browser, "albums", f"q={quote(title)}") if title else []
        if title and present[pk]["album_id"] not in {row["id"] for row in found}:
            yield f"the search for {title} does not find its album"


def wrong_answers(browser: Browser, before: Before, now: Before) -> Iterator[str]:
    """A line for each album that is gone whose old id is not answered with the album that most of
    its tracks are on now."""
    for old in sorted(before.albums.keys() - now.albums.keys()):
        answer = browser.get_json(f"/api/v1/albums/{old}")
        on = Counter(
            now.tracks[pk]["album_id"]
            for pk, row in before.tracks.items()
            if row["album_id"] == old and row["missing_since"] is None
        )
        if on and on[answer["id"]] != max(on.values()):
            yield f"album {old} is answered with {answer['id']}; its tracks are on {sorted(on)}"


def _all(browser: Browser, what: str, query: str = "") -> list[dict[str, int]]:
    rows: list[dict[str, int]] = []
    while True:
        page = browser.get_json(f"/api/v1/{what}?limit={AT_ONCE}&offset={len(rows)}&{query}")
        rows += page["results"]
        if len(rows) >= page["count"]:
            return rows
