"""The search in everything, in Chromium: what is shown, while typing, by keys, on a phone."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.conftest import Watched, extended_database, forget_players, log_in, watch
from tests.browser.search_library import SONGS
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

FILL = "from tests.browser.search_library import fill_search_library; fill_search_library()"
KEY_PAUSE_MS = 20


@pytest.fixture(scope="module")
def searchable(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    place = extended_database(tmp_path_factory, "searchable", peopled, FILL)
    with serve(tmp_path_factory.mktemp("searchable"), place, "--no-scan") as server:
        yield server


@pytest.fixture(params=[1280, 390])
def tab(
    request: pytest.FixtureRequest, browser: Browser, searchable: ServedMus
) -> Iterator[Watched]:
    tab = watch(browser, searchable, request.param, "dark", is_touched=request.param == 390)
    log_in(tab)
    forget_players(searchable)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


@pytest.fixture
def wide(browser: Browser, searchable: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, searchable, 1280, "light")
    log_in(tab)
    forget_players(searchable)
    tab.page.goto("/search")
    expect(tab.page.get_by_role("searchbox")).to_be_focused()
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def section(page: Page, title: str) -> Locator:
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.locator(".search-section").filter(has=heading)
