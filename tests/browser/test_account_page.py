"""The page of the account in Chromium: where one is logged in, the colours, the ways to the other
pages; wide and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accounts import PASSWORD
from tests.browser.conftest import Watched, watch
from tests.browser.test_keys_page import COPIED, PHONE, WIDE, fits
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

DARK, LIGHT = "rgb(17, 17, 17)", "rgb(255, 255, 255)"
GROUND = "getComputedStyle(document.body).backgroundColor"


def log_in_anew(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill("guest")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("region", name="Player")).to_be_visible()


@pytest.fixture(params=[(WIDE, "dark"), (PHONE, "light")], ids=["wide", "phone"])
def tab(request: pytest.FixtureRequest, browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    width, scheme = request.param
    tab = watch(browser, odd, width, scheme, is_touched=width == PHONE, is_calm=True)
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    log_in_anew(tab.page)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


@pytest.fixture
def elsewhere(browser: Browser, odd: ServedMus) -> Iterator[Page]:
    """Another browser of the same user."""
    other = watch(browser, odd, WIDE, "dark")
    log_in_anew(other.page)
    yield other.page
    other.page.context.close()


def test_another_browser_is_logged_out_and_asks_for_the_password(
    tab: Watched, elsewhere: Page, odd: ServedMus, tmp_path: Path
) -> None:
    page = tab.page
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Account").click()
    logins = page.get_by_role("list", name="Where you are logged in").get_by_role("listitem")
    expect(logins.first).to_contain_text("This browser")
    expect(logins.nth(1)).to_contain_text("Chrome on Linux")
    fits(tab, tmp_path / "account.png", "an account")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate(COPIED) == odd.url
    logins.nth(1).get_by_role("button").click()
    expect(page.get_by_text("That browser is logged out.")).to_be_visible()
    elsewhere.get_by_role("link", name="Albums").first.click()
    expect(elsewhere.get_by_role("dialog").get_by_label("Password")).to_be_visible()
    others = page.get_by_role("button", name="Log out all other browsers")
    if others.count():  # those of other tests
        others.click()
    expect(logins).to_have_count(1)
    fits(tab, tmp_path / "alone.png", "an account with one login")
    page.get_by_role("link", name="Services and history").click()
    expect(page.get_by_role("heading", name="Scrobbling")).to_be_visible()


def test_the_colours_are_chosen_for_this_browser(tab: Watched, tmp_path: Path) -> None:
    page = tab.page
    is_dark = page.evaluate(GROUND) == DARK
    chosen, name = (LIGHT, "Light") if is_dark else (DARK, "Dark")
    page.goto("/account/")
    page.get_by_role("radio", name=name).check()
    page.get_by_role("button", name="Use these colours").click()
    expect(page.get_by_role("status").first).to_contain_text("in these colours")
    assert page.evaluate(GROUND) == chosen
    fits(tab, tmp_path / f"{name}.png", "an account in other colours")
    page.get_by_role("link", name="Go to the player").click()
    expect(page.get_by_role("region", name="Player")).to_be_visible()
    assert page.evaluate(GROUND) == chosen
    page.screenshot(path=tmp_path / f"player {name}.png")
    page.goto("/account/")
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    page.get_by_role("radio", name="As the system").check()
    page.get_by_role("button", name="Use these colours").click()
    assert page.evaluate(GROUND) == (DARK if is_dark else LIGHT)
