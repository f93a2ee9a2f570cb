"""A phone in Chromium: taps play, the player opens, the queue lies over the page, all fits 320."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Watched, choose_list, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

NARROWEST = 320
CONTROLS = "a[href], button, select, input"
TOO_SMALL = """(controls) => [...document.querySelectorAll(controls)].filter((each) => {
  const box = each.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return each.contains(hit) && (box.height < 44 || box.width < 44) && !each.matches(".skip-link");
}).map((each) => each.outerHTML.slice(0, 160))"""


@pytest.fixture
def phone(browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, odd, NARROWEST, "dark", is_touched=True)
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


@pytest.mark.parametrize(
    "place",
    ["/tracks", "/albums", "/albums/1", "/artists", "/genres", "/years", "/playlists", "/scans"],
)
def test_every_place_fits_the_narrowest_phone(phone: Watched, place: str) -> None:
    phone.page.goto(place)
    expect(phone.page.locator("main h1")).to_be_visible()
    assert phone.overflow() == 0
    assert phone.page.evaluate(TOO_SMALL, CONTROLS) == []


def test_a_tap_plays_and_the_player_opens_and_closes(phone: Watched) -> None:
    page = phone.page
    page.goto("/tracks?q=True")
    page.locator("main .rows .row:not([hidden])").filter(has_text="True").locator(".title").tap()
    title = page.locator("#player [data-part=title]")
    expect(title).to_have_text("True")
    page.get_by_role("button", name="Open the player").tap()
    close = page.get_by_role("button", name="Close the player")
    expect(close).to_be_focused()
    large = page.locator("#player .bar-large .cover").bounding_box()
    assert large is not None
    assert large["width"] > 100
    assert phone.overflow() == 0
    assert page.evaluate(TOO_SMALL, CONTROLS) == []
    close.tap()
    expect(page.get_by_role("button", name="Open the player")).to_be_focused()


def test_the_queue_lies_over_the_page_until_a_place_is_chosen(phone: Watched) -> None:
    page = phone.page
    page.get_by_role("button", name="Queue").locator("visible=true").first.tap()
    queue = page.get_by_role("complementary", name="Queue")
    box = queue.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, NARROWEST)
    assert phone.overflow() == 0
    choose_list(page, "Albums")
    expect(queue).to_be_hidden()
    expect(page.get_by_role("heading", name="Albums")).to_be_visible()


def test_nothing_moves_where_motion_is_to_be_reduced(browser: Browser, odd: ServedMus) -> None:
    tab = watch(browser, odd, 390, "dark", is_calm=True)
    log_in(tab)
    script = """() => [...document.querySelectorAll("*")].filter((each) => {
      const style = getComputedStyle(each);
      return style.animationName !== "none" || style.transitionDuration !== "0s";
    }).map((each) => each.outerHTML.slice(0, 100))"""
    assert tab.page.evaluate(script) == []
    tab.page.context.close()
