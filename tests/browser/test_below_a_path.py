"""The pages below a path of a host, in Chromium, behind nginx and behind Caddy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.accounts import PASSWORD
from tests.browser.below_a_path import (
    BY_NAME,
    Site,
    log_in,
    open_browser,
    open_tab,
    path_of,
    row,
    site_behind_a_proxy_that_removes,
    site_of,
)
from tests.browser.conftest import Watched, launch
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

NAMES_BELOW = "/music/:"
DJANGOS_OWN = {"theme"}
"""What Django's admin stores: its colours."""
COVERS = "[...document.querySelectorAll('#player .cover img')]"
KEPT = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const keys = await (await caches.open(name)).keys();
    found[name] = keys.map((request) => new URL(request.url).pathname);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def by_name(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright, *BY_NAME)
    yield browser
    browser.close()


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def site(
    request: pytest.FixtureRequest,
    by_name: Browser,
    live_library: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    with site_of(request.param, tmp_path_factory.mktemp("site"), live_library) as site:
        yield site


@pytest.fixture
def context(by_name: Browser, site: Site) -> Iterator[BrowserContext]:
    context = open_browser(by_name, site)
    yield context
    context.close()


@pytest.fixture
def tab(context: BrowserContext, site: Site) -> Iterator[Watched]:
    """A tab in which `ada` listens; no request and no name of what is stored may leave the path,
    and nothing may complain."""
    asked_before = site.asked_at_root()
    tab = open_tab(context, site)
    log_in(tab.page, "/music/tracks")
    yield tab
    assert tab.complaints == []
    assert site.asked_at_root() == asked_before
    assert [name for name in stored(tab.page) if not name.startswith(NAMES_BELOW)] == []


def stored(page: Page) -> set[str]:
    """The names of what mus stores."""
    names: list[str] = page.evaluate("Object.keys(localStorage)")
    return {*names} - DJANGOS_OWN


def kept(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(KEPT)
    return found


def wait_until_kept(page: Page, name: str) -> None:
    """Until the service worker has all that it keeps."""
    wait_until(
        lambda: any("version" in each for each in kept(page).get(name, [])),
        seconds=30,
        pause_s=0.1,
    )


def test_after_the_login_one_is_where_one_wanted_to_go(context: BrowserContext, site: Site) -> None:
    tab = open_tab(context, site)
    log_in(tab.page, "/music/albums?sort=title")
    assert path_of(tab.page) == "/music/albums"
    expect(tab.page.get_by_role("heading", level=1)).to_have_text("Albums")
    assert tab.complaints == []


def test_places_are_below_the_path_and_open_again_when_reloaded(tab: Watched) -> None:
    page = tab.page
    assert path_of(page) == "/music/tracks"
    for name, path in (("Albums", "/music/albums"), ("Artists", "/music/artists")):
        page.get_by_role("link", name=name, exact=True).locator("visible=true").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert path_of(page) == path
    page.go_back()
    page.get_by_role("link", name="Tones").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tones")
    album = path_of(page)
    assert album.startswith("/music/albums/")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tones")
    expect(row(page, "Tone below")).to_be_visible()
    assert path_of(page) == album
    page.goto("/music/tracks?q=Tone")
    expect(row(page, "Tone below")).to_be_visible()


def test_a_track_sounds_and_its_cover_is_shown_here_and_to_the_system(
    tab: Watched, site: Site
) -> None:
    page = tab.page
    row(page, "Tone below").dblclick()
    page.wait_for_function("() => heard()?.currentTime > 0.3")
    page.wait_for_function(f"() => {COVERS}.some((each) => each.naturalWidth > 0)")
    below = f"{site.front.origin}/music/api/v1/tracks/"
    assert page.evaluate("heard().src").startswith(below)
    artwork = page.evaluate("navigator.mediaSession.metadata.artwork.map((each) => each.src)")
    assert artwork
    assert all(each.startswith(below) for each in artwork)
    page.reload()
    expect(page.locator("#player [data-part=title]")).to_have_text("Tone below")


def test_a_scan_is_heard_and_its_tracks_appear(tab: Watched, site: Site) -> None:
    site.below.wait_for_streams(1)
    title = f"heard by {site.front.kind}"
    site.below.add(title, artist="A")
    site.below.scan()
    expect(tab.page.locator(".toast.success")).to_contain_text("1 track added")
    expect(row(tab.page, title)).to_be_visible()


def test_the_admin_and_the_page_of_the_password_have_their_styles(tab: Watched) -> None:
    page = tab.page
    for path, heading in (
        ("/music/admin/", "Administration"),
        ("/music/admin/library/scan/", "Scans"),
        ("/music/password/", "Change your password"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert page.evaluate("document.styleSheets.length") > 0
    page.goto("/music/admin/")
    page.get_by_role("link", name="View site").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    assert path_of(page) == "/music/"


def test_the_page_opens_while_the_server_is_away(tab: Watched, context: BrowserContext) -> None:
    page = tab.page
    wait_until_kept(page, "/music/:mus-shell")
    scope = page.evaluate("navigator.serviceWorker.ready.then(({ scope }) => scope)")
    assert scope.endswith("/music/")
    context.set_offline(True)
    page.goto("/music/albums/7")
    expect(page.locator("#offline")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    tab.complaints.clear()  # of the time without a server


def test_a_login_that_is_over_is_asked_for_again_in_place(
    tab: Watched, context: BrowserContext
) -> None:
    page = tab.page
    context.clear_cookies(name="sessionid|music")
    # By a script: the dialog may be open already, since the page asks by itself, too.
    page.locator(".rail [data-place=artists]").evaluate("(link) => link.click()")
    dialog = page.get_by_role("dialog", name="Your login has run out")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("main .count")).to_have_text("2 artists")
    tab.complaints.clear()  # the browser tells of each 401


def test_logging_out_leads_to_the_login_below_the_path(tab: Watched) -> None:
    page = tab.page
    wait_until_kept(page, "/music/:mus-shell")
    assert "/music/" in kept(page)["/music/:mus-shell"]
    log_out(page)
    assert path_of(page) == "/music/login/"
    assert "/music/" not in kept(page)["/music/:mus-shell"]


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_two_mus_on_one_host_do_not_disturb_each_other(context: BrowserContext, site: Site) -> None:
    at_root, below = open_tab(context, site), open_tab(context, site)
    log_in(at_root.page, "/tracks")
    wait_until_kept(at_root.page, "mus-shell")
    log_in(below.page, "/music/tracks")
    wait_until_kept(below.page, "/music/:mus-shell")
    row(at_root.page, "Tone").dblclick()
    at_root.page.wait_for_function("() => heard()?.currentTime > 0.3")
    row(below.page, "Tone below").dblclick()
    below.page.wait_for_function("() => heard()?.currentTime > 0.3")
    at_root.page.wait_for_function("() => heard()")  # the other tab did not take over
    assert row(at_root.page, "Tone below").count() == 0
    for tab, title in ((at_root, "Tone"), (below, "Tone below")):
        tab.page.reload()
        expect(tab.page.locator("#player [data-part=title]")).to_have_text(title)
    own = {f"mus-{what}-ada" for what in ("queue", "state", "rows", "synced", "device")}
    assert own | {f"{NAMES_BELOW}{name}" for name in own} <= stored(below.page)
    log_out(at_root.page)
    below.page.reload()
    expect(below.page.locator("#player [data-part=title]")).to_have_text("Tone below")
    found = kept(below.page)
    assert "/music/" in found["/music/:mus-shell"]
    assert "/" not in found["mus-shell"]
    # What the page at the root asked for just before the end of its login may be answered 401.
    others = [each for each in at_root.complaints if "status of 401" not in each]
    assert (others, below.complaints) == ([], [])


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_a_proxy_may_remove_the_path(
    kind: str, by_name: Browser, live_library: Path, tmp_path: Path
) -> None:
    with site_behind_a_proxy_that_removes(kind, tmp_path, live_library) as site:
        context = open_browser(by_name, site)
        tab = open_tab(context, site)
        page = tab.page
        log_in(page, "/music/tracks")
        wait_until_kept(page, "/music/:mus-shell")
        row(page, "Tone").dblclick()
        page.wait_for_function("() => heard()?.currentTime > 0.3")
        page.goto("/music/artists")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Artists")
        page.goto("/music")
        expect(page.get_by_role("heading", level=1)).to_have_text("Home")
        assert path_of(page) == "/music/"
        assert tab.complaints == []
        context.close()
