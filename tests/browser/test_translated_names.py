"""Browsers that translate pages leave the names of music as they are, and translate the rest."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import log_in, watch
from tests.browser.playlist_pages import api
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

NAME = re.compile("^(album|artist|title)[0-9]+$")
# The elements whose own text has a name of the library that would be translated.
TRANSLATED = """(names) => [...document.body.querySelectorAll("*")].filter((each) =>
  each.translate && each.closest("body") && !each.matches("script, style, option, .unseen") &&
  [...each.childNodes].some((node) => node.nodeType === 3 && names.includes(node.data.trim()))
).map((each) => each.outerHTML.slice(0, 200))"""


@pytest.fixture
def page(browser: Browser, listed: ServedMus) -> Iterator[Page]:
    tab = watch(browser, listed, 1280, "dark", is_calm=True)
    log_in(tab)
    yield tab.page
    tab.page.context.close()
    assert tab.complaints == []


def names(page: Page) -> list[str]:
    tracks = api(page, "GET", "tracks?limit=100")["results"]
    return [row[field] for row in tracks for field in ("title", "artist", "album")]


def test_names_are_not_translated(page: Page) -> None:
    known = names(page)
    found = api(page, "GET", "albums?limit=1")["results"][0]
    places = ["/", "/tracks", "/albums", "/artists", f"/albums/{found['id']}"]
    for place in [*places, "/search?q=album1"]:
        page.goto(place)
        expect(page.locator("main").get_by_text(NAME).first).to_be_attached()
        assert page.evaluate(TRANSLATED, known) == [], place
    page.goto("/albums")
    assert page.locator("main h1").evaluate("(heading) => heading.translate")
