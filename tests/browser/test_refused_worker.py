"""A browser that refuses shared workers, as some settings of privacy do: the page still hears of
what changes, and loads all that it needs."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

REFUSE = """window.SharedWorker = class {
  constructor() { throw new DOMException("The operation is insecure.", "SecurityError"); }
}"""


def test_events_come_without_a_shared_worker(browser: Browser, listed: ServedMus) -> None:
    tab = watch(browser, listed, 1280, "dark", is_calm=True)
    log_in(tab)
    tab.page.add_init_script(REFUSE)
    with (
        tab.page.expect_request("**/events/track-updates*"),
        tab.page.expect_request("**/api/v1/bookmarks*"),
    ):
        tab.page.goto("/albums")
    expect(tab.page.get_by_role("link", name="album1").first).to_be_visible()
    tab.page.context.close()
    assert tab.complaints == []
