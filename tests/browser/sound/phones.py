"""What tests do on a phone in Chromium: how it is held, taps, swipes by real touches, Back."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.sound.listening import Listener

UPRIGHT, SIDEWAYS = (390, 844), (844, 390)
# What Chromium and Safari ask before they load a page anew that is pulled down at its top.
PULLS_AT_ROOT = """() => [document.documentElement, document.body]
  .map((each) => getComputedStyle(each).overscrollBehaviorY)"""
Point = tuple[float, float]


def start(phone: Listener) -> None:
    page = phone.page
    page.goto("/albums")
    page.get_by_role("listitem").filter(has_text="Long Player").get_by_role("link").first.tap()
    expect(page.get_by_role("heading", name="Long Player", exact=True)).to_be_visible()
    phone.row("Two").locator(".title").tap()
    phone.hears("Two")


def open_player(phone: Listener) -> None:
    phone.page.get_by_role("button", name="Open the player").tap()
    expect(closing(phone.page)).to_be_visible()


def closing(page: Page) -> Any:
    return page.get_by_role("button", name="Close the player")


def back(page: Page) -> None:
    page.evaluate("history.back()")


def shows_album(page: Page) -> None:
    expect(page.get_by_role("heading", name="Long Player", exact=True)).to_be_visible()


def swipe(page: Page, start: Point, end: Point, steps: int = 8) -> None:
    """One finger, slower than a flick."""
    touches = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": start[0], "y": start[1]})
    for step in range(1, steps + 1):
        x = start[0] + (end[0] - start[0]) * step / steps
        y = start[1] + (end[1] - start[1]) * step / steps
        send("touchMove", {"x": x, "y": y})
        page.wait_for_timeout(20)
    send("touchEnd")


def middle_of_cover(page: Page) -> Point:
    box = page.locator("#player [data-part=large]").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
