"""Opens the player for the tests of tiles, whose library has 100,000 tracks without files."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Watched
from tests.browser.tile_pages import PHONE, opened_player
from tests.web.served import ServedMus


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    with opened_player(browser, long) as tab:
        yield tab


@pytest.fixture
def phone(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    with opened_player(browser, long, PHONE) as phone:
        yield phone
