"""Changes of the queue at random in several browsers, whose network is cut at random."""

import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser.sound.listening import Listener
from tests.library.runner.house import wait_until

SETTLES_WITHIN_SECONDS = 60
NEEDED = {"back", "replace", "add"}
KEPT = """(user) => ["mus-queue", "mus-queue-number"].map((each) =>
  localStorage.getItem(`${each}-${user}`))"""
CURRENT = "SELECT entries, number FROM listening_playqueue WHERE is_current AND user_id = 1"
LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get(username="{name}"))
print(client.cookies["sessionid"].value)
"""
HEAR = """async (module) => {
  const { Live } = await import(module);
  window.changes = [];
  const live = new Live(document.body.dataset.eventsWorker);
  live.addEventListener("changed", ({ detail }) => {
    if (detail.number !== null) changes.push(detail.name);
  });
  live.begin();
}"""


def waited(browser: Listener) -> bool:
    """True, after a moment in which the browser's events are handled. For `wait_until`."""
    browser.page.wait_for_timeout(50)
    return True


def queue_of(page: Page, user: str = "ada") -> tuple[list[int], dict[str, Any]]:
    """The ids in the browser's queue in the order of playing, and what it knows of the server's."""
    texts = page.evaluate(KEPT, user)
    queue, known = (json.loads(text or "null") for text in texts)
    if not queue:
        return [], known or {}
    order = queue["order"] or range(len(queue["ids"]))
    return [queue["ids"][place] for place in order], known or {}


@dataclass
class QueueTrial:
    """`browsers`: of one user, each with the open page of an album and an open queue."""

    browsers: list[Listener]
    seed: int
    cut: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    def run(self, seconds: float) -> None:
        chance = random.Random(self.seed)
        deadline = time.monotonic() + seconds
        # A slow machine makes few changes in that time.
        while time.monotonic() < deadline or not self.counts.keys() >= NEEDED:
            number = chance.randrange(len(self.browsers))
            if chance.random() < 0.15:
                self._toggle_network(number)
            else:
                self._change(self.browsers[number].page, chance)
            time.sleep(chance.uniform(0, 0.6))
        for number in [*self.cut]:
            self._toggle_network(number)

    def _toggle_network(self, number: int) -> None:
        is_cut = number not in self.cut
        (self.cut.add if is_cut else self.cut.remove)(number)
        self.browsers[number].page.context.set_offline(is_cut)
        self._count("cut" if is_cut else "back")

    def _change(self, page: Page, chance: random.Random) -> None:
        kind = chance.choice(["move", "move", "remove", "add", "add", "shuffle", "replace"])
        self._count(kind)
        if kind == "shuffle":
            page.keyboard.press("s")
        elif kind in ("add", "replace"):
            self._use_album(page, chance, kind)
        else:
            rows = page.locator("#queue .rows .row:not([hidden], .is-loading)")
            if not (count := rows.count()):
                return
            page.evaluate(
                """(number) => {
              const rows = document.querySelectorAll("#queue .rows .row:not([hidden])");
              rows[number]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
            }""",
                chance.randrange(count),
            )
            page.keyboard.press("Delete" if kind == "remove" else "Alt+ArrowDown")

    def _use_album(self, page: Page, chance: random.Random, kind: str) -> None:
        """Play from a track on, or add one by its menu."""
        page.evaluate(
            """([number, isPlayed]) => {
          const rows = document.querySelectorAll("main .rows .row:not([hidden])");
          const row = rows[number % rows.length];
          const name = isPlayed ? "dblclick" : "contextmenu";
          const at = { bubbles: true, cancelable: true, clientX: 9, clientY: 9 };
          row.dispatchEvent(new MouseEvent(name, at));
          const items = [...document.querySelectorAll("[role=menuitem]")];
          items.find((each) => /Add to the queue|Play last/i.test(each.textContent))?.click();
        }""",
            [chance.randrange(100), kind == "replace"],
        )

    def _count(self, kind: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def settle(self) -> list[int]:
        """Wait until all browsers have the server's queue, and return its ids."""
        shelf = self.browsers[0].shelf

        def agree() -> bool:
            rows = shelf.query(CURRENT)
            if not rows:
                return False
            for each in self.browsers:
                ids, known = queue_of(each.page)
                is_settled = known.get("changedAt") is None and known.get("number")
                if not is_settled or is_settled != rows[0]["number"]:
                    return False
                if ids != json.loads(rows[0]["entries"]):
                    return False
            return True

        try:
            wait_until(agree, SETTLES_WITHIN_SECONDS)
        except AssertionError:
            here = [queue_of(each.page) for each in self.browsers]
            raise AssertionError(f"{here} are not {shelf.query(CURRENT)}") from None
        return queue_of(self.browsers[0].page)[0]
