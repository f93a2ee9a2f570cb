"""The admin's pages while a scan runs, in Chromium: they follow it to its end by themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accounts import PASSWORD
from tests.browser.conftest import Watched, watch
from tests.databases import copy_database
from tests.library.runner.house import House
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

FILES = 1500
SCANS = "/admin/library/scan/"


@pytest.fixture(scope="module")
def house(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("scanned"))
    house.fill(FILES)
    copy_database(peopled, house.database)
    yield house
    house.end_all()


@pytest.fixture(scope="module")
def server(house: House) -> Iterator[ServedMus]:
    with house.serve("--no-scan") as server:
        yield server


@pytest.fixture
def tab(browser: Browser, server: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, server, 390, "dark")
    page = tab.page
    page.goto(f"/admin/login/?next={SCANS}")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    yield tab
    page.context.close()
    assert tab.complaints == []


def test_the_page_of_a_scan_moves_and_ends_without_a_reload(house: House, tab: Watched) -> None:
    page = tab.page
    number = len(house.scans()) + 1
    page.get_by_role("button", name="Full rescan").click()
    child = house.held_scan(number)
    panel = page.get_by_role("region", name=f"Scan {number} is running")
    expect(panel).to_be_visible()
    page.evaluate("window.isTheSamePage = true")
    house.execute("UPDATE library_scan SET total = 3000, seen = 900 WHERE state = 'running'")
    expect(panel).to_contain_text("900 of 3,000 files")
    house.execute("UPDATE library_scan SET seen = 1200 WHERE state = 'running'")
    expect(panel).to_contain_text("1,200 of 3,000 files")
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 1200)
    expect(page.locator(".field-seen .readonly")).to_have_text("1200")
    assert tab.overflow() == 0
    child.resume()
    said = page.get_by_role("status")
    expect(said).to_have_text(f"Music library scan completed. {FILES} items processed.")
    expect(page.locator(".field-state .readonly")).to_have_text("completed")
    expect(page.locator(".field-seen .readonly")).to_have_text(f"{FILES}")
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    assert page.evaluate("window.isTheSamePage") is True


def test_the_list_of_scans_follows_a_scan_and_offers_the_next_one(
    house: House, tab: Watched
) -> None:
    page = tab.page
    number = len(house.scans()) + 1
    page.get_by_role("button", name="Full rescan").click()
    child = house.held_scan(number)
    page.goto(SCANS)
    link = page.get_by_role("link", name=f"{number}", exact=True)
    row = page.locator("#result_list tr", has=link)
    expect(row).to_contain_text("running")
    page.get_by_role("button", name="Cancel").click()
    page.goto(SCANS)
    expect(page.get_by_role("region")).to_contain_text("Ending.")
    page.evaluate("window.isTheSamePage = true")
    child.resume()
    expect(row).to_contain_text("cancelled")
    expect(page.get_by_role("button", name="Rescan library")).to_be_visible()
    assert page.evaluate("window.isTheSamePage") is True
    row.get_by_role("checkbox").check()
    expect(page.locator(".action-counter")).to_contain_text("1 of")


def test_a_server_that_is_away_is_told_and_waited_for(house: House, tab: Watched) -> None:
    page = tab.page
    number = len(house.scans()) + 1
    page.get_by_role("button", name="Full rescan").click()
    child = house.held_scan(number)
    panel = page.get_by_role("region", name=f"Scan {number} is running")
    page.route("**/progress/", lambda route: route.fulfill(status=503))
    expect(panel).to_contain_text("does not answer; trying again")
    page.unroute("**/progress/")
    child.resume()
    expect(page.get_by_role("status")).to_contain_text("completed")
    tab.complaints = [each for each in tab.complaints if "503" not in each]
