"""The login runs out while music plays: who listens logs in again, and nothing is lost."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Route, expect

from tests.browser.accounts import PASSWORD
from tests.browser.sound.listening import Listener, log_in, open_context
from tests.browser.sound.shelf import LONG, Shelf
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

REFUSALS = ("status of 401", "status of 429", "status of 403", "MIME type", "behind a redirect")


@pytest.fixture
def tab(browser: Browser, shelf: Shelf) -> Iterator[Listener]:
    """Logged in by a session of its own, which may end."""
    shelf.forget_state()
    shelf.execute("DELETE FROM axes_accessattempt")
    context = open_context(browser, shelf)
    tab = Listener(context, shelf)
    log_in(tab.page)
    yield tab
    context.close()
    assert [each for each in tab.complaints if not any(word in each for word in REFUSALS)] == []


def end_session(tab: Listener) -> None:
    cookies = {each.get("name"): each.get("value") for each in tab.page.context.cookies()}
    sql = "DELETE FROM django_session WHERE session_key = ?"
    tab.shelf.execute(sql, cookies["sessionid"])


def noticed(tab: Listener) -> Locator:
    """The dialog that opens then."""
    dialog = tab.page.get_by_role("dialog", name="Your login has run out")
    expect(dialog).to_be_visible()
    return dialog


def log_out_elsewhere(tab: Listener) -> Locator:
    end_session(tab)
    return noticed(tab)


def give(dialog: Locator, password: str) -> None:
    dialog.get_by_label("Password").fill(password)
    dialog.get_by_role("button", name="Log in").click()


def test_the_music_goes_on_and_so_does_everything_after_the_right_password(tab: Listener) -> None:
    tab.play("Two")
    loads = tab.begun_loads("Two")
    dialog = log_out_elsewhere(tab)
    expect(dialog.get_by_label("Username")).to_have_value("ada")
    tab.sound_goes_on()
    give(dialog, "wrong")
    expect(dialog.get_by_role("alert")).to_contain_text("correct username and password")
    tab.sound_goes_on()
    give(dialog, PASSWORD)
    expect(dialog).to_be_hidden()
    tab.hears("Two")
    assert tab.begun_loads("Two") == loads
    tab.button("Next").click()
    tab.hears("Three")
    tab.open_queue()
    expect(tab.row("Five", grid="Queue")).to_be_visible()
    assert tab.queued() == LONG


def test_a_track_that_could_not_begin_meanwhile_begins_after_the_login(tab: Listener) -> None:
    tab.play("Two")
    end_session(tab)
    tab.page.evaluate("actions.nexttrack()")  # the dialog may hide the button already
    dialog = noticed(tab)
    give(dialog, PASSWORD)
    expect(dialog).to_be_hidden()
    tab.hears("Three")


def test_a_refusal_of_before_the_login_that_comes_late_changes_nothing(tab: Listener) -> None:
    dialog = log_out_elsewhere(tab)
    # The server keeps for some seconds who reads.
    ask = tab.page.context.request.get
    wait_until(lambda: ask("/api/v1/player/state").status == HTTPStatus.UNAUTHORIZED)
    taken: list[Route] = []
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if taken or route.request.method != "GET":
            route.fallback()
        else:
            taken.append(route)  # others come while this one is fetched
            held.append((route, route.fetch()))

    tab.page.route("**/api/v1/player/state", hold)
    with tab.page.expect_request("**/api/v1/player/state"):
        tab.page.evaluate("void dispatchEvent(new Event('focus'))")
    wait_until(lambda: tab.page.evaluate("true") and held)
    give(dialog, PASSWORD)
    expect(dialog).to_be_hidden()
    ((route, refused),) = held
    assert refused.status == 401
    assert "set-cookie" not in refused.headers  # it would take the new login's cookie away
    with tab.page.expect_response("**/api/v1/player/state"):
        route.fulfill(response=refused)
    tab.page.wait_for_timeout(200)
    expect(dialog).to_be_hidden()


def test_who_was_wrong_too_often_is_told_how_long_to_wait(tab: Listener) -> None:
    tab.play("Two")
    dialog = log_out_elsewhere(tab)
    for _ in range(5):
        give(dialog, "wrong")
        expect(dialog.get_by_role("alert")).not_to_be_empty()
    give(dialog, PASSWORD)
    alert = dialog.get_by_role("alert")
    expect(alert).to_contain_text("Too many failed logins. Try again in 10 minutes.")
    tab.sound_goes_on()
    tab.shelf.execute("DELETE FROM axes_accessattempt")
    give(dialog, PASSWORD)
    expect(dialog).to_be_hidden()
    tab.hears("Two")


def test_a_login_in_another_tab_closes_the_dialog_here(tab: Listener) -> None:
    tab.play("Two")
    dialog = log_out_elsewhere(tab)
    other = Listener(tab.page.context, tab.shelf)
    log_in(other.page)
    expect(dialog).to_be_hidden()
    tab.hears("Two")
