"""The pages where people type passwords: the focus is where something was wrong, and what is typed
can be shown."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accounts import PASSWORD
from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def tab(browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, odd, 390, "dark", is_touched=True)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


def submit(page: Page, **values: str) -> None:
    for field, value in values.items():
        page.locator(f"[name={field}]").fill(value)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.locator(".errorlist").first).to_be_visible()


def test_after_a_refused_login_the_password_is_to_be_typed_again(tab: Watched) -> None:
    page = tab.page
    page.goto("/login/")
    expect(page.get_by_label("Username")).to_be_focused()
    submit(page, username="guest", password="wrong")
    expect(page.get_by_label("Password")).to_be_focused()
    expect(page.get_by_label("Username")).to_have_value("guest")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Player")).to_be_visible()


def test_a_new_password_that_is_refused_has_the_focus(tab: Watched) -> None:
    log_in(tab, "guest")
    page = tab.page
    page.goto("/password/")
    new = "quite a long sentence"
    submit(page, old_password="wrong", new_password1=new, new_password2=new)
    expect(page.locator("[name=old_password]")).to_be_focused()
    submit(page, old_password=PASSWORD, new_password1=new, new_password2="another")
    expect(page.locator("[name=new_password2]")).to_be_focused()


def test_the_first_run_has_the_focus_where_something_was_wrong(
    browser: Browser, empty: ServedMus
) -> None:
    tab = watch(browser, empty, 390, "dark")
    page = tab.page
    page.goto(empty.setup_link())
    submit(page, username="no spaces", password1=PASSWORD, password2=PASSWORD)
    expect(page.locator("[name=username]")).to_be_focused()
    submit(page, username="ada", password1=PASSWORD, password2="another")
    expect(page.locator("[name=password2]")).to_be_focused()
    page.context.close()


def test_what_is_typed_is_shown_and_hidden_and_sent_hidden(tab: Watched) -> None:
    page = tab.page
    page.goto("/login/")
    page.get_by_label("Username").fill("guest")
    password = page.get_by_label("Password")
    password.fill("wrong")
    page.get_by_role("button", name="Show what is typed").tap()
    expect(password).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide what is typed").tap()
    expect(password).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show what is typed").tap()
    page.evaluate(
        """() => document.querySelector("form").addEventListener("submit", event => {
          window.sentAs = event.target.password.type;
          event.preventDefault();
        })"""
    )
    page.get_by_role("button", name="Log in").tap()
    page.wait_for_function("() => window.sentAs === 'password'")


def test_the_dialog_of_a_login_that_has_run_out_shows_passwords_too(tab: Watched) -> None:
    log_in(tab)
    page = tab.page
    page.context.clear_cookies()
    page.get_by_role("searchbox").fill("T")
    dialog = page.get_by_role("dialog", name="Your login has run out")
    expect(dialog.get_by_label("Password")).to_be_focused()
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Show what is typed").tap()
    expect(dialog.get_by_label("Password")).to_have_attribute("type", "text")
    dialog.get_by_role("button", name="Log in").tap()
    expect(dialog).to_be_hidden()
    tab.complaints[:] = [each for each in tab.complaints if "status of 401" not in each]
