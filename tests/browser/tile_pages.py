"""What the tests of tiles do in the page: open it, find tiles and rows of the queue, drag, and hold
with a finger."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, CDPSession, Locator, Page, Route, expect

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.browser.playlist_pages import forget_playlists
from tests.browser.test_several_rows import queued
from tests.web.served import ServedMus

WIDE, PHONE = 1440, 390


@contextmanager
def opened_player(browser: Browser, server: ServedMus, width: int = WIDE) -> Iterator[Watched]:
    """Nothing was played before; there are no files, so what plays waits for its sound."""
    held: list[Route] = []
    forget_players(server)
    forget_playlists(server)
    tab = watch(browser, server, width, "dark", is_calm=True, is_touched=width == PHONE)
    log_in(tab)
    tab.page.route("**/api/v1/tracks/*/stream", lambda route: held.append(route))  # noqa: PLW0108
    yield tab
    complaints = list(tab.complaints)
    for route in held:
        route.abort()
    tab.page.context.close()
    forget_players(server)
    forget_playlists(server)
    assert complaints == []


def tile(page: Page, number: int) -> Locator:
    return page.locator("main .tile:not([hidden])").filter(has_text=f"album{number:05}")


def link(page: Page, number: int) -> Locator:
    return page.get_by_role("link", name=f"album{number:05}")


def open_albums(page: Page) -> None:
    page.goto("/albums")
    expect(tile(page, 3)).to_be_visible()


def open_queue(page: Page) -> None:
    page.locator(".rail [data-does=queue]").click()
    expect(page.get_by_role("grid", name="Queue")).to_be_focused()


def queue_row(page: Page, number: int) -> Locator:
    rows = page.locator("#queue .rows .row:not([hidden], .is-loading)")
    return rows.filter(has_text=f"title{number:06}")


def expect_queue_begins(page: Page, *numbers: int) -> None:
    """The panel draws the rows in sight alone."""
    expect(queue_row(page, numbers[15])).to_be_visible()
    shown = queued(page)
    assert shown == [*numbers[: len(shown)]]


def tracks(*albums: int) -> list[int]:
    """The numbers of the tracks of these albums, disc by disc."""
    return [number for album in albums for number in range(album * 10, album * 10 + 10)]


def point(found: Locator, *, part: float = 0.5) -> tuple[float, float]:
    """In the middle of its width, at this part of its height."""
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * part


def drag(page: Page, dragged: Locator, to: Locator, *, part: float = 0.5) -> None:
    """Up to there; the button of the mouse stays pressed."""
    x, y = point(dragged, part=0.3)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8)
    to_x, to_y = point(to, part=part)
    page.mouse.move(to_x + 1, to_y)
    page.mouse.move(to_x, to_y)


class Finger:
    """One finger on the screen of a phone."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session: CDPSession = page.context.new_cdp_session(page)

    def hold(self, found: Locator) -> None:
        """Until the page takes it for a long press."""
        self._send("touchStart", *point(found, part=0.3))
        expect(self._page.locator(".is-held")).to_be_visible()

    def move(self, to: Locator, *, part: float = 0.5) -> None:
        self._send("touchMove", *point(to, part=part))

    def lift(self) -> None:
        self._send("touchEnd")

    def _send(self, kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
