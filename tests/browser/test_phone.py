"""A phone in Chromium: taps play, the player opens, the queue lies over the page, all fits 320."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, choose_list, log_in, watch
from tests.browser.odd_library import ARABIC, ENDLESS
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

NARROWEST = 320
IPHONE = 375
CONTROLS = "a[href], button, select, input"
TOO_SMALL = """(controls) => [...document.querySelectorAll(controls)].filter((each) => {
  const box = each.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return each.contains(hit) && (box.height < 44 || box.width < 44) && !each.matches(".skip-link");
}).map((each) => each.outerHTML.slice(0, 160))"""

# iPhones zoom in on a field with smaller letters, and stay so.
SMALL_LETTERS = """() => [...document.querySelectorAll("input:not([type=checkbox], [type=range]), select")]
  .filter((each) => each.checkVisibility() && parseFloat(getComputedStyle(each).fontSize) < 16)
  .map((each) => each.outerHTML.slice(0, 160))"""  # noqa: E501
SIDEWAYS = [(568, 320), (667, 320), (667, 375), (740, 360), (844, 390)]
HIDDEN_CONTROLS = """() => [...document.querySelectorAll("#player :is(button, input)")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    return !(each.contains(hit) || hit?.contains(each));
  })
  .concat([...document.querySelectorAll("#player .bar-controls button")].filter((each) => {
    const other = document.querySelector("#player .bar-side").getBoundingClientRect();
    return each.getBoundingClientRect().bottom > other.top;
  }))
  .map((each) => each.outerHTML.slice(0, 100))"""
# The space between the artist and the album in the full player, where their separator stands.
GAP = """() => {
  const [artist, album] = ["artist", "album"].map((part) => {
    const text = document.createRange();
    text.selectNodeContents(document.querySelector(`#player [data-part=${part}]`));
    return text.getBoundingClientRect();
  });
  return album.left - artist.right;
}"""


@pytest.fixture
def phone(browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, odd, NARROWEST, "dark", is_touched=True)
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


@pytest.mark.parametrize(
    "place",
    [
        *("/tracks", "/albums", "/albums/1", "/artists", "/genres", "/years", "/playlists"),
        *("/statistics", "/scans"),
    ],
)
def test_every_place_fits_the_narrowest_phone(phone: Watched, place: str) -> None:
    phone.page.goto(place)
    expect(phone.page.locator("main h1")).to_be_visible()
    assert phone.overflow() == 0
    assert phone.page.evaluate(TOO_SMALL, CONTROLS) == []


@pytest.mark.parametrize("place", ["/tracks", "/albums", "/years", "/statistics", "/account/"])
def test_iphones_do_not_zoom_in_on_fields(phone: Watched, place: str) -> None:
    phone.page.set_viewport_size({"width": IPHONE, "height": 700})
    phone.page.goto(place)
    expect(phone.page.locator("main h1")).to_be_visible()
    assert phone.page.evaluate(SMALL_LETTERS) == []


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


def open_player_with(page: Page, title: str) -> None:
    page.goto("/tracks")
    page.locator("main .rows .row:not([hidden]) .title").filter(has_text=title).tap()
    expect(page.locator("#player [data-part=title]")).to_have_text(title)
    page.get_by_role("button", name="Open the player").tap()
    expect(page.get_by_role("button", name="Close the player")).to_be_focused()


@pytest.mark.parametrize("size", SIDEWAYS)
def test_no_control_lies_on_another_when_a_phone_is_held_sideways(
    phone: Watched, size: tuple[int, int]
) -> None:
    page = phone.page
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    open_player_with(page, ENDLESS)
    assert page.evaluate(HIDDEN_CONTROLS) == []
    assert phone.overflow() == 0


def test_the_separator_stands_between_names_from_the_right(phone: Watched) -> None:
    phone.page.set_viewport_size({"width": 390, "height": 844})
    open_player_with(phone.page, ARABIC)
    assert phone.page.evaluate(GAP) > 12


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
