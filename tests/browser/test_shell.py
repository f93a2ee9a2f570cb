"""The service worker in Chromium: the page opens while the server is away; music is never kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accounts import USERS
from tests.browser.conftest import Watched, log_in, watch
from tests.browser.odd_library import serve_odd_library
from tests.conftest import installed
from tests.library.runner.house import wait_until
from tests.services import PostgresqlServer
from tests.web.served import ServedMus, environment, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

KEPT = """async () => {
  const shell = await caches.open("mus-shell");
  return (await shell.keys()).map((request) => new URL(request.url).pathname);
}"""


@pytest.fixture
def server(browser: Browser, odd_library: Path, tmp_path: Path) -> Iterator[ServedMus]:
    with serve_odd_library(tmp_path, odd_library) as server:
        yield server


@pytest.fixture
def tab(browser: Browser, server: ServedMus) -> Iterator[Watched]:
    tab = logged_in(browser, server)
    yield tab
    tab.page.context.close()


def logged_in(browser: Browser, server: ServedMus) -> Watched:
    """A tab whose service worker has kept what it keeps."""
    tab = watch(browser, server, 390, "dark", has_worker=True)
    log_in(tab)
    wait_until(lambda: any("version" in each for each in kept(tab.page)), seconds=20, pause_s=0.1)
    return tab


def kept(page: Page) -> list[str]:
    return [str(each) for each in page.evaluate(KEPT)]


def test_the_page_opens_while_the_server_is_away_and_says_so(
    tab: Watched, server: ServedMus
) -> None:
    page = tab.page
    server.end()
    page.goto("/albums")
    expect(page.get_by_role("heading", name="The albums could not be loaded")).to_be_visible()
    expect(page.get_by_text("The server does not answer. Loaded music plays on")).to_be_visible()
    page.get_by_role("link", name="Artists").locator("visible=true").click()
    expect(page.get_by_role("heading", name="The artists could not be loaded")).to_be_visible()


def test_the_page_opens_while_the_database_is_away(browser: Browser, tmp_path: Path) -> None:
    with installed(PostgresqlServer) as postgresql:
        variables = {"DATABASE_URL": postgresql.create("mus")}
        manage({**environment(tmp_path, 1), **variables}, "migrate", "--verbosity", "0")
        with serve(tmp_path, None, "--no-scan", **variables) as server:
            server.python(USERS)
            page = logged_in(browser, server).page
            postgresql.stop()
            page.goto("/albums")
            missing = page.get_by_role("heading", name="The albums could not be loaded")
            expect(missing).to_be_visible()
            page.context.close()


def test_neither_the_api_nor_streams_are_kept_and_logging_out_forgets_the_page(
    tab: Watched,
) -> None:
    page = tab.page
    page.goto("/tracks?q=True")
    page.locator("main .rows .row:not([hidden], .is-loading)").first.dblclick()
    expect(page.locator("#player [data-part=title]")).to_have_text("True")
    paths = kept(page)
    assert "/" in paths
    assert {each.split("/")[1] for each in paths} == {"", "static", "service-worker-version"}
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    paths = kept(page)
    assert "/" not in paths
    assert any(each.startswith("/static/") for each in paths)
