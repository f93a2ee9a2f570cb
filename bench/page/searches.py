"""How long after the last key the answer to a search is painted."""

from collections.abc import Iterator

from playwright.sync_api import Browser as Chromium

from bench.live.client import Browser
from bench.live.server import ServedLibrary
from bench.page.contexts import new_context

SEARCHES = 10
BETWEEN_KEYS_MS = 60
# `painted`: milliseconds from the last key to the paint of the answer to all that was typed; null
# until then. It is the first change of the page after that answer has begun to arrive.
WATCH = """
let pressed = 0;
let text = "";
let answered = "";
window.painted = null;
document.addEventListener("input", ({ target }) => {
  [pressed, text, answered, window.painted] = [performance.now(), target.value, "", null];
}, true);
const ask = window.fetch;
window.fetch = async (...request) => {
  const response = await ask(...request);
  answered = new URL(response.url).searchParams.get("q");
  return response;
};
const look = () => {
  if (window.painted !== null || !text || answered !== text) return;
  const of = pressed;
  const note = () => of === pressed && (window.painted ??= performance.now() - of);
  requestAnimationFrame(() => setTimeout(note));
};
new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""


def searches(chromium: Chromium, served: ServedLibrary) -> Iterator[float]:
    """Seconds, for words of titles, each typed key by key in a field that was empty."""
    context = new_context(chromium, served)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto("/search")
    field = page.get_by_role("combobox").or_(page.get_by_role("searchbox")).first
    for word in _words(Browser(served)):
        field.fill("")
        page.wait_for_timeout(500)  # until what was asked before is over
        field.press_sequentially(word, delay=BETWEEN_KEYS_MS)
        page.wait_for_function("() => painted !== null")
        yield float(page.evaluate("painted")) / 1000
    context.close()


def _words(client: Browser) -> list[str]:
    """From places all over the library."""
    count = client.get_json("/api/v1/tracks?limit=1")["count"]
    words = []
    for number in range(SEARCHES):
        offset = number * count // SEARCHES
        [track] = client.get_json(f"/api/v1/tracks?limit=1&offset={offset}")["results"]
        words.append(max(track["title"].split(), key=len).lower())
    return words
