"""One server with sounding records for all tests of the player, and a tab that listens to them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.sound.listening import Listener, log_in, open_context
from tests.browser.sound.phones import UPRIGHT, start
from tests.browser.sound.shelf import Shelf, make_sounding_library, open_shelf
from tests.once import made_once


@pytest.fixture(scope="session")
def records(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that sounds, to be copied."""
    return made_once(
        tmp_path_factory, "records", lambda folder: make_sounding_library(folder, peopled)
    )


@pytest.fixture(scope="package")
def shelf(
    browser: Browser, records: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shelf]:
    with open_shelf(tmp_path_factory.mktemp("shelf"), records) as shelf:
        yield shelf


@pytest.fixture
def house(tmp_path: Path, records: Path) -> Iterator[Shelf]:
    """A server of one test's own, which may end it."""
    with open_shelf(tmp_path, records) as shelf:
        yield shelf


@pytest.fixture(scope="package")
def session(browser: Browser, shelf: Shelf) -> object:
    """The cookies of who is logged in."""
    context = open_context(browser, shelf)
    log_in(context.new_page())
    state = context.storage_state()
    context.close()
    return {"cookies": state["cookies"], "origins": []}


@pytest.fixture
def open_tab(browser: Browser, shelf: Shelf, session: object) -> Iterator[Callable[[], Listener]]:
    """Makes tabs of one browser, whose player was never touched; none of them may complain."""
    shelf.forget_state()
    context = open_context(browser, shelf, session)
    tabs: list[Listener] = []

    def open_another() -> Listener:
        tabs.append(Listener(context, shelf))
        return tabs[-1]

    yield open_another
    for tab in tabs:
        tab.save_no_more()
    context.close()
    assert [without_conflicts(tab) for tab in tabs] == [[] for _ in tabs]


def without_conflicts(tab: Listener) -> list[str]:
    """Browsers complain of a 409, which a page gets that saves its place in a queue that another
    one replaced a moment ago. The page then takes that queue over."""
    return [each for each in tab.complaints if "409 (Conflict)" not in each]


@pytest.fixture
def tab(open_tab: Callable[[], Listener]) -> Listener:
    return open_tab()


@pytest.fixture
def open_phone(
    browser: Browser, shelf: Shelf, session: object
) -> Iterator[Callable[[tuple[int, int]], Listener]]:
    shelf.forget_state()
    phones: list[Listener] = []

    def open_one(size: tuple[int, int]) -> Listener:
        context = open_context(browser, shelf, session, size, is_touched=True)
        phones.append(Listener(context, shelf))
        return phones[-1]

    yield open_one
    for phone in phones:
        phone.keep_silent()
        phone.page.context.close()
    assert [phone.complaints for phone in phones] == [[] for _ in phones]


@pytest.fixture
def phone(open_phone: Callable[[tuple[int, int]], Listener]) -> Listener:
    """Held upright. It shows the albums, then one of them, whose second track plays."""
    phone = open_phone(UPRIGHT)
    start(phone)
    return phone
