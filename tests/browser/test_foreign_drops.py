"""What is dropped onto the page from outside of it in Chromium: no page is opened in place of the
player, and the file of a playlist is imported."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.playlist_pages import opened
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

DROP = """([where, name, address]) => {
  const dataTransfer = new DataTransfer();
  if (name) dataTransfer.items.add(new File(["#EXTM3U\\nnowhere.flac\\n"], name));
  if (address) dataTransfer.setData("text/uri-list", address);
  const tell = (type) => {
    const event = new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer });
    document.querySelector(where).dispatchEvent(event);
    return event.defaultPrevented;
  };
  return [tell("dragover"), tell("drop")];
}"""


@pytest.fixture
def page(browser: Browser, listed: ServedMus) -> Iterator[Page]:
    for tab in opened(browser, listed, 1280):
        yield tab.page


def drop(page: Page, where: str, name: str = "", address: str = "") -> list[bool]:
    """Whether the browser is kept from opening it, while it is dragged and when it is dropped."""
    return list(page.evaluate(DROP, [where, name, address]))


def test_what_is_dropped_opens_nothing_in_place_of_the_player(page: Page) -> None:
    assert drop(page, "#content", name="song.flac") == [True, True]
    expect(page.locator(".toast")).to_contain_text("The file of a playlist can be dropped here")
    assert drop(page, "#search-field", name="song.flac") == [True, True]
    assert drop(page, "#player", address="https://example.org/") == [True, True]
    assert drop(page, "#search-field", address="https://example.org/") == [False, False]


def test_the_file_of_a_playlist_is_imported_where_it_is_dropped(page: Page) -> None:
    drop(page, "#content", name="Evening.m3u8")
    expect(page.get_by_role("dialog", name="“Evening” was imported")).to_be_visible()
