"""What changed in the library reaches an open page in Chromium: by one request, and where it is
shown."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.browser.live_house import LiveHouse, let_it_be_old, live_house
from tests.browser.test_live import NOTE_SOUNDS, row
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

QUEUE = "JSON.parse(localStorage.getItem('mus-queue-ada')).ids"
EARLIER = (
    "(JSON.parse(localStorage.getItem('mus-earlier-queues-ada')) ?? null)?.map("
    "({ queue }) => queue.ids)"
)
CURRENT = (
    "from listening.models import PlayerState; print(PlayerState.objects.get().current_track_id)"
)
NOTE_SYNCS = """() => {
  window.syncs = [];
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) if (name.includes("/sync?")) syncs.push(name);
  }).observe({ type: "resource" });
}"""
LISTS = ("tracks", "albums", "artists", "genres", "years", "sync", "search")


@pytest.fixture(scope="module")
def house(
    browser: Browser, live_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveHouse]:
    with live_house(tmp_path_factory.mktemp("changes"), live_library) as house:
        yield house


@pytest.fixture
def tab(browser: Browser, house: LiveHouse) -> Iterator[Watched]:
    tab = watch(browser, house.server, 1280, "dark")
    tab.page.add_init_script(NOTE_SOUNDS)
    log_in(tab)
    loaded(tab.page)
    house.wait_until_heard_by(tab.page)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def loaded(page: Page) -> None:
    shown = "main :is(.row, .tile, .artist-row):not([hidden], .is-loading)"
    expect(page.locator(shown).first).to_be_visible()


def asked_for(page: Page) -> list[str]:
    """The lists that the page asks for from now on, by the names of the API; each once for all the
    pages of it that are asked for together."""
    page.wait_for_timeout(500)  # what it asked for before has left
    asked: list[str] = []

    def note(request: Request) -> None:
        path = request.url.partition("/api/v1/")[2]
        name = path.partition("?")[0]
        is_list = name.partition("/")[0] in LISTS and not name.endswith(("stream", ".webp"))
        if is_list and asked[-1:] != [name]:
            asked.append(name)

    page.on("request", note)
    return asked


def ended(page: Page, house: LiveHouse) -> None:
    """Nothing is on its way any more: a second event, which changes nothing, was heard."""
    page.wait_for_timeout(800)  # longer than the moment within which a page asks
    house.say(("warning", "the next event"))
    expect(page.locator(".toast").filter(has_text="the next event").first).to_be_visible()
    page.wait_for_timeout(200)


def in_queue(page: Page, title: str) -> Locator:
    return page.locator("#queue .row:not([hidden], .is-loading)").filter(has_text=title)


def test_a_scan_that_changed_one_track_costs_one_sync_and_the_list_in_sight(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    asked = asked_for(page)
    house.rename_tone("Tone renamed")
    house.scan()
    expect(row(page, "Tone renamed")).to_be_visible()
    ended(page, house)
    assert asked == ["sync", "tracks"]


def test_lists_of_other_things_are_left_alone(tab: Watched, house: LiveHouse) -> None:
    page = tab.page
    page.goto("/albums")
    loaded(page)
    house.wait_until_heard_by(page)
    asked = asked_for(page)
    house.rename_tone("Tone renamed")  # is on no album
    house.scan()
    ended(page, house)
    assert asked == ["sync"]
    asked.clear()
    house.add("of another album", artist="B", album="Another")
    house.scan()
    expect(page.get_by_role("link", name="Another")).to_be_visible()
    ended(page, house)
    assert asked == ["sync", "albums"]


def test_the_page_of_an_album_or_artist_asks_only_if_it_is_concerned(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    page.goto("/tracks?q=m003")
    row(page, "m003").get_by_role("link", name="Silence").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Silence")
    asked = asked_for(page)
    house.rename_tone("Tone renamed")
    house.scan()
    ended(page, house)
    assert asked == ["sync"]
    page.goto("/artists?q=M")
    page.locator(".artist-row:not([hidden], .is-loading) a").filter(has_text="album").first.click()
    expect(page.locator(".artist-head h1")).to_have_text("M")
    house.wait_until_heard_by(page)
    asked.clear()
    house.rename_tone("Tone again")
    house.scan()
    ended(page, house)
    assert asked == ["sync"]
    tracks = int(page.locator(".artist-head .count").inner_text().split(" tracks")[0].split()[-1])
    house.add("m000 and a half", artist="M", album="Silence")
    house.scan()
    expect(page.locator(".artist-head .count")).to_contain_text(f"{tracks + 1} tracks")


def test_many_changes_reload_the_list_in_sight_without_fetching_them_all(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    page.goto("/tracks?sort=-added")
    loaded(page)
    house.wait_until_heard_by(page)
    asked = asked_for(page)
    page.evaluate(NOTE_SYNCS)
    for number in range(600):
        house.add(f"many {number:03}", artist="Z")
    house.scan()
    expect(row(page, "many 599")).to_be_visible()
    ended(page, house)
    assert asked == ["sync", "tracks"]
    assert page.evaluate("syncs.length") == 2
    house.rename_tone("Tone once more")
    house.scan()
    page.wait_for_function("() => syncs.length === 3")
    ended(page, house)
    assert page.evaluate("syncs.length") == 3


def test_a_copy_that_plays_takes_the_id_of_its_original_and_plays_on(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    old_id, new_id = play_the_copy(page, house)
    source = page.evaluate("heard().src")
    (house.music / "tone.wav").unlink()
    house.scan()
    page.wait_for_function(f"(id) => !{QUEUE}.includes(id)", arg=new_id)
    assert page.evaluate(QUEUE)[:2] == [old_id, old_id]
    assert page.evaluate("heard().src") == source
    then = page.evaluate("heard().currentTime")
    page.wait_for_function("(then) => heard()?.currentTime > then + 0.3", arg=then)
    expect(page.locator("#player").get_by_text("Tone", exact=True)).to_be_visible()
    expect(row(page, "Tone")).to_have_class("row is-current")
    wait_until(lambda: house.server.python(CURRENT).strip() == str(old_id))


def test_a_queue_stored_by_a_page_that_was_closed_takes_living_ids(
    browser: Browser, tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    old_id, new_id = play_the_copy(page, house)
    page.keyboard.press("Space")
    page.goto("/tracks?q=m001")
    row(page, "m001").dblclick()  # the queue with the copy is an earlier one now
    page.wait_for_function(f"() => {EARLIER} !== undefined")
    assert new_id in page.evaluate(EARLIER)[0]
    page.goto("/password/")
    (house.music / "tone.wav").unlink()
    house.scan()
    page.goto("/albums")
    page.wait_for_function(f"(id) => !{EARLIER}[0].includes(id)", arg=new_id)
    assert page.evaluate(EARLIER)[0][:2] == [old_id, old_id]


def play_the_copy(page: Page, house: LiveHouse) -> tuple[int, int]:
    """Plays a copy of `Tone` that a later scan found. Returns the ids of both."""
    if not (house.music / "tone.wav").exists():
        (house.music / "a copy.wav").rename(house.music / "tone.wav")
    house.rename_tone("Tone")
    house.scan()
    shutil.copy(house.music / "tone.wav", house.music / "a copy.wav")
    let_it_be_old(house.music / "a copy.wav")
    house.scan()
    expect(row(page, "Tone")).to_have_count(2)
    row(page, "Tone").nth(1).dblclick()
    page.wait_for_function("() => heard()?.currentTime > 0.3")
    ids = page.evaluate(QUEUE)[:2]
    return min(ids), max(ids)


def test_a_track_in_the_queue_that_went_missing_is_shown_as_gone_until_it_is_back(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    row(page, "m000").dblclick()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Queue").locator("visible=true").first.click()
    expect(in_queue(page, "m001")).not_to_have_class("is-gone")
    song, away = house.music / "m001.mp3", house.folder / "m001.mp3"
    shutil.move(song, away)
    asked = asked_for(page)
    house.scan()
    expect(page.locator("#queue .row.is-gone")).to_contain_text("m001")
    shutil.move(away, song)
    house.scan()
    expect(page.locator("#queue .row.is-gone")).to_have_count(0)
    expect(in_queue(page, "m001")).to_be_visible()
    ended(page, house)
    lists = ["sync", "tracks", "tracks/letters"]  # nothing for the queue
    assert asked == [*lists, *lists]
