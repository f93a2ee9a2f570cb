"""A day of use, from Home over a lost server to the evening: by mouse, by keys, and on a phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from tests.browser.conftest import PATIENCE_MS, choose_list
from tests.browser.sound.listening import Listener, open_context
from tests.browser.sound.listening import log_in as log_in_as_ada
from tests.browser.sound.phones import back, middle_of_cover, swipe
from tests.browser.sound.shelf import SHORT, Shelf, open_shelf, reopened
from tests.browser.sound.test_offline import WAITING, browser_of, keep, log_in, titles_of
from tests.browser.tile_pages import drag
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

SHARED = {"SHARING": "everybody"}
LINK = re.compile(r"http://.*/s/[a-z2-7]{34}")
HERE = "document.activeElement"
MOST_PRESSES = 60


@pytest.fixture
def house(tmp_path: Path, records: Path) -> Iterator[Shelf]:
    with open_shelf(tmp_path, records, **SHARED) as shelf:
        yield shelf


def plays(house: Shelf) -> list[str]:
    return [str(each) for each in titles_of(house, "play", "started_at")]


def waits_for_plays(house: Shelf, *titles: str) -> None:
    wait_until(lambda: plays(house) == [*titles])


def test_with_the_mouse(playwright: Playwright, browser: Browser, house: Shelf) -> None:
    with browser_of(playwright, house) as tab:
        log_in(tab)
        find_and_play(tab)
        mark_what_plays(tab, house)
        fill_a_playlist(tab, house)
        hear_an_album(tab, house)
        keep(tab)
        link = share_the_album(tab)
        hear_without_a_login(browser, link)
        house.server.end(SIGKILL)
        hear_the_queue_without_the_server(tab)
        with reopened(house, **SHARED):
            come_back(tab, house)


def find_and_play(tab: Listener) -> None:
    """From Home, by a search with an operator and an excluded word."""
    page = tab.page
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("region", name="Recently added")).to_be_visible()
    page.get_by_role("searchbox").click()
    page.keyboard.type('album:"Long Player" -Two')
    expect(tab.row("One")).to_be_visible()
    expect(tab.row("Two")).to_have_count(0)
    tab.row("One").locator(".title").dblclick()
    tab.hears("One")


def mark_what_plays(tab: Listener, house: Shelf) -> None:
    """A favourite in the bar, stars on the whole screen."""
    tab.bar.get_by_role("button", name="Favourite: One").click()
    tab.button("Now playing").click()
    tab.bar.locator(".stars > .icon").nth(3).click()
    wait_until(lambda: titles_of(house, "favourite", "title") == ["One"])
    wait_until(lambda: titles_of(house, "rating", "title", ", stars") == [("One", 4)])
    tab.page.keyboard.press("Escape")
    expect(tab.button("Close the player")).to_be_hidden()
    tab.page.keyboard.press("Space")  # what was clicked keeps no key
    tab.is_silent()
    tab.page.get_by_role("link", name="Home").click()
    liked = tab.page.get_by_role("region", name="Favourite tracks")
    expect(liked.get_by_role("button", name="Play One by")).to_be_visible()


def fill_a_playlist(tab: Listener, house: Shelf) -> None:
    """An album is dragged over the link to the playlists, and dropped on one of them."""
    page = tab.page
    page.get_by_role("link", name="Playlists").first.click()
    page.locator(".heading").get_by_role("button", name="New playlist").click()
    page.get_by_role("textbox", name="Name").fill("Evening")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing in it yet")).to_be_visible()
    page.get_by_role("link", name="Albums").first.click()
    dragged = page.get_by_role("main").get_by_role("link", name="Short Cuts").first
    drag(page, dragged, page.locator(".rail [data-place=playlists]"))
    line = page.locator(".playlist-row:not([hidden])").filter(has_text="Evening")
    box = line.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 2)
    page.mouse.up()
    tab.says("3 tracks added to “Evening”.")
    assert titles_of(house, "playlistentry", "place") == SHORT


def hear_an_album(tab: Listener, house: Shelf) -> None:
    """To its end; the statistics count it. What played before comes back."""
    page = tab.page
    page.get_by_role("link", name="Albums").first.click()
    page.get_by_role("main").get_by_role("link", name="Short Cuts").first.click()
    page.locator(".album-head").get_by_role("button", name="Play", exact=True).click()
    tab.says("was replaced.")
    waits_for_plays(house, *SHORT)
    tab.is_silent()
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Statistics").click()
    heard = page.get_by_role("region", name="Tracks", exact=True)
    for title in SHORT:
        expect(heard.get_by_role("row", name=title)).to_contain_text("1")
    page.go_back()
    expect(page.get_by_role("heading", name="Short Cuts", level=1)).to_be_visible()


def share_the_album(tab: Listener) -> str:
    page = tab.page
    page.get_by_role("button", name="Share by a link…").click()
    dialog = page.get_by_role("dialog", name="Share by a link")
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.get_by_label("Link", exact=True)
    expect(link).to_have_value(LINK)
    url = link.input_value()
    dialog.get_by_role("button", name="Done").click()
    return url


def hear_without_a_login(browser: Browser, link: str) -> None:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".track", has_text="Due")).to_have_attribute("aria-current", "true")
    context.close()


def hear_the_queue_without_the_server(tab: Listener) -> None:
    """The album is kept. The queue has ended, so that Play begins it again."""
    expect(tab.page.locator("#offline")).to_be_visible()
    tab.button("Play").click()
    tab.until(f"{WAITING} === {len(SHORT)}")
    tab.is_silent()


def come_back(tab: Listener, house: Shelf) -> None:
    page = tab.page
    expect(page.locator("#offline")).to_be_hidden()
    waits_for_plays(house, *SHORT, *SHORT)
    tab.until(f"{WAITING} === 0")
    page.reload()
    expect(tab.title).to_have_text(SHORT[-1])
    page.goto("/statistics")
    heard = page.get_by_role("region", name="Tracks", exact=True)
    for title in SHORT:
        expect(heard.get_by_role("row", name=title)).to_contain_text("2")
    assert plays(house) == [*SHORT, *SHORT]


def test_by_keys_alone(browser: Browser, house: Shelf) -> None:
    context = open_context(browser, house)
    tab = Listener(context, house)
    log_in_as_ada(tab.page)
    page, keys = tab.page, tab.page.keyboard
    expect(page.get_by_role("region", name="Recently added")).to_be_visible()
    search_and_play(tab)
    keep_what_plays(tab, house)
    take_the_last_out_of_the_queue(tab)
    press_until(page, "Tab", page.get_by_role("button", name="Account and more"))
    keys.press("Enter")
    press_until(page, "ArrowDown", page.get_by_role("menuitem", name="Statistics"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Statistics", level=1)).to_be_visible()
    keys.press("Space")  # and the menu stays closed
    tab.hears("One")
    hear_on_without_a_server(tab, house)
    context.close()


def search_and_play(tab: Listener) -> None:
    page, keys = tab.page, tab.page.keyboard
    keys.press("/")
    keys.type('artist:"Long Player Band"')
    expect(tab.row("Five")).to_be_visible()
    grid = page.get_by_role("grid", name="Tracks")
    press_until(page, "ArrowDown", grid)
    keys.press("Enter")
    tab.hears("One")
    keys.press("Space")
    tab.is_silent()


def keep_what_plays(tab: Listener, house: Shelf) -> None:
    """As a favourite, with four stars, and in a playlist."""
    page, keys = tab.page, tab.page.keyboard
    for key in ("f", "4", "a"):
        keys.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.type("Night")
    keys.press("Enter")
    tab.says("“Night”")
    wait_until(lambda: titles_of(house, "playlistentry", "place") == ["One"])
    wait_until(lambda: titles_of(house, "favourite", "title") == ["One"])
    wait_until(lambda: titles_of(house, "rating", "title", ", stars") == [("One", 4)])


def take_the_last_out_of_the_queue(tab: Listener) -> None:
    page, keys = tab.page, tab.page.keyboard
    press_until(page, "Tab", page.locator(".rail [data-does=queue]"))
    keys.press("Enter")
    expect(page.get_by_role("grid", name="Queue")).to_be_focused()
    keys.press("End")
    keys.press("Delete")
    tab.says("“Five” was removed from the queue.")
    keys.press("Escape")


def hear_on_without_a_server(tab: Listener, house: Shelf) -> None:
    page, keys = tab.page, tab.page.keyboard
    house.server.end(SIGKILL)
    expect(page.locator("#offline")).to_be_visible()
    tab.sound_goes_on()
    keys.press("Space")
    tab.is_silent()
    with reopened(house, **SHARED):
        expect(page.locator("#offline")).to_be_hidden()
        keys.press("Space")
        tab.hears("One")
        tab.keep_silent()


def press_until(page: Page, key: str, wanted: Locator) -> None:
    """As often as it takes until this element has the focus."""
    for _ in range(MOST_PRESSES):
        page.keyboard.press(key)
        if wanted.evaluate(f"(each) => each === {HERE}"):
            return
    pytest.fail(f"{key} does not lead to {wanted}")


def test_by_touch(browser: Browser, house: Shelf) -> None:
    context = open_context(browser, house, size=(390, 844), is_touched=True)
    phone = Listener(context, house)
    log_in_as_ada(phone.page)
    expect(phone.page.get_by_role("region", name="Recently added")).to_be_visible()
    choose_and_leave_tiles(phone.page)
    share_and_think_better_of_it(phone.page)
    steer_the_full_player(phone)
    back(phone.page)
    expect(phone.page.get_by_role("heading", name="Albums", level=1)).to_be_visible()
    house.server.end(SIGKILL)
    expect(phone.page.locator("#offline")).to_be_visible()
    phone.sound_goes_on()
    with reopened(house, **SHARED):
        expect(phone.page.locator("#offline")).to_be_hidden()
        phone.hears("Three")
        phone.keep_silent()
    context.close()


def choose_and_leave_tiles(page: Page) -> None:
    """Back ends the selection, then closes the menu of the library; the place stays."""
    choose_list(page, "Albums")
    album = page.get_by_role("main").get_by_role("link", name="Long Player").first
    hold(page, album)
    page.get_by_role("menuitem", name="Select").tap()
    expect(page.get_by_text("1 album selected")).to_be_visible()
    back(page)
    expect(page.get_by_text("1 album selected")).to_be_hidden()
    page.locator(".tabs").get_by_role("button", name="Library").tap()
    expect(page.get_by_role("menuitem", name="Albums")).to_be_visible()
    back(page)
    expect(page.get_by_role("menu")).to_have_count(0)
    album.tap()


def hold(page: Page, held: Locator) -> None:
    """A long press of one finger."""
    box = held.bounding_box()
    assert box
    touches = page.context.new_cdp_session(page)
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 3}
    touches.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(page.locator(".is-held")).to_be_visible()
    touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def share_and_think_better_of_it(page: Page) -> None:
    expect(page.get_by_role("heading", name="Long Player", level=1)).to_be_visible()
    page.get_by_role("button", name="More for Long Player").tap()
    page.get_by_role("menuitem", name="Share by a link…").tap()
    expect(page.get_by_role("dialog", name="Share by a link")).to_be_visible()
    back(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name="Long Player", level=1)).to_be_visible()


def steer_the_full_player(phone: Listener) -> None:
    """A favourite, the menu of the sleep timer, which Back closes alone, and a swipe."""
    page = phone.page
    phone.row("Two").locator(".title").tap()
    phone.hears("Two")
    page.get_by_role("button", name="Open the player").tap()
    closing = page.get_by_role("button", name="Close the player")
    heart = phone.bar.get_by_role("button", name="Favourite: Two")
    heart.tap()
    expect(heart).to_have_attribute("aria-pressed", "true")
    phone.bar.get_by_role("button", name="Sleep timer").tap()
    expect(page.get_by_role("menu", name="Sleep timer")).to_be_visible()
    back(page)
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(closing).to_be_visible()
    x, y = middle_of_cover(page)
    swipe(page, (x + 100, y), (x - 100, y))
    phone.hears("Three")
    back(page)
    expect(closing).to_be_hidden()
    expect(page.get_by_role("heading", name="Long Player", level=1)).to_be_visible()
