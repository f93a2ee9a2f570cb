"""The statistics in Chromium: periods, pictures and their tables, names that lead to their pages,
and what is played from there; wide and on a phone, by keyboard."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.browser.test_axe import expect_no_violation
from tests.browser.test_keys_page import PHONE, WIDE
from tests.browser.test_pages import TOO_LOW
from tests.databases import execute, place_in
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

HEAR = """
from datetime import datetime, timedelta, UTC
from django.contrib.auth.models import User
from library.models.catalogue import Track
from listening.models import LostItem, Play
guest, began = User.objects.get(username="guest"), datetime(2025, 3, 30, 12, tzinfo=UTC)
now = datetime.now(UTC).replace(microsecond=0)
lost = LostItem.objects.create(title="Sold", artist="Gone", album="Away", duration_s=7200)
plays = [
    Play(user=guest, track=track, heard_s=600, started_at=at + timedelta(seconds=number))
    for place, track in enumerate(Track.objects.order_by("pk"))
    for at in (began, now)
    for number in range(20 - place)
]
Play.objects.bulk_create([*plays, Play(user=guest, lost=lost, started_at=began)])
"""


@pytest.fixture
def heard(odd: ServedMus) -> Iterator[ServedMus]:
    odd.python(HEAR)
    yield odd
    for table in ("listening_play", "listening_lostitem"):
        execute(place_in(Path(odd.variables["DATA_DIR"])), f"DELETE FROM {table}")  # noqa: S608


@pytest.fixture(params=[(WIDE, "light"), (PHONE, "dark")], ids=["wide", "phone"])
def tab(request: pytest.FixtureRequest, browser: Browser, heard: ServedMus) -> Iterator[Watched]:
    width, scheme = request.param
    tab = watch(browser, heard, width, scheme, is_touched=width == PHONE, is_calm=True)
    log_in(tab, "guest")
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


def is_phone(tab: Watched) -> bool:
    return bool(tab.page.evaluate("innerWidth") == PHONE)


def fits(tab: Watched, picture: Path, state: str) -> None:
    page = tab.page
    page.screenshot(path=picture)
    assert tab.overflow() == 0
    assert page.evaluate(TOO_LOW, 44 if is_phone(tab) else 24) == []
    expect_no_violation(page, state)


def test_what_was_heard_is_seen_read_and_played(tab: Watched, tmp_path: Path) -> None:
    page = tab.page
    page.get_by_role("button", name="Account and more").click()
    page.get_by_role("menuitem", name="Statistics").click()
    expect(page.get_by_role("link", name="This year")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("img", name="By hour of the day. Most: ")).to_be_visible()
    fits(tab, tmp_path / "year.png", "statistics of a year")
    # A chosen month. Its hours are those of this browser's zone.
    year, month = page.get_by_role("combobox").all()
    if is_phone(tab):
        year.select_option("2025")
    else:
        year.focus()
        page.keyboard.type("2025")
    expect(page.get_by_role("img", name="By month. Most: Mar 2025")).to_be_visible()
    month.select_option("March")
    expect(page.get_by_role("img", name="By day. Most: Mar 30")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"of": ["2025-03"]}
    page.get_by_text("As a table: By day").focus()
    page.keyboard.press("Enter")
    days = page.get_by_role("table", name="By day")
    expect(days.get_by_role("row")).to_have_count(32)
    expect(days.get_by_role("row", name="Mar 30")).to_contain_text("h")
    expect(page.get_by_role("table", name="Artists")).to_contain_text("Gone")
    fits(tab, tmp_path / "month.png", "statistics of a month")
    # What is played is what is there.
    tracks = page.get_by_role("region", name="Tracks", exact=True)
    expect(tracks.get_by_role("row", name="Sold").get_by_role("button")).to_have_count(0)
    page.get_by_role("button", name="Play these").click()
    expect(page.locator("[data-part=title]")).not_to_have_text("Nothing plays")
    page.get_by_role("region", name="Albums", exact=True).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("img", name="By day. Most: Mar 30")).to_be_visible()
    page.get_by_role("link", name="This week").click()
    expect(page.get_by_role("img", name="By day. Most: ")).to_be_visible()
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Statistics").click()
    expect(page.get_by_role("heading", name="Statistics")).to_be_visible()


def test_nothing_was_heard_in_that_time(tab: Watched, tmp_path: Path) -> None:
    tab.page.goto("/statistics?of=2025-02")
    expect(tab.page.get_by_role("heading", name="Nothing heard in this time")).to_be_visible()
    fits(tab, tmp_path / "nothing.png", "statistics without plays")


def test_a_page_that_stays_open_gets_to_the_next_month(browser: Browser, heard: ServedMus) -> None:
    tab = watch(browser, heard, WIDE, "light", is_calm=True)
    log_in(tab, "guest")
    page = tab.page
    page.clock.set_fixed_time("2026-01-31T12:00:00")
    page.route("**/api/v1/statistics?*", lambda route: route.fulfill(status=500))
    with page.expect_request("**/api/v1/statistics?*") as january:
        page.goto("/statistics?of=month")
    assert "from=2026-01-01&until=2026-02-01" in january.value.url
    page.clock.set_fixed_time("2026-02-01T12:00:00")
    with page.expect_request("**/api/v1/statistics?*") as february:
        page.get_by_role("button", name="Try again").click()
    assert "from=2026-02-01&until=2026-03-01" in february.value.url
    page.context.close()
