"""The page of apps in Chromium: made, copied, read by a camera, revoked, undone; wide and on a
phone; by keyboard; without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.browser.test_keys_page import COPIED, LONG, PHONE, WIDE, WINDOWS, fits, opened_by_guest
from tests.databases import execute, place_in
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

APP_PASSWORD = re.compile("mus-[0-9]+-[a-z2-7]{26}")


@pytest.fixture(autouse=True)
def no_apps(odd: ServedMus) -> Iterator[None]:
    yield
    execute(place_in(Path(odd.variables["DATA_DIR"])), "DELETE FROM accounts_apppassword")


@pytest.fixture(params=WINDOWS)
def tab(request: pytest.FixtureRequest, browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    yield from opened_by_guest(browser, odd, *request.param)


def make(page: Page, name: str) -> str:
    """The app password."""
    page.get_by_label("Which app, on which device?").fill(name)
    page.get_by_role("button", name="Make an app password").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    return page.locator("#app-password").inner_text()


def ping(server: ServedMus, password: str) -> Any:
    login = {"u": "guest", "p": password, "f": "json", "c": "Test app", "v": "1.16.1"}
    response = httpx.get(f"{server.url}/rest/ping", params=login)
    return response.json()["subsonic-response"]["status"]


def test_an_app_password_is_made_copied_used_revoked_and_restored(
    tab: Watched, odd: ServedMus, tmp_path: Path
) -> None:
    page = tab.page
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Account").click()
    page.get_by_role("link", name="App passwords").click()
    expect(page.get_by_text("You have no app yet.")).to_be_visible()
    fits(tab, tmp_path / "empty.png", "no apps")
    make(page, LONG)
    fits(tab, tmp_path / "made.png", "a new app password")
    page.get_by_role("link", name="All apps").click()
    password = make(page, "phone")
    assert APP_PASSWORD.fullmatch(password)
    for what, text in (("address", odd.url), ("user", "guest"), ("password", password)):
        page.get_by_role("button", name=f"Copy the {what}").click()
        expect(page.get_by_text("Copied")).to_have_count(1)
        assert page.evaluate(COPIED) == text
    expect(page.get_by_role("img", name="QR code of the password")).to_be_visible()
    assert ping(odd, password) == "ok"
    page.get_by_role("link", name="All apps").click()
    expect(page.get_by_role("listitem").first).to_contain_text("by Test app from 127.0.0.1")
    fits(tab, tmp_path / "list.png", "two apps")
    page.get_by_role("button", name="Revoke phone").click()
    expect(page.get_by_role("listitem").first).to_contain_text("Revoked")
    assert ping(odd, password) == "failed"
    fits(tab, tmp_path / "revoked.png", "a revoked app")
    page.get_by_role("button", name="Undo the revocation of phone").click()
    expect(page.get_by_text("“phone” is in force again.")).to_be_visible()
    assert ping(odd, password) == "ok"
    page.get_by_role("link", name="Revoke all apps").click()
    fits(tab, tmp_path / "question.png", "a question")
    page.get_by_role("button", name="Revoke all apps").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(2)
    assert ping(odd, password) == "failed"


def test_all_of_it_by_keyboard(browser: Browser, odd: ServedMus) -> None:
    tab = watch(browser, odd, WIDE, "dark")
    log_in(tab, "guest")
    page = tab.page
    page.goto("/apps/")
    page.get_by_label("Which app, on which device?").focus()
    page.keyboard.type("tablet")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="tablet")).to_be_visible()
    page.get_by_role("button", name="Copy the address").focus()
    for what in ("user", "password"):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=f"Copy the {what}")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All apps")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Show the password of tablet").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Undo the revocation of tablet").press("Enter")
    expect(page.get_by_text("“tablet” is in force again.")).to_be_visible()
    page.context.close()


def test_it_works_without_scripts(browser: Browser, odd: ServedMus) -> None:
    tab = watch(browser, odd, PHONE, "dark")
    log_in(tab, "guest")
    context = browser.new_context(java_script_enabled=False, base_url=odd.url)
    context.add_cookies(tab.page.context.cookies())  # type: ignore[arg-type]  # the same cookies
    page = context.new_page()
    page.goto("/apps/")
    password = make(page, "phone")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    assert ping(odd, password) == "ok"
    page.get_by_role("link", name="All apps").click()
    page.get_by_role("button", name="Revoke phone").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    context.close()
    tab.page.context.close()
