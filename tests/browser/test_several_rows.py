"""Several rows in Chromium: Shift, Ctrl and Ctrl-A select, and acts are those of all of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

TITLES = """(rows) => rows
  .filter((row) => !row.hidden)
  .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
  .map((row) => Number(row.querySelector(".title .text").textContent.slice(-6)))"""


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    """Nothing was played before; there are no files, so what plays waits for its sound."""
    held: list[Route] = []
    forget_players(long)
    tab = watch(browser, long, 1280, "dark", is_calm=True)
    log_in(tab)
    tab.page.route("**/api/v1/tracks/*/stream", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    tab.page.goto("/tracks?sort=title")
    expect(row(tab.page, 3)).to_be_visible()
    yield tab
    complaints = list(tab.complaints)
    for route in held:
        route.abort()
    tab.page.context.close()
    forget_players(long)
    assert complaints == []


def row(page: Page, number: int, place: str = "main") -> Locator:
    return (
        page.locator(f"{place} .rows .row:not([hidden])")
        .filter(has_text=f"title{number:06}")
        .locator(".title")
    )


def chosen(page: Page, place: str = "main") -> list[int]:
    rows = page.locator(f"{place} .rows .row[aria-selected=true]")
    return [int(each) for each in rows.evaluate_all(TITLES)]


def open_queue(page: Page) -> None:
    page.locator(".rail [data-does=queue]").click()
    expect(page.get_by_role("grid", name="Queue")).to_be_focused()


def queued(page: Page) -> list[int]:
    return [int(each) for each in page.locator("#queue .rows .row").evaluate_all(TITLES)]


def expect_queue(page: Page, *numbers: int) -> None:
    rows = page.locator("#queue .rows .row:not([hidden], .is-loading)")
    expect(rows).to_have_count(len(numbers))
    assert queued(page) == list(numbers)


def fill_queue(page: Page, count: int = 6) -> None:
    """Tracks 0 to `count` - 1, of which 0 plays; the queue is open."""
    row(page, 0).click()
    row(page, count - 1).click(modifiers=["Shift"])
    page.keyboard.press("Enter")
    open_queue(page)
    expect_queue(page, *range(count))


def test_shift_and_ctrl_select_rows_by_clicks_and_no_text(tab: Watched) -> None:
    page = tab.page
    row(page, 2).click()
    row(page, 6).click(modifiers=["Shift"])
    assert chosen(page) == [2, 3, 4, 5, 6]
    row(page, 4).click(modifiers=["Control"])
    assert chosen(page) == [2, 3, 5, 6]
    row(page, 9).click(modifiers=["Meta"])
    assert chosen(page) == [2, 3, 5, 6, 9]
    row(page, 1).click(modifiers=["Shift"])
    assert chosen(page) == list(range(1, 10))
    row(page, 7).click()
    assert chosen(page) == [7]
    assert page.evaluate("String(getSelection())") == ""
    expect(page.get_by_role("grid", name="Tracks")).to_have_attribute(
        "aria-multiselectable", "true"
    )


def test_double_clicks_and_drags_select_no_text(tab: Watched) -> None:
    page = tab.page
    row(page, 5).dblclick()
    assert page.evaluate("String(getSelection())") == ""
    row(page, 2).hover()
    page.mouse.down()
    row(page, 6).hover()
    page.mouse.up()
    assert page.evaluate("String(getSelection())") == ""
    page.get_by_role("heading", level=1).click(click_count=2)
    row(page, 6).click(modifiers=["Shift"])
    assert page.evaluate("String(getSelection())") in ("", "Tracks")
    assert page.url.endswith("/tracks?sort=title")


def test_shift_on_the_link_of_an_album_selects_and_opens_no_window(tab: Watched) -> None:
    page = tab.page
    row(page, 2).click()
    page.locator("main .row").filter(has_text="title000005").locator(".album a").click(
        modifiers=["Shift"]
    )
    assert chosen(page) == [2, 3, 4, 5]
    assert len(page.context.pages) == 1


def test_shift_with_keys_extends_and_shrinks_the_selection(tab: Watched) -> None:
    page = tab.page
    row(page, 3).click()
    for key in ("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert chosen(page) == [3, 4, 5]
    page.keyboard.press("Shift+Home")
    assert chosen(page) == [0, 1, 2, 3]
    page.keyboard.press("Shift+PageDown")
    assert chosen(page) == list(range(3, 11))
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+ArrowDown")
    page.keyboard.press("Control+Space")
    assert chosen(page) == [*range(3, 11), 12]
    page.keyboard.press("Escape")
    assert chosen(page) == [12]


def test_enter_plays_what_is_selected(tab: Watched) -> None:
    page = tab.page
    for number in (8, 2, 5):
        row(page, number).click(modifiers=["Control"])
    page.keyboard.press("Enter")
    expect(page.locator("#player [data-part=title]")).to_have_text("title000002")
    open_queue(page)
    expect_queue(page, 2, 5, 8)


def test_the_menu_is_that_of_all_selected_rows(tab: Watched) -> None:
    page = tab.page
    row(page, 1).click()
    row(page, 3).click(modifiers=["Shift"])
    row(page, 2).click(button="right")
    expect(page.get_by_role("menu", name="For 3 tracks")).to_be_visible()
    page.get_by_role("menuitem", name="Add to the queue").click()
    row(page, 7).click()
    row(page, 8).click(modifiers=["Control"])
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menu", name="For 2 tracks")).to_be_visible()
    page.get_by_role("menuitem", name="Play next").click()
    row(page, 9).click(button="right")  # not one of them: its own
    assert chosen(page) == [9]
    expect(page.get_by_role("menu", name="For title000009")).to_be_visible()
    page.keyboard.press("Escape")
    open_queue(page)
    expect_queue(page, 1, 7, 8, 2, 3)


def test_ctrl_a_selects_the_whole_list_also_what_was_never_loaded(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?artist=8&sort=title")
    expect(page.locator(".heading .count")).to_have_text("20 tracks")
    page.keyboard.press("Control+a")
    drawn = chosen(page)  # the rows in sight
    assert drawn == list(range(140, 160))[: len(drawn)]
    assert len(drawn) > 15
    page.goto("/tracks?genre=Jazz&sort=title")
    expect(page.locator(".heading .count")).to_have_text("50,000 tracks")
    page.keyboard.press("Control+a")
    page.keyboard.press("Enter")
    expect(page.locator("#player [data-part=title]")).to_have_text("title000010")
    page.locator(".rail [data-does=queue]").click()
    expect(page.locator("#queue [data-count]")).to_have_text("50,000 tracks, 49,999 to come")
    page.get_by_role("searchbox").fill("words")
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_several_rows_of_the_queue_are_removed_and_what_plays_stays_what_plays(
    tab: Watched,
) -> None:
    page = tab.page
    fill_queue(page)
    row(page, 1, "#queue").click()
    row(page, 3, "#queue").click(modifiers=["Control"])
    page.keyboard.press("Delete")
    expect_queue(page, 0, 2, 4, 5)
    row(page, 4, "#queue").click()
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Remove from the queue").click()
    expect_queue(page, 5)
    expect(page.locator("#player [data-part=title]")).to_have_text("title000005")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("#player [data-part=title]")).to_have_text("Nothing plays")


def test_several_rows_of_the_queue_are_moved_together(tab: Watched) -> None:
    page = tab.page
    fill_queue(page)
    row(page, 1, "#queue").click()
    row(page, 2, "#queue").click(modifiers=["Shift"])
    page.keyboard.press("Alt+ArrowDown")
    expect_queue(page, 0, 3, 1, 2, 4, 5)
    assert chosen(page, "#queue") == [1, 2]
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect_queue(page, 1, 2, 0, 3, 4, 5)
    expect(page.locator("#queue .is-current")).to_contain_text("title000000")


def test_dragging_a_selected_row_of_the_queue_takes_the_others_with_it(tab: Watched) -> None:
    page = tab.page
    fill_queue(page)
    row(page, 1, "#queue").click()
    row(page, 3, "#queue").click(modifiers=["Control"])
    drag(page, 3, 5)
    expect_queue(page, 0, 2, 4, 5, 1, 3)
    assert chosen(page, "#queue") == [1, 3]
    drag(page, 0, 2)
    expect_queue(page, 2, 0, 4, 5, 1, 3)
    assert page.evaluate("String(getSelection())") == ""


def drag(page: Page, dragged: int, to: int) -> None:
    """By its handle, to below row `to`."""
    handle = page.locator("#queue .row").filter(has_text=f"title{dragged:06}").locator(".start")
    box = page.locator("#queue .row").filter(has_text=f"title{to:06}").bounding_box()
    assert box is not None
    handle.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 2)
    page.mouse.up()
