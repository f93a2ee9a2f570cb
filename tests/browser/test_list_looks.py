"""How lists look: density, columns and the strip of letters, with mouse, keys and touch."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import FILL_LONG, Watched, extended_database, log_in, watch
from tests.browser.other_keyboard import press
from tests.browser.test_axe import expect_no_violation
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

PHONE, WIDE = 390, 1440
NAMES = """
from library.models.catalogue import Artist, Track
for pk in Artist.objects.values_list("pk", flat=True):
    letter = "abcdefghijklmnopqrstuvwxyz"[pk * 26 // 5001]
    Artist.objects.filter(pk=pk).update(name=f"{letter}{pk}", sort_key=f"{letter}{pk:05}")
"""


@pytest.fixture(scope="module")
def lettered(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    """The long library, with artists of every first letter."""
    long = extended_database(tmp_path_factory, "long", peopled, FILL_LONG)
    place = extended_database(tmp_path_factory, "lettered", long, NAMES)
    with serve(tmp_path_factory.mktemp("lettered"), place, "--no-scan") as server:
        yield server


LOOKS = [(PHONE, "dark"), (WIDE, "light")]


@pytest.fixture(params=LOOKS)
def tab(browser: Browser, long: ServedMus, request: pytest.FixtureRequest) -> Iterator[Watched]:
    yield from opened(browser, long, *request.param)


@pytest.fixture(params=LOOKS)
def lettered_tab(
    browser: Browser, lettered: ServedMus, request: pytest.FixtureRequest
) -> Iterator[Watched]:
    yield from opened(browser, lettered, *request.param)


def opened(browser: Browser, server: ServedMus, width: int, scheme: str) -> Iterator[Watched]:
    tab = watch(browser, server, width, scheme, is_touched=width == PHONE, is_calm=True)
    log_in(tab)
    yield tab
    assert tab.overflow() == 0
    tab.page.context.close()
    assert tab.complaints == []


def is_phone(page: Page) -> bool:
    return page.viewport_size is not None and page.viewport_size["width"] == PHONE


def first_row(page: Page) -> Locator:
    """The first loaded row that is not above the edge of the list or below its headings."""
    return page.locator("main .rows .row:not([hidden], .is-loading)").first


def height(row: Locator) -> int:
    return int(row.evaluate("(row) => row.offsetHeight"))


def choose(page: Page, *labels: str) -> None:
    page.get_by_role("button", name="Columns and density").click()
    dialog = page.get_by_role("dialog", name="Columns and density")
    for label in labels:
        dialog.get_by_label(label, exact=True).click()
    expect_no_violation(page, "the choice of columns")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    page.wait_for_function("!history.state?.layers")


def test_density_and_columns_are_kept_for_the_user(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks")
    expect(first_row(page)).to_be_visible()
    assert height(first_row(page)) == (56 if is_phone(page) else 52)
    if is_phone(page):
        choose(page, "Compact")
    else:
        choose(page, "Compact", "Genre", "Bit rate", "Path", "Added")
    expect(first_row(page)).to_have_css("height", "44px" if is_phone(page) else "40px")
    page.reload()
    expect(first_row(page)).to_have_css("height", "44px" if is_phone(page) else "40px")
    headings = page.get_by_role("columnheader").locator("visible=true")
    if is_phone(page):
        expect(headings).to_have_count(0)
        return
    names = ["Cover", "Title", "Artist", "Album", "Genre", "Year", "Bit rate", "Path"]
    expect(headings).to_have_text([*names, "Rating", "", "Length"])
    expect(first_row(page).locator(".cell.genre")).to_have_text("Rock")
    expect(first_row(page).locator(".cell.path")).to_contain_text(".flac")
    expect_no_violation(page, "chosen columns")
    page.set_viewport_size({"width": 1100, "height": 844})
    expect(page.get_by_role("columnheader", name="Year")).to_be_hidden()
    expect(page.get_by_role("columnheader", name="Path")).to_be_visible()
    assert tab.overflow() == 0
    page.set_viewport_size({"width": WIDE, "height": 844})
    page.get_by_role("button", name="Columns and density").click()
    page.get_by_role("button", name="The usual columns").click()
    expect(page.get_by_role("columnheader", name="Genre")).to_be_hidden()


def test_letters_lead_into_the_list(lettered_tab: Watched) -> None:
    page = lettered_tab.page
    page.goto("/tracks")
    expect(first_row(page)).to_be_visible()
    expect(page.get_by_role("slider", name="Letter")).to_be_hidden()  # all begin with one letter
    page.goto("/artists")
    strip = page.get_by_role("slider", name="Letter")
    expect(strip).to_have_attribute("aria-valuetext", "A")
    expect(strip).to_have_attribute("aria-valuemax", "25")
    expect_no_violation(page, "a list with letters")
    box = strip.bounding_box()
    assert box is not None
    if is_phone(page):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    else:
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 10)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.up()
    expect(strip).to_have_attribute("aria-valuetext", "N")
    expect(shown(page, "n")).to_be_in_viewport()
    strip.focus()
    page.keyboard.press("ArrowDown")
    expect(shown(page, "o")).to_be_in_viewport()
    page.keyboard.press("z")
    expect(strip).to_have_attribute("aria-valuetext", "Z")
    expect(shown(page, "z")).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(shown(page, "a")).to_be_in_viewport()
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(page.locator(".artist-link:focus .text")).to_have_text(first_named(page, "x"))
    press_letters_that_begin_no_name(page, strip)
    # Scrolling by other means moves the mark.
    page.locator("main").evaluate("(main) => (main.scrollTop = main.scrollHeight)")
    expect(strip).to_have_attribute("aria-valuetext", "Z")
    page.goto("/albums")
    expect(page.locator("main .tile:not(.is-loading)").first).to_be_visible()
    expect(strip).to_be_hidden()


def press_letters_that_begin_no_name(page: Page, strip: Locator) -> None:
    """A letter with a mark is the letter without it. Others lead nowhere, and are no shortcuts."""
    strip.focus()
    press(page, "ñ", "Semicolon")
    expect(strip).to_have_attribute("aria-valuetext", "N")
    press(page, "ы", "KeyS")
    expect(page.locator("[data-part=shuffle]")).to_have_attribute("aria-pressed", "false")
    expect(strip).to_have_attribute("aria-valuetext", "N")


def first_named(page: Page, letter: str) -> str:
    ask = "async (path) => (await fetch(`/api/v1/artists${path}`)).json()"
    letters = {each["letter"]: each["offset"] for each in page.evaluate(ask, "/letters")["results"]}
    rows = page.evaluate(ask, f"?offset={letters[letter.upper()]}&limit=1")
    return str(rows["results"][0]["name"])


def shown(page: Page, letter: str) -> Locator:
    name = page.get_by_text(first_named(page, letter), exact=True)
    return page.locator("main .artist-row:not([hidden], .is-loading)").filter(has=name)
