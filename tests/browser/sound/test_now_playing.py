"""Now playing on the whole screen, in Chromium: by mouse and keys in a wide window, by touch on a
phone, and whether all of it fits windows of every kind."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.sound.listening import Listener, open_context
from tests.browser.sound.phones import swipe
from tests.browser.sound.shelf import Shelf
from tests.browser.test_axe import expect_no_violation

pytestmark = [pytest.mark.browser, pytest.mark.server]

TABS = 40
"""More than the full player has places for the focus."""
CUT_OFF = """() => [...document.querySelectorAll("#player :is(a[href], button, input)")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".lyric"))
  .filter((each) => {
    const box = each.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    const isInside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
    return !isInside || !(each.contains(hit) || hit?.contains(each));
  })
  .map((each) => each.outerHTML.slice(0, 160))"""  # noqa: E501
LINE_IN_THE_MIDDLE = """() => {
  const line = document.querySelector(".lyric[aria-current]").getBoundingClientRect();
  const pane = document.querySelector(".bar-lyrics").getBoundingClientRect();
  return line.top >= pane.top && line.bottom <= pane.bottom;
}"""


def closing(page: Page) -> Locator:
    return page.get_by_role("button", name="Close the player")


def sung(page: Page) -> Locator:
    return page.locator(".lyric[aria-current]")


def test_it_opens_by_button_and_key_and_closes_by_esc_and_back(tab: Listener) -> None:
    page = tab.page
    tab.play("One")
    button = tab.button("Now playing")
    button.focus()
    page.keyboard.press("Enter")
    expect(closing(page)).to_be_focused()
    expect(page.locator(".bar-quality")).to_have_text("PCM · 8 kHz · 16 bit · 128 kbit/s")
    expect(page.locator(".bar-up-next")).to_have_text("Next: Two · Long Player Band")
    for _ in range(TABS):  # the page behind gets no focus
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#player, body') !== null")
        assert page.evaluate("document.activeElement.closest('main, .rail, .top') === null")
    page.keyboard.press("Escape")
    expect(closing(page)).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("v")
    expect(closing(page)).to_be_visible()
    page.keyboard.press("Space")  # its button has the focus, by the keyboard
    expect(closing(page)).to_be_hidden()
    page.keyboard.press("v")
    tab.button("More for this track").click()
    expect(page.get_by_role("menuitem", name="Play next")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(closing(page)).to_be_visible()
    page.evaluate("history.back()")
    expect(closing(page)).to_be_hidden()
    expect(page.get_by_role("heading", name="Long Player", exact=True)).to_be_visible()
    page.keyboard.press("v")
    tab.bar.get_by_role("link", name="Long Player Band").click()
    expect(page.get_by_role("heading", name="Long Player Band", level=1)).to_be_visible()
    expect(closing(page)).to_be_hidden()
    page.evaluate("history.back()")
    expect(page.get_by_role("heading", name="Long Player", exact=True)).to_be_visible()


def test_lyrics_follow_what_is_sung_and_a_line_is_gone_to(tab: Listener) -> None:
    page = tab.page
    tab.play("One")
    page.keyboard.press("v")
    expect(sung(page)).to_have_text("First line")
    page.get_by_role("button", name="Last line").click()
    tab.until("heard() >= 30")
    expect(sung(page)).to_have_text("Last line")
    assert page.evaluate(LINE_IN_THE_MIDDLE)
    tab.seek_to(10)
    expect(sung(page)).to_have_text("Second line")
    page.get_by_role("button", name="First line").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Second line")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    tab.until("heard() < 9")
    page.keyboard.press("f")
    expect(tab.bar.locator(".heart")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")
    tab.button("Next").click()
    tab.hears("Two")
    lyrics = page.get_by_role("region", name="Lyrics")
    expect(lyrics).to_contain_text("Verse 59")
    lyrics.focus()
    page.keyboard.press("End")
    page.wait_for_function("() => document.querySelector('.bar-lyrics').scrollTop > 0")
    expect(tab.title).to_have_text("Two")
    tab.button("Next").click()
    tab.hears("Three")
    expect(tab.button("Lyrics")).to_be_disabled()
    expect(page.locator(".bar-lyrics")).to_be_hidden()


def test_the_queue_lies_beside_it(tab: Listener) -> None:
    page = tab.page
    tab.play("One")
    page.keyboard.press("v")
    panel = tab.open_queue()
    expect(closing(page)).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
    tab.row("Two", grid="Queue").dblclick()
    tab.hears("Two")
    expect(page.locator(".bar-up-next")).to_have_text("Next: Three · Long Player Band")
    page.get_by_role("grid", name="Queue").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(closing(page)).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(closing(page)).to_be_hidden()


@pytest.fixture
def phone(browser: Browser, shelf: Shelf, session: object) -> Iterator[Listener]:
    shelf.forget_state()
    context = open_context(browser, shelf, session, (390, 844), is_touched=True)
    phone = Listener(context, shelf)
    yield phone
    phone.keep_silent()
    context.close()
    assert phone.complaints == []


def test_a_phone_switches_between_cover_and_lyrics_and_swipes_the_small_bar(
    phone: Listener,
) -> None:
    page = phone.page
    phone.open()
    phone.row("One").locator(".title").tap()
    phone.hears("One")
    box = page.locator(".bar-track").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    swipe(page, (x + 60, y), (x - 60, y))
    phone.hears("Two")
    expect(closing(page)).to_be_hidden()
    swipe(page, (x - 60, y), (x + 60, y))
    phone.hears("One")
    page.get_by_role("button", name="Open the player").tap()
    cover = page.locator("#player .bar-large .cover")
    expect(cover).to_be_visible()
    expect(page.locator(".bar-lyrics")).to_be_hidden()
    phone.button("Lyrics").tap()
    expect(cover).to_be_hidden()
    page.get_by_role("button", name="Last line").tap()
    phone.until("heard() >= 30")
    expect(sung(page)).to_have_text("Last line")
    swipe(page, (195, 200), (195, 420))  # lyrics are scrolled
    expect(closing(page)).to_be_visible()
    page.reload()
    expect(phone.title).to_have_text("One")
    page.get_by_role("button", name="Open the player").tap()
    expect(page.locator(".bar-lyrics")).to_be_visible()  # what was chosen stays
    phone.button("Lyrics").tap()
    expect(cover).to_be_visible()


SIZES = [(1440, 900), (1000, 560), (820, 1180), (844, 390), (667, 375), (390, 844), (320, 568)]


def test_it_fits_every_window_and_axe_finds_nothing(tab: Listener) -> None:
    page = tab.page
    page.emulate_media(reduced_motion="reduce")
    tab.play("One")
    page.keyboard.press("v")
    expect(sung(page)).to_have_count(1)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for shown in ("true", "false"):
            if tab.button("Lyrics").get_attribute("aria-pressed") != shown:
                tab.button("Lyrics").click()
            assert page.evaluate(CUT_OFF) == [], (width, height, shown)
            assert tab.watched.overflow() == 0
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for _ in range(2):
                tab.button("Lyrics").click()
                expect_no_violation(page, f"now playing, {width}, {scheme}")
            tab.button("Sleep timer").click()
            expect(page.get_by_role("menu", name="Sleep timer")).to_be_visible()
            expect_no_violation(page, f"the menu of the sleep timer, {width}, {scheme}")
            page.keyboard.press("Escape")
            expect(page.get_by_role("menu")).to_have_count(0)
