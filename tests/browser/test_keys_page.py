"""The page of API keys in Chromium: made, copied, revoked; wide and on a phone; without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.browser.test_axe import expect_no_violation
from tests.browser.test_pages import TOO_LOW
from tests.databases import execute, place_in
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

WIDE, PHONE = 1280, 390
WINDOWS = [(WIDE, "dark"), (WIDE, "light"), (PHONE, "dark"), (PHONE, "light")]
LONG = "the kitchen's old tablet beside the window, with " + "w" * 50
COPIED = "() => navigator.clipboard.readText()"


@pytest.fixture(autouse=True)
def no_keys(odd: ServedMus) -> Iterator[None]:
    yield
    execute(place_in(Path(odd.variables["DATA_DIR"])), "DELETE FROM accounts_apikey")


def opened_by_guest(
    browser: Browser, server: ServedMus, width: int, scheme: str
) -> Iterator[Watched]:
    """A tab whose clipboard may be read."""
    tab = watch(browser, server, width, scheme, is_touched=width == PHONE, is_calm=True)
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    log_in(tab, "guest")
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


@pytest.fixture(params=WINDOWS)
def tab(request: pytest.FixtureRequest, browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    yield from opened_by_guest(browser, odd, *request.param)


def make(page: Page, name: str, last_day: str = "") -> str:
    """The key."""
    page.get_by_label("What is the key for?").fill(name)
    page.get_by_label("Last day (optional)").fill(last_day)
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_text("it is not shown again")).to_be_visible()
    return page.locator("#new-key").inner_text()


def ask(server: ServedMus, key: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.get(f"{server.url}/api/v1/keys", headers=headers)


def fits(tab: Watched, picture: Path, state: str) -> None:
    tab.page.screenshot(path=picture, full_page=True)
    assert tab.overflow() == 0
    assert tab.page.evaluate(TOO_LOW, 44) == []
    expect_no_violation(tab.page, state)


def test_a_key_is_made_copied_used_and_revoked(
    tab: Watched, odd: ServedMus, tmp_path: Path
) -> None:
    page = tab.page
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Account").click()
    page.get_by_role("link", name="API keys").click()
    expect(page.get_by_text("You have no keys yet.")).to_be_visible()
    fits(tab, tmp_path / "empty.png", "no keys")
    make(page, LONG, "2099-12-31")
    key = make(page, "phone")
    assert re.fullmatch("mus-[A-Za-z0-9_-]{43}", key)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate(COPIED) == key
    fits(tab, tmp_path / "made.png", "a new key")
    assert ask(odd, key).json()["count"] == 2
    page.reload()  # sends the form again
    expect(page.get_by_text("was made already")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_role("listitem").first).to_contain_text("Last used")
    fits(tab, tmp_path / "list.png", "two keys")
    page.get_by_role("link", name="Revoke phone").click()
    fits(tab, tmp_path / "revoke.png", "a question")
    page.get_by_role("link", name="Keep it").click()
    expect(page.get_by_role("listitem")).to_have_count(2)
    page.get_by_role("link", name="Revoke phone").click()
    page.get_by_role("button", name="Revoke the key").click()
    expect(page.get_by_text("has been revoked")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(1)
    assert ask(odd, key).status_code == 401


def test_the_menu_of_the_account_leads_to_pages_that_are_not_the_players(tab: Watched) -> None:
    page = tab.page
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Account").click()
    page.get_by_role("link", name="Change the password").click()
    expect(page.get_by_role("heading", name="Change your password")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Account of guest")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("region", name="Player")).to_be_visible()
    expect(page.get_by_role("menuitem")).to_have_count(0)


def test_all_keys_are_revoked_from_the_page_of_the_password(tab: Watched, tmp_path: Path) -> None:
    page = tab.page
    page.goto("/keys/")
    for name in ("phone", "tablet"):
        make(page, name)
    page.goto("/password/")
    expect(page.get_by_text("will go on working")).to_be_visible()
    fits(tab, tmp_path / "password.png", "the password")
    page.goto("/password/changed/")
    fits(tab, tmp_path / "changed.png", "the password that was changed")
    page.get_by_role("link", name="Revoke all keys").click()
    page.get_by_role("button", name="Revoke all keys").click()
    expect(page.get_by_text("You have no keys yet.")).to_be_visible()


def test_it_works_without_scripts(browser: Browser, odd: ServedMus) -> None:
    tab = watch(browser, odd, PHONE, "dark")
    log_in(tab, "guest")
    context = browser.new_context(java_script_enabled=False, base_url=odd.url)
    context.add_cookies(tab.page.context.cookies())  # type: ignore[arg-type]  # the same cookies
    page = context.new_page()
    page.goto("/keys/")
    key = make(page, "phone")
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    assert ask(odd, key).status_code == 200
    page.get_by_role("link", name="Revoke phone").click()
    page.get_by_role("button", name="Revoke the key").click()
    expect(page.get_by_text("You have no keys yet.")).to_be_visible()
    context.close()
    tab.page.context.close()


def test_a_key_is_copied_over_plain_http(browser: Browser, odd: ServedMus) -> None:
    """There browsers have no `navigator.clipboard`."""
    tab = watch(browser, odd, WIDE, "dark")
    page = tab.page
    page.context.grant_permissions(["clipboard-read"])
    log_in(tab, "guest")
    page.add_init_script("window.read = () => Clipboard.prototype.readText.call(clipboardBefore)")
    page.add_init_script(
        "window.clipboardBefore = navigator.clipboard;"
        "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
    )
    page.goto("/keys/")
    key = make(page, "phone")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("() => read()") == key
    page.context.close()
