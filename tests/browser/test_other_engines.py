"""The player in Firefox: one journey through what depends on the engine of a browser."""

from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from urllib.parse import urlsplit

import pytest

from tests.audio_files import JPEG
from tests.browser.accounts import PASSWORD
from tests.browser.firefox import DOWN, ENTER, Firefox, firefox, opened_firefox
from tests.browser.small_libraries import scan_new_library
from tests.browser.sound.shelf import Shelf, make_album, make_sound, open_shelf
from tests.library.runner.house import wait_until
from tests.web.served import manage

pytestmark = [pytest.mark.browser, pytest.mark.server]

ALBUM = "Long Player"
TITLES = ["One", "Two", "Three"]
TITLE = "document.querySelector('#player [data-part=title]').textContent"
POSITION = "document.querySelector('#player [data-part=position]').textContent"
ROW = "main [role=row][id$='-{index}'] .title"
SAYS = "document.querySelector('main').innerText.includes(arguments[0])"
IS_KEPT = "document.querySelector('.keep-offline').textContent === 'Kept offline'"
IS_MENU = "(document.querySelector('[role=menu]:popover-open') !== null) === arguments[0]"
AWAY = "document.querySelector('#offline').hidden === arguments[0]"


@pytest.fixture
def house(tmp_path: Path, peopled: Path) -> Iterator[Shelf]:
    """Its player is muted: without a sound card Firefox plays nothing else."""
    firefox()  # or the test is skipped
    music = tmp_path / "music"
    make_album(music, ALBUM, TITLES, 40)
    (music / ALBUM / "cover.jpg").write_bytes(JPEG)
    scan_new_library(tmp_path, peopled)
    with open_shelf(tmp_path, tmp_path) as shelf:
        shelf.set_state(is_muted=True)
        yield shelf


def test_a_journey_in_firefox(house: Shelf, tmp_path: Path) -> None:
    with opened_firefox(tmp_path / "profile") as tab:
        log_in(tab, house)
        find_and_play(tab)
        open_the_menu_by_the_right_button(tab)
        like(tab, "Two")
        wait_until(lambda: liked(house) == ["Two"])
        see_what_a_scan_adds(tab, house)
        keep(tab, house)
        host = urlsplit(house.server.url).netloc
        assert [each for each in tab.complaints(host) if not is_of_a_cut(each)] == []
        house.server.end(SIGKILL)
        hear_without_the_server(tab, house)
        with open_shelf(tmp_path, tmp_path, house.server.variables["PORT"]):
            tab.until(AWAY, True)  # noqa: FBT003
            wait_until(lambda: liked(house) == ["Two", "Three"])


def is_of_a_cut(complaint: str) -> bool:
    """Firefox notes what it was loading when the page was left."""
    return "Request failed" in complaint or "was interrupted while the page was" in complaint


def log_in(tab: Firefox, house: Shelf) -> None:
    tab.open(f"{house.server.url}/login/")
    tab.write("[name=username]", "ada")
    tab.write("[name=password]", PASSWORD)
    tab.click("main [type=submit]")
    tab.until("document.querySelector('#player') && location.pathname === '/'")
    tab.until(SAYS, ALBUM)


def find_and_play(tab: Firefox) -> None:
    """By keys."""
    tab.press("/", *"two")
    tab.until("document.querySelector('main [data-item]')")
    tab.press(DOWN, ENTER)
    hears(tab, "Two")


def hears(tab: Firefox, title: str) -> None:
    tab.until(f"{TITLE} === arguments[0]", title)
    at = tab.ask(POSITION)
    tab.until(f"{POSITION} > arguments[0]", at)


def go(tab: Firefox, place: str) -> None:
    """By a link of the page, which stays loaded."""
    tab.click(f".rail a[data-place={place}]")
    tab.until("location.pathname === `/${arguments[0]}`", place)


def open_the_menu_by_the_right_button(tab: Firefox) -> None:
    """It stays open when the button is released, until something else is pressed."""
    go(tab, "tracks")
    tab.click(ROW.format(index=0), button=2)
    tab.until(IS_MENU, True)  # noqa: FBT003
    tab.click("main h1")
    tab.until(IS_MENU, False)  # noqa: FBT003


def like(tab: Firefox, title: str) -> None:
    tab.click(f"#player [data-does=favourite][aria-label='Favourite: {title}']")


def liked(house: Shelf) -> list[str]:
    rows = house.query(
        "SELECT title FROM listening_favourite AS own"
        " JOIN library_track ON library_track.id = own.track_id ORDER BY own.id"
    )
    return [row["title"] for row in rows]


def see_what_a_scan_adds(tab: Firefox, house: Shelf) -> None:
    wait_until(lambda: house.listeners() == 1)
    make_sound(house.folder / "music" / "Later" / "1.wav", 2, title="Later", artist="B")
    done = manage(house.server.variables, "scan_tracks", "--quiet")
    assert done.returncode == 0, done.stderr
    tab.until(SAYS, "Later")


def keep(tab: Firefox, house: Shelf) -> None:
    tab.open(house.server.url + house.album(ALBUM))
    tab.click(".keep-offline")
    tab.click("dialog[open] .primary:enabled")
    tab.until(IS_KEPT)
    tab.until("navigator.serviceWorker.controller !== null")


def hear_without_the_server(tab: Firefox, house: Shelf) -> None:
    """The page is loaded, the track sounds, and a mark waits for the server."""
    tab.open(
        house.server.url + house.album(ALBUM)
    )  # the driver's reload passes the service worker by
    tab.until("document.querySelector('main h1')?.textContent === arguments[0]", ALBUM)
    tab.click(ROW.format(index=2), times=2)
    hears(tab, "Three")
    tab.until(AWAY, False)  # noqa: FBT003
    like(tab, "Three")
    tab.until("document.querySelector('#player [data-does=favourite]').ariaPressed === 'true'")
    tab.until("document.querySelector('.album-head .cover img')?.naturalWidth > 0")
