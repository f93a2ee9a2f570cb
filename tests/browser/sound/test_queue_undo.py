"""A queue is never lost: what replaces or clears it says so and can be undone, and earlier queues
can be brought back."""

import re
from collections.abc import Iterator

import pytest
from django.templatetags.static import static
from playwright.sync_api import Browser, Locator, expect

from tests.browser.sound.listening import Listener, open_context
from tests.browser.sound.queue_trial import queue_of
from tests.browser.sound.shelf import LONG, SHORT, Shelf
from tests.browser.sound.test_kept import SAVED_LONG_AGO
from tests.browser.sound.test_queue import choose, queue_row, shows
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]


def toast(tab: Listener, text: str) -> Locator:
    return tab.page.locator(".toast").filter(has_text=text)


def undo(tab: Listener, text: str) -> None:
    toast(tab, text).get_by_role("button", name="Undo").click()


def go_to(tab: Listener, album: str) -> None:
    """Without a reload: what was told so far stays in sight."""
    page = tab.page
    page.get_by_role("link", name="Albums").first.click()
    page.get_by_role("listitem").filter(has_text=album).get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=album, exact=True)).to_be_visible()


def play_over_a_hand_made_queue(tab: Listener) -> None:
    """An album with tracks added by hand plays its last, at 0:20; then another replaces them."""
    tab.play("Five")
    go_to(tab, "Short Cuts")
    for title in SHORT:
        choose(tab, title, "Add to the queue")
    go_to(tab, "Long Player")
    tab.seek_to(20)
    tab.until("heard() > 20")
    go_to(tab, "Symphony")
    tab.page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    tab.hears("Endless")


def test_a_replaced_queue_comes_back_with_track_position_and_sound(tab: Listener) -> None:
    play_over_a_hand_made_queue(tab)
    undo(tab, "The queue with 8 tracks was replaced.")
    tab.hears("Five")
    assert tab.position() >= 20
    tab.open_queue()
    shows(tab, *LONG, *SHORT)
    tab.button("Next").click()
    tab.hears("Uno")


def test_undo_leaves_a_paused_player_paused(tab: Listener) -> None:
    tab.play("Two")
    tab.seek_to(20)
    tab.button("Pause").click()
    go_to(tab, "Short Cuts")
    tab.row("Due").dblclick()
    tab.hears("Due")
    undo(tab, "The queue with 5 tracks was replaced.")
    expect(tab.title).to_have_text("Two")
    tab.is_at(20)
    expect(tab.button("Play")).to_be_visible()
    tab.is_silent()


def test_a_shuffled_queue_comes_back_in_its_order(tab: Listener) -> None:
    tab.play("Two")
    tab.button("Shuffle").click()
    tab.open_queue()
    order = tab.queued()
    go_to(tab, "Short Cuts")
    tab.page.get_by_role("main").get_by_role("button", name="Shuffle", exact=True).click()
    undo(tab, "The queue with 5 tracks was replaced.")
    tab.hears("Two")
    shows(tab, *order)


def test_another_track_of_the_same_list_replaces_nothing(tab: Listener) -> None:
    tab.play("One")
    tab.row("Four").dblclick()
    tab.hears("Four")
    tab.page.goto("/tracks")
    tab.row("Two").locator(".title").dblclick()
    expect(toast(tab, "was replaced.")).to_have_count(1)
    tab.hears("Two")
    tab.row("Three").locator(".title").dblclick()
    tab.hears("Three")
    expect(toast(tab, "was replaced.")).to_have_count(1)


def test_what_was_cleared_comes_back_while_the_sound_goes_on(tab: Listener) -> None:
    tab.play("Two")
    panel = tab.open_queue()
    panel.get_by_role("button", name="Clear").click()
    shows(tab, "Two")
    at = tab.position()
    undo(tab, "4 tracks cleared from the queue.")
    shows(tab, *LONG)
    tab.sound_goes_on()
    assert tab.position() > at
    assert len(tab.page.evaluate("loads.filter(each => each.includes('/stream'))")) == 1
    tab.button("Next").click()
    tab.hears("Three")


@pytest.mark.parametrize("title", ["Two", "Four"])
def test_what_was_removed_comes_back(tab: Listener, title: str) -> None:
    tab.play("Two")
    tab.seek_to(20)
    tab.until("heard() > 20")
    tab.open_queue()
    queue_row(tab, title).click(button="right")
    tab.page.get_by_role("menuitem", name="Remove from the queue").click()
    undo(tab, f"“{title}” was removed from the queue.")
    shows(tab, *LONG)
    tab.hears("Two")
    assert tab.position() >= 20


def test_earlier_queues_are_kept_across_reloads_and_brought_back(tab: Listener) -> None:
    play_over_a_hand_made_queue(tab)
    tab.page.reload()
    expect(tab.title).to_have_text("Endless")
    panel = tab.open_queue()
    panel.get_by_role("button", name="Earlier").click()
    tab.page.get_by_role("menuitem", name="Five and 7 more").click()
    shows(tab, *LONG, *SHORT)
    expect(tab.title).to_have_text("Five")
    expect(tab.bar.locator("[data-part=position]")).to_have_text(re.compile(r"0:2\d"))
    expect(toast(tab, "The queue with 8 tracks is back.")).to_be_visible()
    undo(tab, "The queue with 8 tracks is back.")
    shows(tab, "Endless")


def test_at_most_ten_earlier_queues_are_kept_and_fewer_where_they_are_long(tab: Listener) -> None:
    tab.open()
    kept = tab.page.evaluate(
        """async (module) => {
          const { EarlierQueues } = await import(module);
          const earlier = new EarlierQueues("nobody");
          const lengths = () => earlier.all.map(({ queue }) => queue.ids.length);
          const keep = length => earlier.keep({ queue: { ids: Array(length).fill(1) } });
          for (let length = 1; length <= 12; length += 1) keep(length);
          keep(5);
          const short = lengths();
          keep(99_990);
          return [short, lengths()];
        }""",
        static("web/player/earlier-queues.js"),
    )
    assert kept == [[5, 12, 11, 10, 9, 8, 7, 6, 4, 3], [99_990, 5]]


def test_each_addition_is_answered_with_what_was_added(tab: Listener) -> None:
    tab.play("One")
    go_to(tab, "Short Cuts")
    choose(tab, "Uno", "Play next")
    expect(toast(tab, "“Uno” plays next.")).to_be_visible()
    choose(tab, "Tre", "Add to the queue")
    expect(toast(tab, "Added “Tre” to the queue.")).to_be_visible()
    main = tab.page.get_by_role("main")
    main.get_by_role("button", name="Play next").click()
    expect(toast(tab, "“Short Cuts” (3 tracks) plays next.")).to_be_visible()
    main.get_by_role("button", name="Add to the queue").click()
    expect(toast(tab, "Added “Short Cuts” (3 tracks) to the queue.")).to_be_visible()
    expect(tab.page.locator(".toast")).to_have_count(3)


def test_what_is_added_while_a_list_is_still_loading_stays_in_the_queue(tab: Listener) -> None:
    tab.page.goto("/tracks?q=Long")
    held = []
    tab.page.route("**/tracks/ids?*", lambda route: held.append(route))  # noqa: PLW0108
    tab.row("One").locator(".title").dblclick()
    tab.hears("One")
    choose(tab, "Five", "Play next")
    held[0].continue_()
    tab.open_queue()
    shows(tab, "One", "Five", *LONG[1:])
    tab.page.unroute_all(behavior="ignoreErrors")


def test_after_the_end_of_the_queue_play_begins_it_again(tab: Listener) -> None:
    tab.play("Due", album="Short Cuts")
    tab.hears("Tre")
    expect(tab.button("Play")).to_be_visible()
    tab.button("Play").click()
    tab.hears("Uno")


def test_after_the_end_of_the_queue_play_goes_on_with_what_was_added(tab: Listener) -> None:
    tab.play("Tre", album="Short Cuts")
    expect(tab.button("Play")).to_be_visible()
    go_to(tab, "Long Player")
    choose(tab, "Four", "Add to the queue")
    tab.button("Play").click()
    tab.hears("Four")


@pytest.fixture
def phone(browser: Browser, shelf: Shelf, session: object) -> Iterator[Listener]:
    """Another browser of the same user: it shares what the server keeps, and nothing else."""
    context = open_context(browser, shelf, session, (390, 844), is_touched=True)
    yield Listener(context, shelf)
    context.close()


def make_queue_by_hand(tab: Listener) -> list[str]:
    tab.play("Endless", album="Symphony")
    tab.button("Pause").click()
    go_to(tab, "Short Cuts")
    for title in SHORT:
        choose(tab, title, "Add to the queue")
    return ["Endless", *SHORT]


def return_after(phone: Listener, tab: Listener, title: str) -> None:
    """`title` is played on the phone while the laptop shows another page; then the player again."""
    tab.page.goto("/password/")
    tab.page.evaluate(SAVED_LONG_AGO)
    phone.play(title)
    wait_until(lambda: phone.shelf.state()["current_track_id"] == phone.shelf.track(title))
    phone.page.goto("/password/")
    tab.page.goto("/tracks")
    expect(tab.title).to_have_text(title)


def test_what_a_phone_played_since_replaces_the_queue_which_can_be_brought_back(
    tab: Listener, phone: Listener
) -> None:
    first, *others = make_queue_by_hand(tab)
    return_after(phone, tab, "Two")
    return_after(phone, tab, "Four")
    panel = tab.open_queue()
    shows(tab, *LONG)
    panel.get_by_role("button", name="Earlier").click()
    tab.page.get_by_role("menuitem", name=f"{first} and 3 more").click()
    shows(tab, first, *others)
    expect(tab.title).to_have_text(first)
    panel.get_by_role("button", name="Earlier").click()
    tab.page.get_by_role("menuitem", name="Four and 4 more").click()
    shows(tab, *LONG)


def test_a_track_that_an_app_without_queues_played_comes_into_the_queue(
    tab: Listener,
) -> None:
    first, *others = make_queue_by_hand(tab)
    leave_queue(tab, 4)
    play_in_an_app(tab.shelf, "Two")
    tab.page.goto("/tracks")
    expect(tab.title).to_have_text("Two")
    leave_queue(tab, 5)
    play_in_an_app(tab.shelf, "Four")
    tab.page.goto("/tracks")
    expect(tab.title).to_have_text("Four")
    wait_until(lambda: queue_of(tab.page)[0] == [*map(tab.shelf.track, (first, "Four", *others))])
    undo(tab, "The track you played in another browser was put into this queue.")
    tab.open_queue()
    shows(tab, first, "Two", *others)


def leave_queue(tab: Listener, count: int) -> None:
    """The server has what this page changed: a queue of `count` tracks."""
    # It sets the player's track as well: one under way would replace what an app plays next.
    tab.until("JSON.parse(localStorage['mus-queue-ada']).ids.length === arg", arg=count)
    tab.until("JSON.parse(localStorage['mus-queue-number-ada']).changedAt === null")
    tab.save_no_more()
    tab.page.goto("/password/")
    tab.page.evaluate(SAVED_LONG_AGO)


def play_in_an_app(shelf: Shelf, title: str) -> None:
    """As an app does that saves the player's state alone, as version 1 of the API had it."""
    shelf.execute(
        "UPDATE library_playerstate SET current_track_id = ?, progress_seconds = 1",
        shelf.track(title),
    )
