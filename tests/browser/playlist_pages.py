"""What the tests of playlists do in the page, and what they make over the API."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.databases import execute, place_in
from tests.web.served import ServedMus

WIDE, PHONE = 1280, 390
STORED_WITHIN_S = 30
ROW = "main .rows .row:not([hidden], .is-loading)"
TITLES = """(rows) => rows
  .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
  .map((row) => row.querySelector(".title .text").textContent)"""
API = """async ([method, path, body]) => {
  const { csrfCookie } = document.body.dataset;
  const token = document.cookie.split("; ").find((each) => each.startsWith(`${csrfCookie}=`));
  const answer = await fetch(`/api/v1/${path}`, {
    method,
    body: body === null ? undefined : JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token?.split("=")[1] ?? "" },
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}"""


def api(page: Page, method: str, path: str, body: Any = None) -> Any:
    return page.evaluate(API, [method, path, body])


def forget_playlists(server: ServedMus) -> None:
    place = place_in(Path(server.variables["DATA_DIR"]))
    for table in ("playlistentry", "playlist", "playlistfolder"):
        execute(place, f"DELETE FROM listening_{table}")  # noqa: S608 (names from above)


def begin(tab: Watched, server: ServedMus, name: str = "ada") -> None:
    """Logged in, with no playlists and nothing played; what plays waits for its sound."""
    forget_players(server)
    forget_playlists(server)
    log_in(tab, name)
    held: list[Route] = []
    tab.page.route("**/api/v1/tracks/*/stream", lambda route: held.append(route))  # noqa: PLW0108


def opened(
    browser: Browser, server: ServedMus, width: int, scheme: str = "dark"
) -> Iterator[Watched]:
    """A tab in which `begin` was done."""
    tab = watch(browser, server, width, scheme, is_touched=width == PHONE, is_calm=True)
    begin(tab, server)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def make_playlist(page: Page, name: str, *numbers: int, **fields: Any) -> int:
    """A playlist of the tracks with these numbers. Returns its id."""
    made = api(page, "POST", "playlists", {"name": name, **fields})
    if numbers:
        tracks = api(page, "GET", "tracks?limit=500&sort=title")["results"]
        ids = {row["title"]: row["id"] for row in tracks}
        given = {"track_ids": [ids[f"title{number:06}"] for number in numbers]}
        api(page, "POST", f"playlists/{made['id']}/entries", given)
    return int(made["id"])


def row(page: Page, title: str | int) -> Locator:
    text = f"title{title:06}" if isinstance(title, int) else title
    return page.locator(ROW).filter(has_text=text).locator(".title")


def expect_rows(page: Page, *numbers: int) -> None:
    """The first rows show these tracks in this order."""
    wanted = [f"title{number:06}" for number in numbers]
    script = f"""([rows, wanted]) => {{
      const titles = ({TITLES})([...document.querySelectorAll(rows)]);
      return JSON.stringify(titles.slice(0, wanted.length)) === JSON.stringify(wanted);
    }}"""
    try:
        page.wait_for_function(script, arg=[ROW, wanted])
    except PlaywrightTimeout:
        assert page.locator(ROW).evaluate_all(TITLES)[: len(wanted)] == wanted


def expect_stored(page: Page, playlist_id: int, *numbers: int) -> None:
    """The server gets these tracks in this order."""
    wanted = [f"title{number:06}" for number in numbers]
    deadline = monotonic() + STORED_WITHIN_S
    while (stored := _stored(page, playlist_id)) != wanted and monotonic() < deadline:
        page.wait_for_timeout(50)
    assert stored == wanted


def _stored(page: Page, playlist_id: int) -> list[str]:
    entries = api(page, "GET", f"playlists/{playlist_id}/entries?limit=500")["results"]
    return [each["track"]["title"] for each in entries]


def id_in_address(page: Page) -> int:
    page.wait_for_url("**/playlists/*")
    return int(page.url.rsplit("/", 1)[1])


def toast(page: Page, text: str) -> Locator:
    return page.locator(".toast").filter(has_text=text)


def undo(page: Page, text: str) -> None:
    toast(page, text).get_by_role("button", name="Undo").click()


def choose_playlist(page: Page, name: str) -> None:
    """In the dialog “Add to a playlist”."""
    field = page.get_by_role("combobox", name="Find a playlist")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("dialog")).not_to_contain_text("Loading")
    field.fill(name)
    field.press("Enter")
