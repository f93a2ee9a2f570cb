"""An hour without the server: what was heard and changed in it arrives once, with its times."""

import json
from datetime import UTC, datetime, timedelta
from signal import SIGKILL

import pytest
from playwright.sync_api import Playwright, expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.queue_trial import CURRENT, queue_of
from tests.browser.sound.shelf import SHORT, Shelf, reopened
from tests.browser.sound.test_offline import (
    WAITING,
    browser_of,
    expect_no_violation,
    log_in,
    pack,
    titles_of,
)
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

NAMES = "Object.keys(localStorage).filter((each) => each.startsWith('mus-play-ada-'))"
PAUSE = timedelta(minutes=20)
ROUNDS = 3


def test_an_hour_of_plays_and_edits_arrives_once(playwright: Playwright, house: Shelf) -> None:
    with browser_of(playwright, house) as tab:
        log_in(tab)
        pack(tab, house)
    began = datetime.now(UTC)
    with browser_of(playwright, house) as tab:
        tab.page.context.clock.install(time=began - ROUNDS * PAUSE)
        lose_the_server_in_mid_track(tab, house)
        for number in range(ROUNDS):
            hear_the_short_ones(tab, 4 + 3 * number)
            if number == 0:
                change_the_queue(tab)
            tab.page.context.clock.fast_forward(PAUSE.seconds * 1000)
        heard = tab.page.evaluate(NAMES)
    with browser_of(playwright, house) as tab:
        other = Listener(tab.page.context, house)
        look_around(tab)
        heard += [each for each in use_both_tabs(tab, other) if each not in heard]
        queue, _ = queue_of(tab.page)
        with reopened(house):
            expect_all(tab, house, heard, queue)
            for each in (tab, other):
                each.page.reload()
                expect(each.title).not_to_be_empty()
            expect_all(tab, house, heard, queue)
    times = [datetime.fromisoformat(each["started_at"]) for each in plays(house)]
    first, last = began - ROUNDS * PAUSE, datetime.now(UTC)
    assert all(first <= each.replace(tzinfo=UTC) <= last for each in times)
    assert len({(each - times[0]) // PAUSE for each in times}) > ROUNDS - 1


def lose_the_server_in_mid_track(tab: Listener, house: Shelf) -> None:
    """The track goes on and is counted; meanwhile one is marked and put into a playlist."""
    page = tab.page
    tab.play("One")
    house.server.end(SIGKILL)
    expect(
        page.get_by_text("Lists and the search show what is kept here: 8 tracks")
    ).to_be_visible()
    page.get_by_role("searchbox").fill("due")
    tab.row("Due").click()
    for key in ("f", "4", "a"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog").get_by_role("option", name="Road")).to_be_visible()
    page.keyboard.press("Enter")
    tab.says("will be in “Road” as soon as the server answers")
    refuse_what_only_the_server_can(tab)
    tab.until(f"{WAITING} === 1")
    tab.seek_to(36)
    tab.hears("Two")
    tab.button("Pause").click()
    at = tab.bar.locator("[data-part=position]").inner_text()
    page.reload()  # from now on no answer of the server has set the page's clock right
    expect(tab.title).to_have_text("Two")
    expect(tab.bar.locator("[data-part=position]")).to_have_text(at)


def refuse_what_only_the_server_can(tab: Listener) -> None:
    """The entry of a playlist stays, and so does a name that was typed."""
    page = tab.page
    page.get_by_role("link", name="Playlists").locator("visible=true").first.click()
    page.get_by_role("main").get_by_role("link", name="Road").first.click()
    entry = tab.row("One", grid="Entries")
    entry.locator(".title").click()
    page.keyboard.press("Delete")
    tab.says("tracks can be added to a playlist, but not moved or removed")
    expect(entry).to_be_visible()
    page.get_by_role("button", name="Edit the name").click()
    tab.says("The server does not answer.")
    expect(page.get_by_role("heading", name="Road", level=1)).to_be_visible()


def hear_the_short_ones(tab: Listener, counted: int) -> None:
    tab.page.get_by_role("link", name="Albums").locator("visible=true").first.click()
    tab.page.get_by_role("main").get_by_role("link", name="Short Cuts").first.click()
    tab.row("Uno").dblclick()
    tab.until(f"{WAITING} === arg", arg=counted)
    tab.is_silent()


def change_the_queue(tab: Listener) -> None:
    """It is replaced by the next round, and then an earlier one."""
    page = tab.page
    tab.open_queue()
    tab.row("Tre", grid="Queue").click()
    page.keyboard.press("Alt+ArrowUp")
    tab.row("Uno", grid="Queue").click()
    page.keyboard.press("Delete")
    assert tab.queued() == ["Tre", "Due"]
    page.keyboard.press("Escape")


def look_around(tab: Listener) -> None:
    """The browser was closed and opened: places show what is kept."""
    page = tab.page
    page.goto("/")
    added = page.get_by_role("region", name="Recently added")
    expect(added.get_by_role("link", name="Long Player").first).to_be_visible()
    page.goto("/artists")
    page.get_by_role("main").get_by_role("link", name="Short Cuts Band").first.click()
    expect(page.get_by_role("heading", name="Short Cuts Band", level=1)).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Short Cuts").first).to_be_visible()
    expect(page.locator("#offline")).to_be_visible()
    expect_no_violation(tab)
    page.goto("/offline")
    expect(page.get_by_role("main")).to_contain_text("8 tracks")
    expect_no_violation(tab)


def use_both_tabs(tab: Listener, other: Listener) -> list[str]:
    """One hears the queue to its end and changes it, the other marks and adds. Gives the plays."""
    page = tab.page
    waiting = int(page.evaluate(WAITING))
    page.get_by_role("main").get_by_role("link", name="Short Cuts").click()
    other.page.goto("/search?q=tre")
    tab.row("Due").dblclick()
    tab.until(f"{WAITING} === arg", arg=waiting + 2)
    tab.is_silent()
    other.row("Tre").click()
    for key in ("f", "5", "a"):
        other.page.keyboard.press(key)
    option = other.page.get_by_role("dialog").get_by_role("option", name="Road")
    expect(option).to_be_visible()
    other.page.keyboard.press("Enter")
    other.says("will be in “Road”")
    tab.row("Uno").click(button="right")
    page.get_by_role("menuitem", name="Play next").click()
    tab.row("Due").click(button="right")
    page.get_by_role("menuitem", name="Add to the queue").click()
    page.keyboard.press("s")
    tab.until("JSON.parse(localStorage.getItem('mus-queue-ada')).order")
    return list(page.evaluate(NAMES))


def plays(house: Shelf) -> list[dict[str, str]]:
    return house.query("SELECT started_at, track_id FROM listening_play ORDER BY started_at")


def names_of(house: Shelf) -> list[str]:
    """The plays of the database, each as the browser names it."""
    rows = [(each["started_at"][:19].replace(" ", "T"), each["track_id"]) for each in plays(house)]
    return [f"mus-play-ada-{at}Z-{pk}" for at, pk in rows]


def expect_all(tab: Listener, house: Shelf, heard: list[str], queue: list[int]) -> None:
    """Everything is there once; what was replaced is an earlier queue."""
    expect(tab.page.locator("#offline")).to_be_hidden()
    wait_until(lambda: names_of(house) == sorted(heard))
    wait_until(lambda: titles_of(house, "favourite", "title") == ["Due", "Tre"])
    wait_until(lambda: titles_of(house, "rating", "title", ", stars") == [("Due", 4), ("Tre", 5)])
    wait_until(lambda: titles_of(house, "playlistentry", "place") == ["One", "Due", "Tre"])
    wait_until(lambda: [json.loads(row["entries"]) for row in house.query(CURRENT)] == [queue])
    assert tab.page.evaluate(WAITING) == 0
    assert len(heard) == 1 + ROUNDS * len(SHORT) + 2
