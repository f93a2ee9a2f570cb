"""First visits: what a browser that was never here loads, and when the first rows are painted."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser as Chromium

from bench.live.server import ServedLibrary
from bench.page.contexts import new_context

SHIPPED = ("Script", "Stylesheet")
# Says on the console when what %r selects was painted first, in milliseconds since the navigation.
# Asking the page for it would make Playwright run a large script of its own there, which delayed
# the page's own by 25 to 60 ms.
WATCH = """
(() => {
  const changes = new MutationObserver(() => {
    if (!document.querySelector(%r)) return;
    changes.disconnect();
    requestAnimationFrame(() => setTimeout(() => console.debug("painted", performance.now())));
  });
  changes.observe(document, { childList: true, subtree: true, attributes: true });
})();
"""
ROWS = "main .rows .row:not(.is-loading, [hidden])"
TILES = "main .tile"


@dataclass(frozen=True)
class Network:
    """What Chromium pretends to be connected by."""

    latency_ms: int
    bits_per_s: int

    @property
    def conditions(self) -> dict[str, Any]:
        bytes_per_s = self.bits_per_s / 8
        speed = {"downloadThroughput": bytes_per_s, "uploadThroughput": bytes_per_s}
        return {"offline": False, "latency": self.latency_ms, **speed}


FAR = Network(latency_ms=100, bits_per_s=10_000_000)


@dataclass(frozen=True)
class Visit:
    """`shipped_kb`: scripts and styles as they are compressed; `headers_kb`: the headers that came
    with them; `shipped`: how many there are; `visit_kb`: all that is transferred until the covers
    in sight are there. A KB has 1,000 bytes."""

    seen_s: float
    shipped: int
    shipped_kb: float
    headers_kb: float
    visit_kb: float


def visit(
    chromium: Chromium, served: ServedLibrary, path: str, wanted: str, network: Network | None
) -> Visit:
    """By a browser that was never here. `wanted` selects what has to be painted."""
    context = new_context(chromium, served)
    context.add_init_script(WATCH % wanted)
    page = context.new_page()
    heads: dict[str, int] = {}
    lengths: dict[str, int] = {}

    def note_kind(event: dict[str, Any]) -> None:
        if event["type"] in SHIPPED:
            heads[event["requestId"]] = int(event["response"]["encodedDataLength"])

    def note_length(event: dict[str, Any]) -> None:
        lengths[event["requestId"]] = int(event["encodedDataLength"])

    session = context.new_cdp_session(page)
    session.on("Network.responseReceived", note_kind)
    session.on("Network.loadingFinished", note_length)
    session.send("Network.enable")
    if network:
        session.send("Network.emulateNetworkConditions", network.conditions)
    with page.expect_console_message(lambda each: each.text.startswith("painted")) as painted:
        page.goto(path, wait_until="commit")
    seen_s = float(painted.value.text.split()[1]) / 1000
    page.wait_for_timeout(1000)  # until covers and the state are there
    context.close()
    headers_kb = sum(heads.values()) / 1000
    shipped_kb = sum(lengths[each] for each in heads) / 1000 - headers_kb
    return Visit(seen_s, len(heads), shipped_kb, headers_kb, sum(lengths.values()) / 1000)
