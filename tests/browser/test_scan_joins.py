"""The tracks that scans joined, on the page of scans in Chromium: listed, and parted again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.browser.live_house import METRICS_TOKEN, LiveHouse
from tests.browser.test_axe import expect_no_violation
from tests.browser.test_scans_page import OVER, RUNNING
from tests.web.served import serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

WATCHED = """
from tests.web.library_rows import make_scan
make_scan(trigger="watch", seen=1, message="Music library scan completed. 1 items processed.")
"""
OTHER_DISK = """
from library.models.joins import Join
Join.objects.filter(lost_path="in/21.mp3").update(lost_root="/other disk", lost_path="out/21.mp3")
"""
JOINED = 23


@pytest.fixture(scope="module")
def house(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveHouse]:
    folder = tmp_path_factory.mktemp("joins")
    for number in range(JOINED):
        make_audio(folder / "music" / "in" / f"{number:02}.mp3", title=f"Song {number:02}")
    make_audio(folder / "music" / "other.mp3", title="Other")
    with serve(
        folder, peopled, "--no-scan", SCAN_WORKERS="1", METRICS_TOKEN=METRICS_TOKEN
    ) as server:
        house = LiveHouse(folder, server)
        house.scan()
        yield house


@pytest.fixture
def tab(browser: Browser, house: LiveHouse) -> Iterator[Watched]:
    tab = watch(browser, house.server, 1280, "dark", is_calm=True)
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 409" not in each] == []


def joined(page: Page) -> Locator:
    return page.get_by_role("list", name="Joined tracks").get_by_role("listitem")


def item(page: Page, title: str) -> Locator:
    return joined(page).filter(has_text=title)


def test_without_joins_the_page_says_so(tab: Watched) -> None:
    tab.page.goto("/scans")
    expect(tab.page.get_by_role("region", name="Joined tracks")).to_contain_text(
        "No tracks were joined by the latest scans."
    )


def test_a_scan_of_changed_files_says_so(tab: Watched, house: LiveHouse) -> None:
    house.server.python(WATCHED)
    tab.page.goto("/scans")
    row = tab.page.get_by_role("region", name="The latest scans").locator("tbody tr").first
    expect(row.locator("td").nth(2)).to_have_text("changed files")


def test_listeners_hear_how_many_tracks_were_joined(
    browser: Browser, tab: Watched, house: LiveHouse
) -> None:
    guest = watch(browser, house.server, 390, "light")
    log_in(guest, "guest")
    expect(guest.page.locator("main .rows .row:not([hidden], .is-loading)").first).to_be_visible()
    shutil.copytree(house.music / "in", house.music / "out")
    house.scan()
    shutil.rmtree(house.music / "in")
    house.wait_for_streams(2)
    house.scan()
    expect(guest.page.locator(".toast")).to_contain_text(f"{JOINED} tracks joined with copies")
    guest.page.goto("/scans")
    expect(guest.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    guest.page.context.close()


def test_what_was_joined_is_listed_with_what_and_why(tab: Watched, house: LiveHouse) -> None:
    page = tab.page
    page.goto("/scans")
    heading = page.get_by_role("heading", name=f"{JOINED} tracks joined by the scan of")
    expect(heading).to_be_visible()
    expect(joined(page)).to_have_count(20)
    page.get_by_role("button", name="Show more (3 left)").click()
    expect(joined(page)).to_have_count(JOINED)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    expect(item(page, "Song 22")).to_contain_text("One is a copy of the other")
    expect(item(page, "Song 22")).to_contain_text("in/22.mp3")
    expect(item(page, "Song 22")).to_contain_text("out/22.mp3")
    history = page.get_by_role("region", name="The latest scans").locator("tbody tr")
    show = f"{JOINED}: show what was joined"
    expect(history.first.get_by_role("button", name=show)).to_be_visible()
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert tab.overflow() == 0
        expect_no_violation(page, f"joins at {width}")


def test_music_folders_are_named_where_they_differ(tab: Watched, house: LiveHouse) -> None:
    house.server.python(OTHER_DISK)
    tab.page.goto("/scans")
    expect(item(tab.page, "Song 21")).to_contain_text("/other disk/out/21.mp3")
    expect(item(tab.page, "Song 21")).to_contain_text("/music/out/21.mp3")
    expect(item(tab.page, "Song 22").locator("dd").first).to_have_text("in/22.mp3")


def test_two_are_parted_after_a_question_that_says_what_will_happen(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    page.goto("/scans")
    item(page, "Song 22").get_by_role("button", name="Part").click()
    question = page.get_by_role("dialog", name="Part these two tracks?")
    expect(question).to_contain_text("is there again, with the file out/22.mp3")
    expect(question).to_contain_text("is missing until its file comes back: in/22.mp3")
    expect_no_violation(page, "the question whether to part")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    item(page, "Song 22").get_by_role("button", name="Part").click()
    house.server.python(RUNNING)  # a scan, as one on another machine
    question.get_by_role("button", name="Part them").click()
    expect(question.get_by_role("alert")).to_contain_text("not parted; try again later")
    house.server.python(OVER)
    question.get_by_role("button", name="Part them").click()
    expect(question).to_have_count(0)
    expect(item(page, "Song 22")).to_contain_text("Two tracks again since")
    expect(item(page, "Song 22")).to_contain_text("parted by an administrator")
    expect(item(page, "Song 22").get_by_role("button")).to_have_count(0)
    expect(item(page, "Song 21").get_by_role("button")).to_have_count(1)
