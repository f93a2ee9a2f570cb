"""Music is shared by a link, and somebody without a login hears it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.audio_files import PNG, make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.browser.playlist_pages import api
from tests.browser.small_libraries import scan_new_library
from tests.browser.sound.phones import PULLS_AT_ROOT
from tests.browser.sound.shelf import make_sound
from tests.browser.test_axe import expect_no_violation
from tests.databases import place_in
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

ARABIC = "حبيتك بالصيف"
ENDLESS = "A title that goes on and on " * 6
MONEY = "$$$ & $& Money"
LINK = re.compile(r"http://.*/s/[a-z2-7]{34}")
MANY = """
from django.contrib.auth.models import User
from listening.shares.editing import ShareContents, make_share
from listening.shares.links import token_of
from tests.web.library_rows import count_tracks, make_album, make_tracks
album = make_album("Many")
make_tracks(1050, album=album, album_title="Many")
count_tracks(album)
ada = User.objects.get(username="ada")
print(token_of(make_share(ada, ShareContents(album_ids=[album.pk]), {})))
"""
PICTURES = os.environ.get("SHARING_PICTURES")
"""A folder for screenshots of what the tests come by."""


@pytest.fixture(scope="module")
def sharing(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("sharing")
    album = folder / "music" / "Mixed"
    for number, (title, seconds) in enumerate({ARABIC: 1, ENDLESS: 1, "Long": 40}.items(), 1):
        tags: dict[str, Any] = {
            "artist": f"Band {number}",
            "album": "Mixed",
            "album_artist": "Various",
        }
        make_sound(album / f"{number}.wav", seconds, title=title, track_number=number, **tags)
    tags = {"artist": "Nobody", "album": "Mixed", "album_artist": "Various"}
    make_audio(album / "4.wma", title="Windows", track_number=4, **tags)
    (album / "cover.png").write_bytes(PNG)
    make_sound(folder / "music" / "alone.wav", 1, title="Alone", artist="Somebody")
    make_audio(folder / "music" / "money.wma", title=MONEY, artist="Somebody")
    scan_new_library(folder, peopled)
    with serve(folder, place_in(folder / "data"), "--no-scan", SHARING="everybody") as server:
        yield server


def picture(tab: Watched, name: str) -> None:
    if PICTURES:
        width = (tab.page.viewport_size or {"width": 0})["width"]
        tab.page.screenshot(path=f"{PICTURES}/{name}-{width}.png")


def opened(browser: Browser, server: ServedMus, width: int, scheme: str, url: str) -> Watched:
    """The tab of somebody without a login."""
    tab = watch(browser, server, width, scheme, is_touched=width < 720, is_calm=True)
    tab.page.goto(url)
    return tab


def share_album(page: Page) -> str:
    page.goto("/albums")
    page.get_by_role("link", name="Mixed").first.click()
    more = page.get_by_role("button", name="More for Mixed")
    expect(page.get_by_role("heading", name="Mixed", level=1)).to_be_visible()
    if more.is_visible():  # a phone has a menu
        more.click()
        page.get_by_role("menuitem", name="Share by a link…").click()
    else:
        page.get_by_role("button", name="Share by a link…").click()
    dialog = page.get_by_role("dialog", name="Share by a link")
    dialog.get_by_label("Title of the page").fill("For a friend")
    dialog.get_by_label("Last day").fill("2040-12-31")
    dialog.get_by_label("Most visits").fill("2")
    dialog.get_by_role("button", name="Make the link").click()
    link = dialog.get_by_label("Link", exact=True)
    expect(link).to_have_value(LINK)
    expect(dialog.get_by_role("status")).to_contain_text("link")
    return link.input_value()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "dark"), (390, "light")])
def test_an_album_is_shared_heard_changed_and_taken_back(
    browser: Browser, sharing: ServedMus, width: int, scheme: str
) -> None:
    own = watch(browser, sharing, width, scheme, is_touched=width < 720, is_calm=True)
    log_in(own)
    url = share_album(own.page)
    picture(own, "link")
    expect_no_violation(own.page, "the link in the dialog")
    own.page.get_by_role("button", name="Done").click()

    guest = opened(browser, sharing, width, scheme, url)
    see_a_shared_album(guest)
    own.page.goto("/shares")
    shared = own.page.locator(".shares li").first
    expect(shared).to_contain_text("0 of 2 visits")
    hear_a_shared_album(guest)
    expect(shared).to_contain_text("1 of 2 visits")  # without a reload
    allow_one_visit(own)
    hear_the_track_before_again(guest.page)  # this visit plays on
    take_back_twice(own)
    guest.page.goto(url)
    expect(guest.page.get_by_role("heading", name="There is nothing to hear here")).to_be_visible()
    picture(guest, "gone")
    expect_no_violation(guest.page, "a link that has ended")
    for tab in (own, guest):
        tab.page.context.close()


def see_a_shared_album(guest: Watched) -> None:
    page = guest.page
    expect(page.get_by_role("heading", name="For a friend")).to_be_visible()
    expect(page.get_by_role("region", name="Player")).to_be_hidden()
    picture(guest, "page")
    expect_no_violation(page, "a shared album")


def hear_a_shared_album(guest: Watched) -> None:
    """Until its last track, which cannot be played."""
    page = guest.page
    page.get_by_role("button", name="Play", exact=True).click()
    long = page.locator(".track", has_text="Long")
    expect(long).to_have_attribute("aria-current", "true")  # the two before it were heard
    player = page.get_by_role("region", name="Player")
    expect(player.locator(".title")).to_have_text("Long")
    expect(page.get_by_role("button", name="Next track")).to_be_disabled()  # Chromium has no WMA
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play", exact=True).last).to_be_visible()
    picture(guest, "playing")
    expect_no_violation(page, "a shared album that plays")
    page.locator(".track", has_text="Windows").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot play “Windows”")
    assert guest.overflow() == 0
    assert guest.complaints == []
    assert page.context.cookies() == []


def allow_one_visit(own: Watched) -> None:
    row = own.page.locator(".shares li").first
    row.get_by_role("button", name="Change…").click()
    own.page.get_by_label("Most visits").fill("1")
    picture(own, "change")
    own.page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("used up")
    picture(own, "shares")
    expect_no_violation(own.page, "the list of links")
    assert own.overflow() == 0


def hear_the_track_before_again(page: Page) -> None:
    """It lasts a second, then the long one plays again."""
    page.get_by_role("button", name="Previous track").click()
    expect(page.locator(".track", has_text="goes on")).to_have_attribute("aria-current", "true")
    long = page.locator(".track", has_text="Long")
    expect(long).to_have_attribute("aria-current", "true")


def take_back_twice(own: Watched) -> None:
    """The first time it is undone."""
    row = own.page.locator(".shares li").first
    row.get_by_role("button", name="Delete").click()
    expect(own.page.get_by_text("You have shared nothing by a link")).to_be_visible()
    own.page.get_by_role("button", name="Undo").click()
    expect(row).to_contain_text("1 of 1 visits")
    row.get_by_role("button", name="Delete").click()
    expect(own.page.get_by_text("You have shared nothing by a link")).to_be_visible()
    assert own.complaints == []


def test_a_track_is_shared_from_its_menu_and_heard_without_scripts(
    browser: Browser, sharing: ServedMus
) -> None:
    own = watch(browser, sharing, 1280, "dark")
    log_in(own)
    own.page.goto("/tracks?q=Alone")
    own.page.get_by_role("row", name="Alone").click(button="right")
    own.page.get_by_role("menuitem", name="Share by a link…").click()
    own.page.get_by_role("button", name="Make the link").click()
    url = own.page.get_by_label("Link", exact=True).input_value()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    expect(page.get_by_role("heading", name="Alone")).to_be_visible()
    expect(page.locator("audio")).to_have_count(1)
    sound = page.request.get(f"{sharing.url}{page.locator('audio').get_attribute('src')}")
    assert (sound.status, sound.headers["content-type"]) == (200, "audio/wav")
    context.close()
    own.page.context.close()


def test_a_long_list_is_loaded_while_it_is_scrolled(browser: Browser, sharing: ServedMus) -> None:
    token = sharing.python(MANY).strip().splitlines()[-1]
    url = f"{sharing.url}/s/{token}"
    guest = opened(browser, sharing, 390, "dark", url)
    page = guest.page
    expect(page.locator(".share-head .count")).to_contain_text("1050 tracks")
    expect(page.locator(".track")).to_have_count(1000)
    assert page.evaluate(PULLS_AT_ROOT) == ["contain", "contain"]  # a reload would be a visit more
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator(".track")).to_have_count(1050)
    expect(page.locator("#more")).to_have_count(0)
    expect(page.locator("audio, noscript + *")).to_have_count(0)
    assert page.locator(".track").last.get_attribute("role") == "button"
    assert guest.overflow() == 0
    assert guest.complaints == []
    page.context.close()


def test_a_title_with_signs_of_money_is_said_as_it_is(browser: Browser, sharing: ServedMus) -> None:
    own = watch(browser, sharing, 1440, "dark", is_calm=True)
    log_in(own)
    (row,) = api(own.page, "GET", "tracks?limit=50&q=Money")["results"]
    url = api(own.page, "POST", "shares", {"track_ids": [row["id"]]})["url"]
    guest = opened(browser, sharing, 1440, "dark", url)
    name = guest.page.locator(".track .title")
    assert name.evaluate("(title) => title.translate") is False
    name.click()
    said = guest.page.locator("#problem")
    expect(said).to_have_text(f"This browser cannot play “{MONEY}”.")
    for tab in (own, guest):
        tab.page.context.close()


def test_a_last_day_that_is_none_is_refused_in_the_field(
    browser: Browser, sharing: ServedMus
) -> None:
    own = watch(browser, sharing, 1440, "dark", is_calm=True)
    log_in(own, place="/tracks?q=Alone")
    own.page.get_by_role("row", name="Alone").click(button="right")
    own.page.get_by_role("menuitem", name="Share by a link…").click()
    dialog = own.page.get_by_role("dialog", name="Share by a link")
    day = dialog.get_by_label("Last day")
    day.evaluate("(field) => (field.value = '12026-12-31')")
    dialog.get_by_role("button", name="Make the link").click()
    expect(day).to_be_focused()
    expect(dialog.locator("[role=alert]")).to_have_text("")
    own.page.context.close()
