"""What is done on a page before its picture is taken."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

LISTED = "main :is(.row:not(.heading-row), .tile, .artist-row):not([hidden], .is-loading)"


def follow(name: str) -> Callable[[Page], None]:
    """Open what has a link of this name, and wait for its page."""

    def open_it(page: Page) -> None:
        page.locator("main").get_by_role("link", name=name).first.click()
        page.wait_for_function("/\\/[0-9]+$/.test(location.pathname)")
        expect(page.locator("main h1").first).to_be_visible()
        expect(page.locator("main .is-loading").locator("visible=true")).to_have_count(0)

    return open_it


def follow_and_end(name: str) -> Callable[[Page], None]:
    def open_and_scroll(page: Page) -> None:
        follow(name)(page)
        scroll_down(page)

    return open_and_scroll


def scroll_down(page: Page) -> None:
    page.wait_for_timeout(300)
    page.locator("main").evaluate("(main) => main.scrollTo(0, main.scrollHeight)")
    page.wait_for_timeout(500)


def hover_tile(page: Page) -> None:
    page.locator(LISTED).nth(1).hover()


def hover_home(page: Page) -> None:
    page.locator(".home-shelf").nth(1).locator(".tile").nth(1).hover()


def search_tips(page: Page) -> None:
    page.get_by_role("searchbox").focus()


def _set_lists(page: Page, values: str) -> None:
    name = "Object.keys(localStorage).find((key) => key.includes('mus-lists')) ?? 'mus-lists ada'"
    page.evaluate(f"localStorage.setItem({name}, JSON.stringify({values}))")
    page.reload()
    expect(page.locator(LISTED).nth(3)).to_be_visible()


def be_compact(page: Page) -> None:
    _set_lists(page, "{ isCompact: true, columns: ['album', 'year', 'added', 'rating'] }")


def have_columns(page: Page) -> None:
    columns = "['album', 'genre', 'composer', 'year', 'plays', 'bitrate', 'path', 'rating']"
    _set_lists(page, f"{{ isCompact: false, columns: {columns} }}")


def choose_columns(page: Page) -> None:
    page.get_by_role("button", name="Columns and density").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def _rows_menu(page: Page) -> None:
    page.locator(LISTED).nth(2).get_by_role("button", name="More").click()
    expect(page.get_by_role("menu")).to_be_visible()


def open_row_menu(page: Page) -> None:
    _rows_menu(page)


def open_details(page: Page) -> None:
    _rows_menu(page)
    page.get_by_role("menuitem", name="Details").click()
    expect(page.get_by_role("dialog").locator("dd").first).to_be_visible()


def select_rows(page: Page) -> None:
    page.locator(LISTED).nth(1).click()
    page.locator(LISTED).nth(4).click(modifiers=["Shift"])


def select_tiles(page: Page) -> None:
    for at in (0, 1, 3):
        page.locator(LISTED).nth(at).locator("a").first.click(modifiers=["Control"])
    expect(page.locator(".selection-bar")).to_be_visible()


def select_tiles_and_add(page: Page) -> None:
    select_tiles(page)
    page.locator(".selection-bar").get_by_role("button", name="Add to the queue").click()
    expect(page.locator(".toast").first).to_be_visible()


def open_tile_menu(page: Page) -> None:
    page.locator(LISTED).nth(1).click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()


def deep_folder(page: Page) -> None:
    for name in ("Otis Marlowe", "Porch Light"):
        page.locator("main").get_by_role("link", name=name).first.click()
        expect(page.get_by_role("heading", name=name)).to_be_visible()


def edit_smart(page: Page) -> None:
    follow("Since 2010")(page)
    page.get_by_role("button", name="Rules").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def add_to_playlist(page: Page) -> None:
    _rows_menu(page)
    page.get_by_role("menuitem", name="Add to a playlist").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def open_queue(page: Page) -> None:
    page.get_by_role("button", name="Queue", exact=True).locator("visible=true").first.click()
    expect(page.locator("#queue .row").nth(5)).to_be_visible()


def open_empty_queue(page: Page) -> None:
    page.get_by_role("button", name="Queue", exact=True).locator("visible=true").first.click()
    expect(page.locator("#queue")).to_be_visible()


def open_player(page: Page) -> None:
    small = page.get_by_role("button", name="Open the player")
    wide = page.locator("[data-part=open]")
    small.or_(wide).locator("visible=true").first.click()
    expect(page.get_by_role("button", name="Close the player")).to_be_visible()
    page.wait_for_timeout(500)


def open_lyrics(page: Page) -> None:
    open_player(page)
    words = page.locator("[data-part=words]")
    if words.get_attribute("aria-pressed") != "true":
        words.click()
    expect(page.locator(".lyric").first).to_be_visible()
    page.wait_for_timeout(500)


def press_in_head(page: Page, name: str) -> None:
    """A button of an album's page; a phone has a menu instead."""
    more = page.locator(".album-head").get_by_role("button", name="More for")
    expect(page.locator(".album-head")).to_be_visible()
    if more.is_visible():
        more.click()
        page.get_by_role("menuitem", name=name).click()
    else:
        page.get_by_role("button", name=name).first.click()


def ask_to_keep(page: Page) -> None:
    follow("Azulejo")(page)
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    press_in_head(page, "Keep offline")
    expect(page.get_by_role("dialog")).to_contain_text("storage")


def share_album(page: Page) -> None:
    follow("Azulejo")(page)
    press_in_head(page, "Share")
    expect(page.get_by_role("dialog")).to_be_visible()


def open_share(page: Page) -> None:
    page.goto(
        page.evaluate(
            "fetch('/api/v1/shares').then((a) => a.json()).then((b) => b.results.at(-1).url)"
        )
    )
    expect(page.locator(".track").first).to_be_visible()


def show_joins(page: Page) -> None:
    page.locator(".scan-joins h2").evaluate("(heading) => heading.scrollIntoView()")


def open_account_menu(page: Page) -> None:
    page.get_by_role("button", name="Account and more").click()
    expect(page.get_by_role("menu")).to_be_visible()


def open_library_menu(page: Page) -> None:
    page.get_by_role("button", name="Library").locator("visible=true").first.click()
    expect(page.get_by_role("menu")).to_be_visible()


def show_shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()


def make_key(page: Page) -> None:
    page.get_by_label("What is the key for?").fill("The tablet in the kitchen")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_text("it is not shown again")).to_be_visible()
    page.locator("#new-key").evaluate("(key) => key.textContent = 'mus-' + 'k'.repeat(43)")


def play_odd(page: Page) -> None:
    page.locator(LISTED).nth(6).dblclick()
    open_empty_queue(page)
    expect(page.locator("#queue .row").nth(5)).to_be_visible()


def play_odd_large(page: Page) -> None:
    page.locator(LISTED).nth(6).dblclick()
    open_player(page)
