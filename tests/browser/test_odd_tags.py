"""What tags may hold, in Chromium: markup, endless titles, any script, nothing, no picture."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.browser.odd_library import ARABIC, ENDLESS, FAMILY, MARKUP
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture(scope="module", autouse=True)
def untouched(odd: ServedMus) -> None:
    """The player as it is before anything was played; other modules share its server."""
    forget_players(odd)


@pytest.fixture(params=[1280, 320])
def tab(request: pytest.FixtureRequest, browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, odd, request.param, "light", is_touched=request.param == 320)
    log_in(tab)
    yield tab
    tab.page.context.close()
    # That a cover is no picture is told at the console, by the browser itself.
    assert [each for each in tab.complaints if "status of 404" not in each] == []


@pytest.mark.parametrize("place", ["/tracks", "/albums", "/artists", "/tracks?q=%3Cimg"])
def test_markup_in_tags_is_text(tab: Watched, place: str) -> None:
    page = tab.page
    page.goto(place)
    expect(page.locator("main").get_by_text(MARKUP, exact=True).first).to_be_attached()
    assert page.locator("main img[src=x], main script").count() == 0
    assert page.title() in {"Tracks · mus", "Albums · mus", "Artists · mus"}
    assert tab.overflow() == 0


def test_markup_stays_text_in_menus_the_bar_and_the_queue(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?q=onerror")
    row = page.locator("main .rows .row").first
    expect(row).to_contain_text(MARKUP)
    row.locator(".title").click(button="right")
    expect(page.get_by_role("menuitem", name=f"More {MARKUP}")).to_be_visible()
    page.get_by_role("menuitem", name="Add to the queue").click()
    expect(page.locator("#player [data-part=title]")).to_have_text(MARKUP)
    page.get_by_role("button", name="Queue").locator("visible=true").first.click()
    expect(page.locator("#queue .row .title").first).to_contain_text(MARKUP)
    assert page.locator("img[src=x]").count() == 0
    page.goto(str(page.locator("#player [data-part=title]").get_attribute("href")))
    expect(page.get_by_role("heading", level=1)).to_have_text(MARKUP)
    expect(page).to_have_title(f"{MARKUP} · mus")
    assert page.locator("img[src=x]").count() == 0
    assert tab.overflow() == 0


def test_endless_texts_are_cut_and_move_nothing(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?q=WWWW")
    row = page.locator("main .rows .row").first
    expect(row).to_contain_text(ENDLESS)
    box = row.bounding_box()
    assert box is not None
    assert box["height"] in (52, 56)
    row.locator(".title").click(button="right")
    page.get_by_role("menuitem", name="Add to the queue").click()
    assert tab.overflow() == 0
    row.locator(".title").click(button="right")
    page.get_by_role("menuitem", name="Go to the album").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("word word")
    assert tab.overflow() == 0
    page.goto("/albums")
    expect(page.get_by_text("word word").first).to_be_visible()
    assert tab.overflow() == 0


def test_texts_are_laid_out_by_their_own_direction(tab: Watched) -> None:
    page = tab.page
    for title, direction in ((ARABIC, "rtl"), (FAMILY, "ltr")):
        text = page.locator("main .title .text:not(.under)").filter(has_text=title)
        expect(text).to_be_visible()
        assert text.evaluate("(each) => getComputedStyle(each).direction") == direction
        left = text.evaluate("(each) => each.getBoundingClientRect().left")
        assert left == page.locator("main .rows .cell.title").first.evaluate(
            "(each) => each.getBoundingClientRect().left"
        )


def test_a_track_without_tags_is_named_after_its_file(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?q=untagged")
    row = page.locator("main .rows .row").first
    expect(row).to_contain_text("untagged")
    expect(row).to_contain_text("Unknown Artist")
    row.locator(".title").click(button="right")
    expect(page.get_by_role("menuitem", name="Play next")).to_be_visible()
    assert "null" not in row.inner_text()
    assert "undefined" not in row.inner_text()


def test_what_is_no_picture_is_a_tile_with_a_letter(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums")
    fake = page.get_by_role("listitem").filter(has_text="Fake")
    true = page.get_by_role("listitem").filter(has_text="True")
    expect(true.locator(".cover.is-loaded img")).to_be_visible()
    expect(fake.locator(".cover")).to_have_attribute("data-letter", "F")
    expect(fake.locator("img")).to_be_hidden()


def test_a_sentence_about_a_title_from_the_right_keeps_its_own_direction(tab: Watched) -> None:
    page = tab.page
    page.goto(f"/tracks?q={ARABIC}")
    page.locator("main .rows .row .title").first.click(button="right")
    page.get_by_role("menuitem", name="Play next").click()
    said = page.locator(".toast p").filter(has_text=ARABIC)
    expect(said).to_have_css("direction", "ltr")
