"""A joined script does in Chromium what its modules do."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.small_modules import SAID, write_small_modules
from web.joined_files import joined_modules

pytestmark = pytest.mark.browser


def test_it_does_what_the_modules_do(browser: Browser, tmp_path: Path) -> None:
    page, said = browser.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text))
    page.add_script_tag(type="module", content=joined_modules(write_small_modules(tmp_path)))
    page.context.close()
    assert said == [SAID]
