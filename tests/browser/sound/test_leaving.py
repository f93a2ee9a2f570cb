"""Pages that are not part of the player are opened while it plays, and while it does not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sound.listening import Listener

pytestmark = [pytest.mark.browser, pytest.mark.server]

ACCOUNT = "Account of ada"


@pytest.fixture
def tab(open_tab: Callable[[], Listener]) -> Listener:
    return open_tab()


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def test_music_plays_on_while_the_account_opens_in_a_tab_of_its_own(tab: Listener) -> None:
    tab.play("Two")
    with tab.page.expect_popup() as opened:
        choose(tab.page, "Account (new tab)")
    expect(opened.value.get_by_role("heading", name=ACCOUNT)).to_be_visible()
    tab.sound_goes_on()
    with tab.page.expect_popup() as opened:
        choose(tab.page, "Administration (new tab)")
    expect(opened.value).to_have_url(f"{tab.shelf.server.url}/admin/")
    tab.sound_goes_on()


def test_music_plays_on_while_a_scan_is_looked_at(tab: Listener) -> None:
    tab.play("Two")
    tab.page.get_by_role("link", name="Scans").click()
    row = tab.page.get_by_role("grid", name="The latest scans").locator("tbody tr").first
    with tab.page.expect_popup() as opened:
        row.get_by_role("link").click()
    expect(opened.value.get_by_role("heading", name="scan").first).to_be_visible()
    with tab.page.expect_popup():
        row.dblclick(position={"x": 200, "y": 10})
    tab.sound_goes_on()


def test_without_music_the_account_opens_in_the_same_tab(tab: Listener) -> None:
    tab.play("Two")
    tab.button("Pause").click()
    tab.is_silent()
    choose(tab.page, "Account")
    expect(tab.page.get_by_role("heading", name=ACCOUNT)).to_be_visible()
