"""Where the player stands is kept: on the server what plays and how, in the browser the queue."""

import json
from collections.abc import Callable
from pathlib import Path
from signal import SIGKILL

import pytest
from playwright.sync_api import Browser, Response, Route, expect

from tests.browser.sound.listening import Listener, log_in, open_context
from tests.browser.sound.shelf import LONG, Shelf, make_sounding_library, open_shelf
from tests.library.runner.house import wait_until
from tests.web.served import manage

pytestmark = [pytest.mark.browser, pytest.mark.server]

HIDE = """() => {
  Object.defineProperty(document, 'hidden', { value: true, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
SAVED_LONG_AGO = """() => {
  const { state } = JSON.parse(localStorage.getItem('mus-state-ada'));
  localStorage.setItem('mus-state-ada', JSON.stringify({ state, at: 0, isUnderWay: true }));
}"""
SENT_LONG_AGO = """() => {
  const kept = JSON.parse(localStorage.getItem('mus-state-ada'));
  localStorage.setItem('mus-state-ada', JSON.stringify({ ...kept, at: 0 }));
}"""
# In one step each, so that no timer can save a change between.
MANY_CHANGES = """(slider) => {
  for (let level = 90; level > 40; level -= 5) {
    slider.value = level;
    for (const type of ['input', 'change']) {
      slider.dispatchEvent(new Event(type, { bubbles: true }));
    }
  }
}"""
MUTE_AND_HIDE = f"(button) => {{ button.click(); ({HIDE})(); }}"


def test_track_position_modes_and_queue_are_there_again_and_nothing_sounds(tab: Listener) -> None:
    tab.play("Two")
    tab.seek_to(20)
    tab.button("Repeat: off").click()
    tab.volume.fill("30")
    tab.until("heard() > 20")
    tab.page.reload()
    expect(tab.title).to_have_text("Two")
    expect(tab.button("Play")).to_be_visible()
    tab.is_at(20)
    expect(tab.button("Repeat: all")).to_be_visible()
    expect(tab.volume).to_have_value("30")
    tab.is_silent()
    tab.open_queue()
    expect(tab.page.locator("#queue .count")).to_have_text("5 tracks, 3 to come")
    tab.button("Play").click()
    tab.hears("Two")
    assert tab.position() > 20


def test_a_shuffled_queue_keeps_its_order(tab: Listener) -> None:
    tab.play("Two")
    tab.button("Shuffle").click()
    tab.open_queue()
    wait_until(lambda: sorted(tab.queued()) == sorted(LONG))
    order = tab.queued()
    tab.page.reload()
    expect(tab.button("Shuffle")).to_have_attribute("aria-pressed", "true")
    tab.open_queue()
    expect(tab.row(order[-1], grid="Queue")).to_be_visible()
    assert tab.queued() == order


def test_changes_are_saved_a_moment_later_and_many_of_them_once(tab: Listener) -> None:
    tab.load()
    expect(tab.volume).to_have_value("100")
    with tab.page.expect_request("**/player/state") as saved:
        tab.volume.evaluate(MANY_CHANGES)
    assert saved.value.method == "PUT"
    assert (saved.value.post_data_json or {})["volume_level"] == 0.45
    wait_until(lambda: tab.shelf.state().get("volume_level") == 0.45)
    assert len(tab.saves()) == 1


def _is_of_a_save(response: Response) -> bool:
    """The page also asks for the state now and then."""
    return response.request.method == "PUT" and response.url.endswith("/player/state")


def test_a_page_without_a_track_leaves_the_one_alone_that_a_scan_finds_again(tab: Listener) -> None:
    tab.load()
    expect(tab.volume).to_have_value("100")
    tab.shelf.set_state(current_track_id=tab.shelf.track("Two"), progress_seconds=5)
    with tab.page.expect_response(_is_of_a_save) as saved:
        tab.volume.fill("45")
    assert saved.value.ok
    state = tab.shelf.state()
    assert (state["current_track_id"], state["progress_seconds"]) == (tab.shelf.track("Two"), 5)
    assert state["volume_level"] == 0.45
    tab.page.reload()
    expect(tab.title).to_have_text("Two")


def test_while_it_plays_the_position_is_saved_every_five_seconds(tab: Listener) -> None:
    tab.play("One")
    tab.until("heard() > 2")  # what began is saved by then
    begun, at = len(tab.saves()), tab.position()
    tab.until(f"heard() > {at + 11}")
    saves = tab.saves()[begun:]
    assert 2 <= len(saves) <= 3
    positions = [(each.post_data_json or {})["progress_seconds"] for each in saves]
    assert 4 < positions[1] - positions[0] < 7


def test_a_change_while_it_plays_does_not_wait_for_the_five_seconds(tab: Listener) -> None:
    tab.play("One")
    tab.until("heard() > 2.5")
    tab.button("Mute").click()
    at = tab.position()
    wait_until(lambda: tab.shelf.state().get("is_muted") == 1)
    assert tab.position() - at < 4


def test_a_page_that_is_hidden_saves_at_once_by_a_beacon(tab: Listener) -> None:
    tab.play("Three")
    tab.seek_to(25)
    tab.until("heard() > 25")
    with tab.page.expect_request(lambda each: each.method == "POST") as beacon:
        tab.button("Mute").evaluate(MUTE_AND_HIDE)
    assert beacon.value.resource_type == "ping"
    wait_until(lambda: tab.shelf.state().get("is_muted") == 1)
    assert tab.shelf.state()["progress_seconds"] >= 25
    assert tab.shelf.state()["current_track_id"] == tab.shelf.track("Three")


def test_a_page_that_is_loaded_again_at_once_is_where_it_was(tab: Listener) -> None:
    tab.play("Two")
    tab.seek_to(33)
    tab.until("heard() > 33.5")
    tab.page.reload()
    expect(tab.title).to_have_text("Two")
    tab.is_at(33)


def test_who_is_quicker_than_the_saved_state_hears_what_was_chosen(
    open_tab: Callable[[], Listener], shelf: Shelf
) -> None:
    tab = open_tab()
    tab.load()
    tab.save_no_more()
    tab.keep_queue(json.dumps({"ids": [shelf.track("Uno")], "order": None, "position": 0}))
    shelf.set_state(current_track_id=shelf.track("Uno"), volume_level=0.2)
    held = []
    tab.page.goto("/password/")
    tab.page.route("**/player/state", lambda route: held.append(route))  # noqa: PLW0108
    tab.play("Three")
    held[0].continue_()
    tab.until("sounding()[0].volume === 0.2")
    tab.hears("Three")
    tab.open_queue()
    expect(tab.row("Five", grid="Queue")).to_be_visible()
    assert tab.queued() == LONG
    tab.page.unroute_all(behavior="ignoreErrors")


@pytest.mark.parametrize(
    "saved",
    ["{", "null", "[]", '"x"', '{"ids": "x"}', '{"ids": [null, "a", -3, 1e300], "order": [7]}'],
)
def test_a_damaged_queue_leaves_the_track_that_was_played(
    tab: Listener, shelf: Shelf, saved: str
) -> None:
    tab.load()
    tab.save_no_more()
    tab.keep_queue(saved)
    shelf.set_state(current_track_id=shelf.track("Two"), progress_seconds=5)
    tab.page.reload()
    expect(tab.title).to_have_text("Two")
    expect(tab.bar.locator("[data-part=position]")).to_have_text("0:05")
    tab.open_queue()
    expect(tab.page.locator("#queue .count")).to_have_text("1 track, the last one")


def test_tracks_of_the_queue_that_are_gone_are_named_so(tab: Listener, shelf: Shelf) -> None:
    tab.load()
    tab.save_no_more()
    one = shelf.track("One")
    tab.keep_queue(json.dumps({"ids": [one, 900_001, 900_002], "order": None, "position": 0}))
    shelf.set_state(current_track_id=one)
    tab.page.reload()
    tab.open_queue()
    expect(tab.page.get_by_text("A track that is gone")).to_have_count(2)


def test_a_queue_of_100_000_tracks_is_kept_and_shown_with_few_rows(
    tab: Listener, shelf: Shelf
) -> None:
    tab.load()
    tab.save_no_more()
    ids = [shelf.track(title) for title in LONG] * 20_000
    order = [*range(1, len(ids)), 0]
    tab.keep_queue(json.dumps({"ids": ids, "order": order, "position": 50_000}))
    shelf.set_state(current_track_id=ids[50_001], is_shuffle=True)
    tab.page.reload()
    tab.open_queue()
    expect(tab.page.locator("#queue .count")).to_have_text("100,000 tracks, 49,999 to come")
    assert tab.page.locator("#queue [role=row]").count() < 100
    tab.button("Play").click()
    tab.hears("Two")
    tab.button("Next").click()
    tab.hears("Three")
    tab.page.wait_for_function(
        "() => JSON.parse(localStorage.getItem('mus-queue-ada')).position === 50001"
    )


def test_a_page_that_is_loaded_while_the_server_is_away_has_track_queue_and_titles(
    browser: Browser, tmp_path: Path, records: Path
) -> None:
    with open_shelf(tmp_path, records) as house:
        context = open_context(browser, house, has_worker=True)
        tab = Listener(context, house)
        log_in(tab.page)
        tab.play("Two")
        tab.seek_to(20)
        tab.until("heard() > 20")
        tab.page.evaluate("navigator.serviceWorker.ready")
        tab.page.wait_for_function("() => caches.match('/').then(Boolean)")
        tab.button("Pause").click()
        house.server.end(SIGKILL)
        tab.page.reload()
        expect(tab.title).to_have_text("Two")
        tab.page.evaluate(SENT_LONG_AGO)  # a busy machine takes long to start the server again
        expect(tab.bar.locator("[data-part=artist]")).to_have_text("Long Player Band")
        tab.is_at(20)
        tab.open_queue()
        expect(tab.row("Five", grid="Queue")).to_be_visible()
        assert tab.queued() == LONG
        with open_shelf(tmp_path, records, house.server.variables["PORT"]):
            expect(tab.page.locator("#offline")).to_be_hidden()
            expect(tab.title).to_have_text("Two")
            tab.button("Play").click()
            tab.hears("Two")
            assert tab.position() >= 20
        context.close()


def test_what_another_browser_played_since_wins_over_what_this_one_kept(
    tab: Listener, shelf: Shelf
) -> None:
    tab.play("Two")
    wait_until(lambda: shelf.state().get("current_track_id") == shelf.track("Two"))
    tab.save_no_more()
    tab.page.goto("/password/")
    tab.page.evaluate(SAVED_LONG_AGO)
    shelf.set_state(current_track_id=shelf.track("Uno"), progress_seconds=1)
    tab.page.goto("/tracks")
    expect(tab.title).to_have_text("Uno")
    expect(tab.bar.locator("[data-part=position]")).to_have_text("0:01")


def test_a_place_that_only_the_queue_told_the_server_is_no_newer_than_the_one_kept_here(
    tab: Listener,
) -> None:
    tab.page.route("**/player/state", _hold_changes)
    with tab.page.expect_response(lambda response: _is_put(response, "/api/v1/player/queue")):
        tab.play("Two")
    tab.seek_to(20)
    tab.until("heard() > 20")
    tab.button("Pause").click()
    tab.page.evaluate("navigator.sendBeacon = () => true")
    tab.page.goto("/password/")
    tab.page.evaluate(SENT_LONG_AGO)
    tab.page.goto("/tracks")
    expect(tab.title).to_have_text("Two")
    tab.is_at(20)


def _hold_changes(route: Route) -> None:
    """Changes never arrive; what is asked is answered."""
    if route.request.method == "GET":
        route.fallback()


def _is_put(response: Response, path: str) -> bool:
    return response.request.method == "PUT" and response.url.endswith(path)


@pytest.mark.parametrize("is_purged", [False, True])
def test_what_plays_keeps_its_title_artist_and_cover_when_its_row_goes(
    browser: Browser,
    tmp_path: Path,
    peopled: Path,
    is_purged: bool,  # noqa: FBT001
) -> None:
    own = tmp_path / "own"
    make_sounding_library(own, peopled)
    with open_shelf(tmp_path, own) as house:
        context = open_context(browser, house)
        tab = Listener(context, house)
        log_in(tab.page)
        tab.play("Two")
        (own / "music" / "Long Player" / "2.wav").unlink()
        manage(house.server.variables, "scan_tracks")
        if is_purged:
            house.execute("DELETE FROM library_trackartist WHERE track_id = ?", house.track("Two"))
            house.execute("UPDATE library_playerstate SET current_track_id = NULL")
            house.execute("DELETE FROM library_track WHERE title = 'Two'")
        expect(tab.page.locator("main").get_by_text("Two", exact=True)).to_have_count(0)
        tab.page.wait_for_timeout(500)
        expect(tab.title).to_have_text("Two")
        expect(tab.bar.locator("[data-part=artist]")).to_have_text("Long Player Band")
        expect(tab.bar.locator(".bar-track .cover")).to_have_attribute("data-letter", "L")
        expect(tab.page).to_have_title("Long Player Band - Two")
        tab.open_queue()
        expect(tab.row("Two", grid="Queue")).to_be_visible()
        tab.sound_goes_on()
        if not is_purged:
            tab.page.reload()
            tab.page.wait_for_timeout(1000)  # the browser asks for the file meanwhile, in vain
            expect(tab.title).to_have_text("Two")
            tab.button("Play").click()
            expect(tab.page.locator(".toast.warning")).to_contain_text("Could not play “Two”")
        context.close()
