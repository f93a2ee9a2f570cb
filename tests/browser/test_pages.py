"""Each page in Chromium, wide and on a phone, dark and light: it fits, and nothing complains."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accounts import PASSWORD
from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

WIDE, PHONE = 1280, 390
PAGES = [
    *("/", "/tracks?q=davis&sort=-added", "/tracks?q=nothing+of+this"),
    *("/albums", "/artists", "/scans"),
]
ADMIN_PAGES = [
    "/admin/",
    "/admin/library/track/",
    "/admin/library/track/?file=missing",
    "/admin/library/track/1/change/",
    "/admin/library/track/purge/",
    "/admin/library/album/",
    "/admin/library/artist/",
    "/admin/library/scan/",
    "/admin/library/scan/1/change/",
    "/admin/library/scanfailure/",
    "/admin/library/scanfailure/1/change/",
    "/admin/listening/playerstate/",
    "/admin/auth/user/add/",
]

# What is hit in its middle, and lower than `least` pixels.
TOO_LOW = """(least) => [...document.querySelectorAll('a[href], button, input, select, summary')]
  .filter(each => {
    const box = each.getBoundingClientRect();
    const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return box.height < least && each.contains(hit) && !each.matches('.skip-link, .cell a');
  }).map(each => each.outerHTML)"""


@pytest.fixture(params=[(WIDE, "dark"), (WIDE, "light"), (PHONE, "dark"), (PHONE, "light")])
def tab(request: pytest.FixtureRequest, browser: Browser, filled: ServedMus) -> Iterator[Watched]:
    """A tab in which the administrator is logged in."""
    width, scheme = request.param
    watched = watch(browser, filled, width, scheme)
    log_in(watched)
    yield watched
    watched.page.context.close()


def look_at(tab: Watched, urls: list[str], folder: Path) -> None:
    for number, url in enumerate(urls):
        tab.page.goto(url)
        tab.page.screenshot(path=folder / f"{number}.png")
        assert tab.overflow() == 0, url
    assert tab.complaints == []


def test_pages_fit_the_window_and_nothing_complains(tab: Watched, tmp_path: Path) -> None:
    look_at(tab, PAGES, tmp_path)


def test_the_administration_works_under_the_content_policy(tab: Watched, tmp_path: Path) -> None:
    look_at(tab, ADMIN_PAGES, tmp_path)


@pytest.mark.parametrize("url", ["/nowhere/", "/albums/12/nothing"])
def test_error_pages_fit_and_lead_back(tab: Watched, url: str, tmp_path: Path) -> None:
    tab.page.goto(url)
    tab.page.screenshot(path=tmp_path / "error.png")
    assert tab.overflow() == 0
    tab.page.get_by_role("link", name="Go to the player").click()
    expect(tab.page.get_by_role("heading", name="Home")).to_be_visible()
    assert [each for each in tab.complaints if "the server responded with" not in each] == []


def test_what_can_be_touched_is_large_enough(tab: Watched) -> None:
    """44 pixels for a finger, 24 for a mouse (WCAG 2.2, success criterion 2.5.8)."""
    width = tab.page.viewport_size
    least = 44 if width and width["width"] == PHONE else 24
    for url in PAGES:
        tab.page.goto(url)
        expect(tab.page.locator("main :is(h1, h2)").first).to_be_visible()
        if url == "/scans":
            expect(tab.page.get_by_role("heading", name="The latest scans")).to_be_visible()
        assert tab.page.evaluate(TOO_LOW, least) == [], url


def test_the_first_thing_the_tab_key_reaches_leads_past_the_bar(
    browser: Browser, filled: ServedMus
) -> None:
    tab = watch(browser, filled, WIDE, "light")
    log_in(tab)
    tab.page.keyboard.press("Tab")
    skip = tab.page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator("main")).to_be_focused()
    tab.page.context.close()


def test_the_first_run_from_the_link_to_an_empty_library(
    browser: Browser, empty: ServedMus, tmp_path: Path
) -> None:
    tab = watch(browser, empty, PHONE, "dark")
    tab.page.goto("/")
    expect(tab.page.get_by_text("in the terminal where the server was started")).to_be_visible()
    tab.page.screenshot(path=tmp_path / "nobody.png")
    tab.page.goto(empty.setup_link())
    tab.page.screenshot(path=tmp_path / "setup.png")
    tab.page.get_by_label("Username").fill("ada")
    tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.page.get_by_label("Password again").fill(PASSWORD)
    tab.page.get_by_role("button", name="Create the administrator").click()
    expect(tab.page.get_by_role("heading", name="No tracks yet")).to_be_visible()
    tab.page.screenshot(path=tmp_path / "empty.png")
    tab.page.get_by_role("button", name="Account and more").click()
    tab.page.get_by_role("menuitem", name="Log out").click()
    expect(tab.page.get_by_role("heading", name="Log in")).to_be_visible()
    assert tab.overflow() == 0
    assert tab.complaints == []
    tab.page.context.close()


def test_missing_tracks_are_purged_in_the_administration(
    browser: Browser, empty: ServedMus
) -> None:
    empty.python(
        "from django.contrib.auth.models import User\n"
        "from tests.web.library_rows import make_tracks\n"
        f"User.objects.create_superuser('ada', password='{PASSWORD}')\n"
        "make_tracks(3, missing=True); make_tracks(2)"
    )
    tab = watch(browser, empty, WIDE, "light")
    log_in(tab)
    page = tab.page
    page.goto("/admin/library/track/")
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Action:").select_option("purge_selected")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("3 missing tracks")).to_be_visible()
    expect(page.get_by_text("2 of the selected tracks are present and stay.")).to_be_visible()
    page.get_by_role("button", name="Purge 3 tracks").click()
    expect(page.get_by_text("Purged 3 missing tracks")).to_be_visible()
    assert tab.complaints == []
    page.context.close()
