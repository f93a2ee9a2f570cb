"""How long after a scan an open page shows what it found."""

from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser as Chromium

from bench.live.client import Browser
from bench.live.server import ServedLibrary
from bench.page.contexts import new_context

CHANGES = 3
# `counts`: when each number of tracks was shown first.
WATCH = """
window.counts = {};
const look = () => {
  const count = document.querySelector("main .count")?.textContent;
  if (count) counts[count] ??= Date.now();
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""
COUNTED = "(least) => Object.keys(counts).length > least"


def refreshes(
    chromium: Chromium, served: ServedLibrary, folder: Path, change: Callable[[], None]
) -> Iterator[float]:
    """Seconds from the end of each scan to when its track was counted on the page."""
    client = Browser(served)
    context = new_context(chromium, served)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto("/tracks?sort=-added")
    page.wait_for_function(COUNTED, arg=0)
    page.wait_for_timeout(1000)  # until it listens
    for _ in range(CHANGES):
        before = len(page.evaluate("Object.keys(counts)"))
        change()
        ended_s = client.wait_for_scan(client.start_scan(str(folder)))
        page.wait_for_function(COUNTED, arg=before)
        yield float(page.evaluate("Math.max(...Object.values(counts))")) / 1000 - ended_s
    context.close()
