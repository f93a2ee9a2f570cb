"""Joined scripts do in Chromium what their modules do."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from tests.web.small_modules import SAID, write_small_modules
from web.joined_files import joined_modules

pytestmark = pytest.mark.browser

ORIGIN = "http://joined.invalid/"


def test_they_do_what_the_modules_do(browser: Browser, tmp_path: Path) -> None:
    script, later = joined_modules(write_small_modules(tmp_path), "later.js")
    files = {"": '<script type="module" src="first.js"></script>', "first.js": script}
    files["later.js"] = later

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN)
        kind = "text/javascript" if name else "text/html"
        route.fulfill(body=files[name], content_type=kind)

    page, said = browser.new_page(), list[str]()
    page.route(f"{ORIGIN}**", answer)
    page.on("console", lambda message: said.append(message.text))
    with page.expect_console_message(lambda message: message.text == SAID[-1]):
        page.goto(ORIGIN)
    page.context.close()
    assert said == SAID
