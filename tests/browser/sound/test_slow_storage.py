"""The browser's storage answers late: a page does not wait for it for long, and catches up."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import Shelf

pytestmark = [pytest.mark.browser, pytest.mark.server]

# A transaction that writes, and goes on until `release()`: others of these stores wait for its end.
HOLD = """() => new Promise((resolve) => {
  const names = ["tracks", "files", "covers", "sets"];
  const opening = indexedDB.open("mus-kept-ada", 1);
  opening.onupgradeneeded = () => names.forEach((name) => opening.result.createObjectStore(name));
  opening.onsuccess = () => {
    const stores = opening.result.transaction(names, "readwrite");
    let isHeld = true;
    const goOn = () => isHeld && (stores.objectStore("sets").count().onsuccess = goOn);
    goOn();
    window.release = () => (isHeld = false);
    resolve();
  };
})"""

# The same with a database of a version to come, which this one cannot open once it is free.
HOLD_NEWER = """() => new Promise((resolve) => {
  const opening = indexedDB.open("mus-kept-ada", 2);
  opening.onupgradeneeded = () => {
    const store = opening.result.createObjectStore("later");
    let isHeld = true;
    const goOn = () => isHeld && (store.count().onsuccess = goOn);
    goOn();
    window.release = () => (isHeld = false);
    resolve();
  };
})"""


@pytest.fixture
def storage(tab: Listener, shelf: Shelf) -> Iterator[Page]:
    """Another page of this browser, which can hold its storage."""
    page = tab.page.context.new_page()
    page.goto("/favicon.ico")
    yield page
    page.close()


def keep_button(tab: Listener) -> Locator:
    return tab.page.locator("main button.keep-offline")


def ask_to_keep(tab: Listener) -> None:
    """The album whose page is open."""
    keep_button(tab).click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("of this browser's storage")
    dialog.get_by_role("button", name="Keep offline").click()
    expect(dialog).to_have_count(0)


def test_what_is_kept_is_said_once_the_storage_answers(tab: Listener, storage: Page) -> None:
    tab.open("Short Cuts")
    ask_to_keep(tab)
    expect(keep_button(tab)).to_have_text("Kept offline")
    storage.evaluate(HOLD)
    tab.page.reload()
    expect(keep_button(tab)).to_have_text("Keep offline")
    storage.evaluate("release()")
    expect(keep_button(tab)).to_have_text("Kept offline")
    keep_button(tab).click()
    tab.says("“Short Cuts” is not kept offline any more.")
    expect(keep_button(tab)).to_have_text("Keep offline")


def test_an_album_is_kept_that_was_asked_for_before_the_storage_answers(
    tab: Listener, storage: Page
) -> None:
    storage.evaluate(HOLD)
    tab.open("Short Cuts")
    ask_to_keep(tab)
    expect(keep_button(tab)).to_have_text("Keep offline")
    storage.evaluate("release()")
    expect(keep_button(tab)).to_have_text("Kept offline")


def test_a_browser_whose_storage_turns_out_to_be_of_no_use_offers_to_keep_nothing(
    tab: Listener, storage: Page
) -> None:
    storage.evaluate(HOLD_NEWER)
    tab.open("Short Cuts")
    expect(keep_button(tab)).to_have_text("Keep offline")
    storage.evaluate("release()")
    expect(keep_button(tab)).to_be_hidden()
