"""A browser in German sees mus in German, until English is chosen on the page of the account."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accounts import PASSWORD
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_the_pages_speak_the_language_of_the_browser(browser: Browser, odd: ServedMus) -> None:
    context = browser.new_context(base_url=odd.url, locale="de-DE")
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto("/login/")
    page.get_by_label("Benutzername").fill("guest")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", name="Start", level=1)).to_be_attached()
    page.goto("/tracks")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Titel", level=1)).to_be_attached()
    expect(page.locator(".heading .count")).to_contain_text("Titel")
    page.goto("/account/")
    page.get_by_role("radio", name="English").check()
    page.get_by_role("button", name="Diese Sprache verwenden").click()
    expect(page.get_by_role("status").first).to_contain_text("from now on")
    page.goto("/tracks")
    expect(page.get_by_role("heading", name="Tracks", level=1)).to_be_attached()
    assert problems == []
    context.close()
