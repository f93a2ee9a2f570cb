"""What was heard is told once: without pauses and skipped parts, over reloads, tabs and cuts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.accounts import PASSWORD
from tests.browser.sound.listening import Listener, log_in, open_context
from tests.browser.sound.shelf import SHORT, Shelf
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

POST = "**/api/v1/plays"
WAITING = "Object.keys(localStorage).filter(each => each.startsWith('mus-play-ada-')).length"
FASTER = "() => sounds.forEach((each) => (each.playbackRate = 8))"
TABLES = ("bookmark", "removeditem", "playcount", "play")


@pytest.fixture(autouse=True)
def nothing_heard(shelf: Shelf) -> None:
    for table in TABLES:
        shelf.execute(f"DELETE FROM listening_{table}")  # noqa: S608


@pytest.fixture
def context(browser: Browser, shelf: Shelf, session: object) -> Iterator[BrowserContext]:
    shelf.forget_state()
    context = open_context(browser, shelf, session)
    yield context
    context.close()


def heard(shelf: Shelf, user: str = "ada") -> list[str]:
    """The titles of the plays, in the order in which they were heard."""
    rows = shelf.query(
        "SELECT title FROM listening_play JOIN library_track ON library_track.id = track_id"
        " JOIN auth_user ON auth_user.id = user_id WHERE username = ? ORDER BY started_at",
        user,
    )
    return [row["title"] for row in rows]


def await_plays(shelf: Shelf, *titles: str) -> None:
    wait_until(lambda: heard(shelf) == [*titles])


def count(page: Page, expression: str) -> int:
    return int(page.evaluate(f"() => {expression}"))


def test_each_track_is_told_once_and_stands_in_the_history(tab: Listener) -> None:
    tab.play("Uno", album="Short Cuts")
    await_plays(tab.shelf, *SHORT)
    tab.page.get_by_role("button", name="Account and more").click()
    tab.page.get_by_role("menuitem", name="History").click()
    rows = tab.page.locator(".heard-row .names .text")
    expect(rows).to_have_text([*reversed(SHORT)])
    tab.page.get_by_role("button", name="Play Due", exact=True).click()
    expect(tab.title).to_have_text("Due")
    expect(rows).to_have_text(["Due", *reversed(SHORT)])
    counts = tab.shelf.query("SELECT count FROM listening_playcount ORDER BY count")
    assert [row["count"] for row in counts] == [1, 1, 2]


def test_a_repeated_track_counts_anew(tab: Listener) -> None:
    tab.play("One")
    tab.button("Repeat: off").click()
    tab.button("Repeat: all").click()
    tab.play("Uno", album="Short Cuts")
    wait_until(lambda: heard(tab.shelf)[:2] == ["Uno", "Uno"])


def test_skipped_parts_do_not_count(tab: Listener) -> None:
    tab.play("One")
    for seconds in (10, 20, 30, 38):
        tab.seek_to(seconds)
        tab.sound_goes_on()
    tab.hears("Two")
    tab.button("Pause").click()
    assert count(tab.page, WAITING) == 0
    assert heard(tab.shelf) == []


def test_pauses_and_a_reload_belong_to_the_same_play(tab: Listener) -> None:
    tab.play("One")
    for until in (8, 16):
        tab.page.evaluate(FASTER)
        tab.until(f"heard() > {until}")
        tab.button("Pause").click()
        tab.button("Play").click()
    tab.page.reload()
    tab.button("Play").click()
    tab.hears("One")
    tab.page.evaluate(FASTER)
    tab.until("heard() > 22")
    await_plays(tab.shelf, "One")
    (row,) = tab.shelf.query("SELECT heard_s FROM listening_play")
    assert 20 <= row["heard_s"] < 25
    tab.page.reload()
    tab.button("Play").click()
    tab.hears("One")
    tab.page.evaluate(FASTER)
    tab.hears("Two")
    assert heard(tab.shelf) == ["One"]


def test_a_page_that_loads_a_paused_track_hears_nothing(tab: Listener) -> None:
    tab.shelf.set_state(current_track_id=tab.shelf.track("One"), progress_seconds=4)
    for _ in range(3):
        tab.open()
        expect(tab.bar.locator("[data-part=position]")).to_have_text("0:04")
        tab.until("sounds.some(each => each.currentTime >= 4 && !each.seeking)")
    tab.page.reload()  # what was heard is stored when a page goes
    stored = tab.page.evaluate("Object.keys(localStorage).filter(each => each.includes('heard'))")
    assert stored == []


def test_heard_without_a_network_it_is_told_by_the_next_page(
    context: BrowserContext, shelf: Shelf
) -> None:
    first = Listener(context, shelf)
    first.page.route(POST, lambda route: route.abort())
    first.play("Uno", album="Short Cuts")
    first.until(f"{WAITING} === 3")
    first.page.close()
    assert heard(shelf) == []
    for tab in [Listener(context, shelf) for _ in range(2)]:
        tab.open()
    await_plays(shelf, *SHORT)
    tab.until(f"{WAITING} === 0")


def test_a_lost_answer_doubles_nothing(context: BrowserContext, shelf: Shelf) -> None:
    tab = Listener(context, shelf)
    lost: list[Route] = []

    def lose(route: Route) -> None:
        lost.append(route)
        if len(lost) > 3:
            route.continue_()
            return
        route.fetch()
        route.abort()

    tab.page.route(POST, lose)
    tab.play("Uno", album="Short Cuts")
    while len(lost) <= 3 or heard(shelf) != SHORT:
        tab.page.evaluate("() => dispatchEvent(new Event('online'))")
        tab.page.wait_for_timeout(200)  # Playwright answers requests meanwhile
    tab.until(f"{WAITING} === 0")
    assert heard(shelf) == SHORT


def test_plays_wait_for_the_user_who_heard_them(context: BrowserContext, shelf: Shelf) -> None:
    tab = Listener(context, shelf)
    tab.page.route(POST, lambda route: route.abort())
    tab.play("Uno", album="Short Cuts")
    tab.until(f"{WAITING} === 3")
    other = context.new_page()
    context.clear_cookies()
    log_in_as(other, "guest")
    with tab.page.expect_response(POST) as refused:
        tab.page.unroute(POST)
        tab.page.evaluate("() => dispatchEvent(new Event('online'))")
    assert refused.value.status == 409
    assert count(tab.page, WAITING) == 3
    context.clear_cookies()
    log_in(other)
    await_plays(shelf, *SHORT)
    assert heard(shelf, "guest") == []


def log_in_as(page: Page, user: str) -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("region", name="Player", exact=True)).to_be_visible()


def test_long_tracks_go_on_where_they_were_left(tab: Listener) -> None:
    tab.play("Endless", album="Symphony")
    tab.seek_to(700)
    tab.until("heard() > 700.5")
    tab.button("Pause").click()
    wait_until(lambda: bool(tab.shelf.query("SELECT 1 FROM listening_bookmark")))
    tab.play("One")
    tab.open("Symphony")
    tab.row("Endless").dblclick()
    tab.says("Continues at 11:4")
    tab.until("heard() > 700.5")
    tab.page.get_by_role("button", name="Start over").click()
    tab.until("heard() >= 0 && heard() < 10")
    wait_until(lambda: not tab.shelf.query("SELECT 1 FROM listening_bookmark"))


def test_bookmarks_by_hand_are_listed_and_played_from(tab: Listener) -> None:
    tab.play("Two")
    tab.seek_to(20)
    tab.until("heard() > 20.2")
    tab.bar.get_by_role("button", name="More for").click()
    tab.page.get_by_role("menuitem", name="Set a bookmark at 0:2").click()
    tab.says("Bookmark in “Two” at 0:2")
    tab.play("One")
    tab.page.get_by_role("button", name="Account and more").click()
    tab.page.get_by_role("menuitem", name="Bookmarks").click()
    tab.page.get_by_role("button", name="Play Two", exact=True).click()
    tab.hears("Two")
    assert tab.position() > 20
    tab.page.get_by_role("button", name="More for Two").first.click()
    tab.page.get_by_role("menuitem", name="Remove the bookmark").click()
    expect(tab.page.get_by_role("heading", name="No bookmarks yet")).to_be_visible()
