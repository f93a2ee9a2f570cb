"""Somebody who listens in a tab of Chromium."""

import re
import time

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.browser.accounts import PASSWORD
from tests.browser.conftest import PATIENCE_MS, Watched
from tests.browser.sound.shelf import Shelf

# The audio elements are not in the document, what the system was told cannot be asked for, and
# messages go after seconds: all are noted as they are made.
NOTE_SOUNDS = """
window.sounds = [];
window.loads = [];
window.Audio = new Proxy(Audio, { construct(target, given) {
  const made = new target(...given);
  made.addEventListener('loadstart', () => loads.push(made.src));
  sounds.push(made);
  return made;
} });
window.actions = {};
MediaSession.prototype.setActionHandler = new Proxy(MediaSession.prototype.setActionHandler, {
  apply(target, session, [action, act]) {
    actions[action] = act;
    return Reflect.apply(target, session, [action, act]);
  },
});
MediaSession.prototype.setPositionState = new Proxy(MediaSession.prototype.setPositionState, {
  apply(target, session, [state]) {
    window.positionState = state;
    return Reflect.apply(target, session, [state]);
  },
});
window.said = [];
new MutationObserver((changes) => {
  for (const node of changes.flatMap((each) => [...each.addedNodes])) {
    if (node.classList?.contains('toast')) said.push(node.textContent);
  }
}).observe(document, { childList: true, subtree: true });
window.sounding = () => sounds.filter(each => !each.paused && !each.ended);
window.heard = () => sounding()[0]?.currentTime ?? -1;
"""
POLLS_EVERY_MS = 50
ARRIVES_WITHIN_SECONDS = 10
FALL_SILENT = """() => {
  navigator.sendBeacon = () => true;
  window.fetch = () => new Promise(() => null);
}"""


def open_context(
    browser: Browser,
    shelf: Shelf,
    state: object = None,
    size: tuple[int, int] = (1280, 844),
    *,
    is_touched: bool = False,
    has_worker: bool = False,
) -> BrowserContext:
    """A browser of its own; `state` is what `log_in` gave. `is_touched`: it is a phone's.
    `has_worker`: the service worker runs, which loads each file of the page again."""
    context = browser.new_context(
        service_workers="allow" if has_worker else "block",
        base_url=shelf.server.url,
        viewport={"width": size[0], "height": size[1]},
        storage_state=state,  # type: ignore[arg-type]
        has_touch=is_touched,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(NOTE_SOUNDS)
    return context


def log_in(page: Page) -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("region", name="Player", exact=True)).to_be_visible()


class Listener:
    """A tab, its player, and what it asks the server for."""

    def __init__(self, context: BrowserContext, shelf: Shelf) -> None:
        self.shelf = shelf
        self.page = context.new_page()
        self.watched = Watched(self.page, shelf.server.url.removeprefix("http://"))
        self.asked: list[Request] = []
        self.saving: list[Request] = []  # what is under way to the server
        self.page.on("request", self._begins)
        self.page.on("requestfinished", self._ends)
        self.page.on("requestfailed", self._ends)
        self.bar = self.page.get_by_role("region", name="Player", exact=True)
        self.seek = self.bar.get_by_role("slider", name="Position")
        self.volume = self.bar.get_by_role("slider", name="Volume")
        self.title = self.bar.locator("[data-part=title]")

    @property
    def complaints(self) -> list[str]:
        return self.watched.complaints

    def button(self, name: str) -> Locator:
        return self.bar.get_by_role("button", name=name, exact=True)

    def open(self, album: str = "Long Player") -> None:
        self.page.goto(self.shelf.album(album))
        expect(self.page.get_by_role("heading", name=album, exact=True)).to_be_visible()

    def load(self, album: str = "Long Player") -> None:
        """Open its page, and wait for the state and the queue that the server has."""
        with self.page.expect_response("**/player/queue"):
            self.open(album)

    def play(self, title: str, album: str = "Long Player") -> None:
        """From the page of its album, with what follows there."""
        self.open(album)
        self.row(title).dblclick()
        self.hears(title)

    def row(self, title: str, grid: str = "Tracks") -> Locator:
        rows = self.page.get_by_role("grid", name=grid).get_by_role("row")
        return rows.filter(has=self.page.get_by_text(title, exact=True))

    def hears(self, title: str) -> None:
        """It is `title` that plays, and its time goes on."""
        expect(self.title).to_have_text(title)
        self.until("heard() >= 0")
        self.sound_goes_on()

    def sound_goes_on(self) -> None:
        self.until("heard() >= 0")
        at = self.position()
        self.until(f"sounding().length === 1 && heard() > {at + 0.2}")

    def until(self, condition: str, arg: object = None) -> None:
        """An expression, of `arg` perhaps; as a function: the page may not evaluate strings."""
        # By default it would be evaluated at each frame, and draw the page for that.
        self.page.wait_for_function(f"(arg) => ({condition})", arg=arg, polling=POLLS_EVERY_MS)

    def leave(self) -> None:
        """As a person closes a tab: the page hears of it."""
        with self.page.expect_event("close"):
            self.page.close(run_before_unload=True)

    def is_silent(self) -> None:
        self.until("sounding().length === 0")

    def position(self) -> float:
        return float(self.page.evaluate("heard()"))

    def seek_to(self, seconds: float) -> None:
        self.seek.evaluate(
            """(seek, to) => { seek.value = to;
              for (const type of ['input', 'change']) seek.dispatchEvent(new Event(type)); }""",
            seconds,
        )

    def says(self, words: str) -> None:
        """A message with these words came since the page was loaded."""
        self.until("said.some((each) => each.includes(arg))", arg=words)

    def is_at(self, seconds: int) -> None:
        """The bar says so; a busy machine may have played on for a while."""
        shown = re.compile(f"^({'|'.join(f'0:{seconds + more:02}' for more in range(8))})$")
        expect(self.bar.locator("[data-part=position]")).to_have_text(shown)

    def begun_loads(self, title: str) -> int:
        """How often an audio element began to load its file since the page was loaded."""
        path = f"/api/v1/tracks/{self.shelf.track(title)}/stream"
        script = "path => loads.filter(each => each.endsWith(path)).length"
        return int(self.page.evaluate(script, path))

    def streams(self, title: str) -> list[Request]:
        """What was asked for of its file."""
        path = f"/api/v1/tracks/{self.shelf.track(title)}/stream"
        return [each for each in self.asked if each.url.endswith(path)]

    def keep_queue(self, saved: str) -> None:
        """What an earlier visit left in this browser, however it came there."""
        self.page.evaluate("saved => localStorage.setItem('mus-queue-ada', saved)", saved)

    def keep_silent(self) -> None:
        """What it would save at its end must not reach the next test."""
        if not self.page.is_closed():
            self.page.evaluate(FALL_SILENT)

    def save_no_more(self) -> None:
        """What it saved has arrived and nothing follows: a test may change what is stored."""
        self.keep_silent()
        deadline = time.monotonic() + ARRIVES_WITHIN_SECONDS
        while self.saving and not self.page.is_closed() and time.monotonic() < deadline:
            self.page.wait_for_timeout(POLLS_EVERY_MS)

    def _begins(self, request: Request) -> None:
        self.asked.append(request)
        if request.method == "PUT":
            self.saving.append(request)

    def _ends(self, request: Request) -> None:
        if request in self.saving:
            self.saving.remove(request)

    def saves(self, method: str = "PUT") -> list[Request]:
        return [
            each
            for each in self.asked
            if each.url.endswith("player/state") and each.method == method
        ]

    def open_queue(self) -> Locator:
        self.bar.get_by_role("button", name="Queue", exact=True).click()
        panel = self.page.get_by_role("complementary", name="Queue")
        expect(panel).to_be_visible()
        return panel

    def queued(self) -> list[str]:
        """The titles in the open queue, in the order in which they lie on the page."""
        script = """rows => rows
          .map(row => [row.getBoundingClientRect().top, row.querySelector('.title .text')])
          .sort((one, other) => one[0] - other[0]).map(([, title]) => title.textContent)"""
        rows = self.page.locator("#queue .rows [role=row]:visible")
        return list(rows.evaluate_all(script))
