"""A phone in Chromium: Back closes what lies on top, and the layouts of both directions hold."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.phones import (
    PULLS_AT_ROOT,
    SIDEWAYS,
    UPRIGHT,
    back,
    closing,
    open_player,
    shows_album,
    start,
)

pytestmark = [pytest.mark.browser, pytest.mark.server]

MARGIN_PX = 16
PLACES = ["/tracks", "/albums", "/albums/1", "/artists", "/artists/1", "/scans"]
# Of all that begins at the left, by its name.
STARTS = """() => [...document.querySelectorAll(`#search input, main h1, main h2, main .cover,
    main .cell.start, main .table-place, main .scan-panel, main .actions > :first-child`)]
  .filter(each => each.checkVisibility() && !each.closest(".scan-panel .actions"))
  .map(each => [each.className || each.tagName, Math.round(each.getBoundingClientRect().left)])
  .filter(([, left]) => left < 100)"""
GAP = """() =>
  document.querySelector("main :is(h1, .album-head .cover)").getBoundingClientRect().top
  - document.querySelector("#search").getBoundingClientRect().bottom"""


def shows_albums(page: Page) -> None:
    expect(page.get_by_role("heading", name="Albums", exact=True)).to_be_visible()


def test_back_closes_the_player_then_changes_the_place(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    back(page)
    expect(closing(page)).to_be_hidden()
    shows_album(page)
    phone.sound_goes_on()
    back(page)
    shows_albums(page)


def test_back_closes_a_menu_before_the_player_it_lies_on(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    page.get_by_role("button", name="More for this track").tap()
    expect(page.get_by_role("menu")).to_be_visible()
    back(page)
    expect(page.get_by_role("menu")).to_have_count(0)
    expect(closing(page)).to_be_visible()
    back(page)
    expect(closing(page)).to_be_hidden()
    shows_album(page)


def test_back_closes_the_queue_and_a_dialog(phone: Listener) -> None:
    page = phone.page
    page.locator(".tabs [data-does=queue]").tap()
    queue = page.get_by_role("complementary", name="Queue")
    expect(queue).to_be_visible()
    back(page)
    expect(queue).to_be_hidden()
    page.get_by_role("button", name="Account and more").tap()
    page.get_by_role("menuitem", name="Keyboard shortcuts").tap()
    expect(page.get_by_role("dialog")).to_be_visible()
    back(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    shows_album(page)
    back(page)
    shows_albums(page)


def queue_of(page: Page) -> Any:
    return page.get_by_role("complementary", name="Queue")


def open_queue_in_player(phone: Listener) -> None:
    open_player(phone)
    phone.page.locator("#player [data-does=queue]").tap()
    expect(queue_of(phone.page)).to_be_visible()
    expect(closing(phone.page)).to_be_hidden()


def test_back_from_the_queue_returns_to_the_player_it_was_opened_from(phone: Listener) -> None:
    page = phone.page
    open_queue_in_player(phone)
    back(page)
    expect(queue_of(page)).to_be_hidden()
    expect(closing(page)).to_be_visible()
    back(page)
    expect(closing(page)).to_be_hidden()
    shows_album(page)
    back(page)
    shows_albums(page)


@pytest.mark.parametrize("button", ["Close the queue", "Open the player"])
def test_buttons_lead_from_the_queue_to_the_player_below_it(phone: Listener, button: str) -> None:
    page = phone.page
    open_queue_in_player(phone)
    page.get_by_role("button", name=button).tap()
    expect(queue_of(page)).to_be_hidden()
    expect(closing(page)).to_be_visible()
    page.wait_for_function("() => history.state.layers === 1")
    back(page)
    expect(closing(page)).to_be_hidden()
    shows_album(page)


def test_a_place_that_is_chosen_beside_the_queue_closes_the_player_below_it(
    phone: Listener,
) -> None:
    page = phone.page
    open_queue_in_player(phone)
    page.get_by_role("link", name="Playlists").locator("visible=true").tap()
    expect(page.get_by_role("heading", name="Playlists", exact=True)).to_be_visible()
    expect(queue_of(page)).to_be_hidden()
    expect(closing(page)).to_be_hidden()
    back(page)
    shows_album(page)
    expect(closing(page)).to_be_hidden()


def test_the_button_of_a_player_that_was_opened_over_the_queue_shows_the_queue(
    phone: Listener,
) -> None:
    page = phone.page
    page.locator(".tabs [data-does=queue]").tap()
    open_player(phone)
    page.locator("#player [data-does=queue]").tap()
    expect(closing(page)).to_be_hidden()
    expect(queue_of(page)).to_be_visible()
    back(page)
    expect(queue_of(page)).to_be_hidden()
    shows_album(page)


MARKED = """() => {
  const shown = [...document.querySelectorAll(".places :is(a, button)")]
    .filter(each => each.checkVisibility() && !each.matches(".brand"));
  return shown
    .filter(each => getComputedStyle(each).fontWeight === "600")
    .map(each => each.innerText.trim());
}"""


@pytest.mark.parametrize(("size", "place"), [(UPRIGHT, "Library"), (SIDEWAYS, "Library")])
def test_the_navigation_marks_the_queue_alone_while_it_is_open(
    open_phone: Callable[[tuple[int, int]], Listener], size: tuple[int, int], place: str
) -> None:
    page = open_phone(size).page
    page.goto("/albums")
    shows_albums(page)
    assert page.evaluate(MARKED) == [place]
    page.locator(".places [data-does=queue]").locator("visible=true").tap()
    expect(queue_of(page)).to_be_visible()
    assert page.evaluate(MARKED) == ["Queue"]
    back(page)
    expect(queue_of(page)).to_be_hidden()
    assert page.evaluate(MARKED) == [place]


def test_what_a_button_closed_takes_no_step_of_back(phone: Listener) -> None:
    page = phone.page
    for _ in range(3):
        open_player(phone)
        closing(page).tap()
        expect(closing(page)).to_be_hidden()
    page.get_by_role("button", name="Account and more").tap()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)
    page.wait_for_function("() => !history.state.layers")
    back(page)
    shows_albums(page)


def test_a_reload_while_the_player_is_open_leaves_no_step_behind(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    page.reload()
    shows_album(page)
    expect(phone.title).to_have_text("Two")
    page.wait_for_function("() => !history.state.layers")
    back(page)
    shows_albums(page)


def test_forward_after_back_neither_opens_nor_breaks_anything(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    back(page)
    expect(closing(page)).to_be_hidden()
    page.evaluate("history.forward()")
    page.wait_for_function("() => !history.state.layers")
    shows_album(page)
    expect(closing(page)).to_be_hidden()
    back(page)
    shows_albums(page)
    page.evaluate("history.forward()")
    shows_album(page)


def test_a_place_that_is_chosen_in_the_player_closes_it_and_back_leads_to_where_it_was_opened(
    phone: Listener,
) -> None:
    page = phone.page
    page.get_by_role("link", name="Playlists").locator("visible=true").tap()
    expect(page.get_by_role("heading", name="Playlists", exact=True)).to_be_visible()
    open_player(phone)
    page.get_by_role("button", name="More for this track").tap()
    page.get_by_role("menuitem", name="Go to the album").tap()
    shows_album(page)
    expect(closing(page)).to_be_hidden()
    back(page)
    expect(page.get_by_role("heading", name="Playlists", exact=True)).to_be_visible()
    back(page)
    shows_album(page)


@pytest.mark.parametrize("place", PLACES)
def test_all_that_stands_in_the_content_has_one_margin(
    open_phone: Callable[[tuple[int, int]], Listener], place: str
) -> None:
    page = open_phone(UPRIGHT).page
    page.goto(place)
    expect(page.locator("main h1")).to_be_visible()
    starts = page.evaluate(STARTS)
    assert len(starts) > 1
    assert [each for each in starts if each[1] != MARGIN_PX] == []
    gap = page.evaluate(GAP)
    assert gap >= MARGIN_PX


def test_held_sideways_content_bar_and_player_fit(
    open_phone: Callable[[tuple[int, int]], Listener],
) -> None:
    phone = open_phone(SIDEWAYS)
    start(phone)
    page = phone.page
    content = page.get_by_role("main").bounding_box()
    assert content
    assert content["height"] > SIDEWAYS[1] / 2
    for name in ("Home", "Search", "Playlists", "Scans"):
        link = (
            page.get_by_role("link", name=name, exact=True).locator("visible=true").bounding_box()
        )
        assert link
        assert link["y"] + link["height"] <= SIDEWAYS[1]
    open_player(phone)
    cover = page.locator("#player [data-part=large] .cover").bounding_box()
    assert cover
    assert cover["height"] > SIDEWAYS[1] * 0.7
    for name in ("Shuffle", "Previous", "Pause", "Next", "Queue", "More for this track"):
        box = phone.button(name).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= SIDEWAYS[1]
        assert box["x"] >= cover["x"] + cover["width"]
    assert phone.watched.overflow() == 0
    back(page)
    expect(closing(page)).to_be_hidden()


def test_pulling_down_does_not_load_the_page_anew_which_would_end_the_music(
    phone: Listener,
) -> None:
    """The gesture is the browser's own, and not drawn without a window: the styles forbid it."""
    assert phone.page.evaluate(PULLS_AT_ROOT) == ["contain", "contain"]
