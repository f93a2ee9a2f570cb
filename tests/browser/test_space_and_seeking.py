"""Keys that play, in Chromium: Space pauses whatever was clicked, Alt is left to the browser."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.browser.live_house import LiveHouse, live_house

pytestmark = [pytest.mark.browser, pytest.mark.server]

PRESS = """(init) => {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}"""
POSITION = "Number(document.querySelector('#player [data-part=seek]').value)"


@pytest.fixture(scope="module")
def house(
    browser: Browser, live_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveHouse]:
    with live_house(tmp_path_factory.mktemp("keys"), live_library) as house:
        yield house


@pytest.fixture
def tab(browser: Browser, house: LiveHouse) -> Iterator[Watched]:
    forget_players(house.server)
    tab = watch(browser, house.server, 1280, "dark", is_calm=True)
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def toggle(page: Page) -> Locator:
    return page.locator("#player [data-part=toggle]")


def expect_playing(page: Page, *, playing: bool = True) -> None:
    expect(toggle(page)).to_have_attribute("aria-label", "Pause" if playing else "Play")


def play_tone(page: Page) -> None:
    page.goto("/tracks")
    page.locator("main .row").filter(has_text="Tone").dblclick()
    expect_playing(page)
    page.wait_for_function(f"() => {POSITION} > 0")


def test_space_after_the_play_button_of_an_album_pauses_what_it_began(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums")
    page.get_by_role("listitem").locator("a[href]").first.click()
    page.locator(".album-head").get_by_role("button", name="Play", exact=True).click()
    expect_playing(page)
    page.keyboard.press("Space")
    expect_playing(page, playing=False)
    page.keyboard.press("Space")
    expect_playing(page)


@pytest.mark.parametrize(
    "clicked",
    [
        "#player [data-part=repeat]",
        "#player [data-part=mute]",
        ".rail a[href^='/tracks']",
        ".rail [data-does=queue]",
        "main .heading-row button",
        "#player [data-part=volume]",
        "main .row .title",
    ],
)
def test_space_pauses_whatever_was_clicked_last(tab: Watched, clicked: str) -> None:
    page = tab.page
    play_tone(page)
    target = page.locator(clicked).first
    target.click()
    pressed = target.get_attribute("aria-pressed")
    page.keyboard.press("Space")
    expect_playing(page, playing=False)
    page.keyboard.press("Space")
    expect_playing(page)
    assert target.get_attribute("aria-pressed") == pressed


def test_space_pauses_after_a_menu_that_the_mouse_opened(tab: Watched) -> None:
    page = tab.page
    play_tone(page)
    page.get_by_role("button", name="Account and more").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Space")
    expect_playing(page, playing=False)
    expect(page.get_by_role("menu")).to_have_count(0)


def test_who_goes_by_keys_presses_buttons_with_space_and_sees_the_focus(tab: Watched) -> None:
    page = tab.page
    play_tone(page)
    page.keyboard.press("/")
    page.keyboard.press("Tab")
    account = page.get_by_role("button", name="Account and more")
    expect(account).to_be_focused()
    assert account.evaluate("(each) => each.matches(':focus-visible')")
    page.keyboard.press("Space")
    expect(page.get_by_role("menuitem", name="History")).to_be_focused()
    page.keyboard.press("Escape")
    expect(account).to_be_focused()
    expect_playing(page)
    page.keyboard.press("Space")
    page.keyboard.press("Space")  # in an open menu it presses the entry
    expect(page.get_by_role("heading", level=1, name="History")).to_be_visible()
    expect_playing(page)


def test_space_is_written_in_fields_and_pressed_in_dialogs(tab: Watched) -> None:
    page = tab.page
    play_tone(page)
    page.get_by_role("searchbox").click()
    page.keyboard.type("m 1")
    expect(page.get_by_role("searchbox")).to_have_value("m 1")
    expect_playing(page)
    page.get_by_role("searchbox").evaluate("(field) => field.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_playing(page)


def test_seeking_is_j_and_l_and_shift_with_arrows(tab: Watched) -> None:
    page = tab.page
    play_tone(page)
    page.keyboard.press("Space")
    expect_playing(page, playing=False)
    start = page.evaluate(POSITION)
    for key, at in (
        ("l", 10),
        ("Shift+ArrowRight", 20),
        ("L", 30),
        ("j", 20),
        ("Shift+ArrowLeft", 10),
    ):
        page.keyboard.press(key)
        page.wait_for_function(f"() => Math.abs({POSITION} - {start + at}) < 0.5")


def test_alt_with_arrows_is_left_to_the_browser(tab: Watched) -> None:
    page = tab.page
    play_tone(page)
    page.keyboard.press("Space")
    expect_playing(page, playing=False)
    before = page.evaluate(POSITION)
    for key in ("ArrowLeft", "ArrowRight", "Home"):
        assert page.evaluate(PRESS, {"key": key, "code": key, "altKey": True}) is False
    assert page.evaluate(POSITION) == before


@pytest.mark.parametrize(
    ("pressed", "percent"),
    [
        ({"key": "=", "code": "Equal"}, "100 %"),
        ({"key": "+", "code": "Equal", "shiftKey": True}, "100 %"),
        ({"key": "+", "code": "NumpadAdd"}, "100 %"),
        ({"key": "+", "code": "BracketRight"}, "100 %"),  # German
        ({"key": "=", "code": "Digit0", "shiftKey": True}, "100 %"),  # German
        ({"key": "-", "code": "NumpadSubtract"}, "90 %"),
        ({"key": "-", "code": "Slash"}, "90 %"),  # German
        ({"key": "*", "code": "BracketRight", "shiftKey": True}, "95 %"),  # German
        ({"key": "ь", "code": "KeyM"}, "muted"),  # Russian
        ({"key": "M", "code": "Semicolon"}, "muted"),  # French, with Caps Lock
    ],
)
def test_volume_keys_go_by_what_the_key_writes(
    tab: Watched, pressed: dict[str, object], percent: str
) -> None:
    page = tab.page
    play_tone(page)
    page.keyboard.press("-")
    expect(page.locator("#player [data-part=percent]")).to_have_text("95 %")
    page.evaluate(PRESS, pressed)
    expect(page.locator("#player [data-part=percent]")).to_have_text(percent)


def test_buttons_that_can_do_nothing_are_off(tab: Watched) -> None:
    page = tab.page
    bar = page.locator("#player")
    off = ("toggle", "previous", "next", "shuffle", "repeat", "seek", "menu")
    for part in off:
        expect(bar.locator(f"[data-part={part}]")).to_be_disabled()
    page.goto("/tracks?q=Tone")
    page.locator("main .row").filter(has_text="Tone").dblclick()
    expect_playing(page)
    expect(page.locator(".heading .count")).to_have_text("1 track found")
    for part in off:
        enabled = part != "next"
        expect(bar.locator(f"[data-part={part}]")).to_be_enabled(enabled=enabled)
    page.get_by_role("button", name="Queue").locator("visible=true").first.click()
    expect(page.locator("#queue").get_by_role("button", name="Clear")).to_be_disabled()
    page.keyboard.press("r")
    expect(bar.locator("[data-part=next]")).to_be_enabled()
    page.keyboard.press("r")
    page.keyboard.press("r")
    expect(bar.locator("[data-part=next]")).to_be_disabled()
    page.goto("/tracks")
    expect(page.locator("main .row").filter(has_text="Tone")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Add to the queue").click()
    expect(bar.locator("[data-part=next]")).to_be_enabled()


def brightest(seek: Locator) -> int:
    """Of its points, from 0 to 255, but for its upper edge, which the button above it touches. In
    the dark its line has 44, and its knob 237; that of a bar that is off, if it were shown, 121."""
    picture = Image.open(io.BytesIO(seek.screenshot())).convert("L")
    return max(picture.crop((0, 4, *picture.size)).tobytes())


def test_the_seek_bar_has_a_knob_once_something_is_loaded(tab: Watched) -> None:
    page = tab.page
    seek = page.locator("#player .seek")
    expect(seek.locator("input")).to_be_disabled()
    assert brightest(seek) < 80
    play_tone(page)
    assert brightest(seek) > 200
