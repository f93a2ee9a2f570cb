"""What a screen reader meets on Home, on an album and in the queue is what
docs/screen-readers.md says, in that order."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.sound.listening import Listener

pytestmark = [pytest.mark.browser, pytest.mark.server]

PAGE = Path(__file__).parents[3] / "docs" / "screen-readers.md"
BLOCK = re.compile(r"^## (.+?)\n.*?^```yaml\n(.+?)^```", re.MULTILINE | re.DOTALL)
ORDERS = dict(BLOCK.findall(PAGE.read_text()))


def meets(part: Locator, name: str) -> None:
    expect(part).to_match_aria_snapshot(ORDERS[name])


def test_home_an_album_and_the_queue(tab: Listener) -> None:
    page = tab.page
    body = page.locator("body")
    page.goto("/")
    expect(page.get_by_role("region", name="Recently added")).to_be_visible()
    meets(body, "Home")
    tab.open()
    meets(body, "An album")
    tab.row("Two").dblclick()
    tab.hears("Two")
    tab.button("Pause").click()
    tab.open_queue()
    meets(page.locator("#queue"), "The queue")
    rows = page.locator("#queue [role=grid]")
    expect(rows).to_have_attribute("aria-rowcount", "5")
    expect(rows.get_by_role("row").first).to_have_attribute("aria-rowindex", "1")
    expect(page.locator("#toasts")).to_have_attribute("aria-live", "polite")
