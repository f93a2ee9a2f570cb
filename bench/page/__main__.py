"""`python -m bench.page`: the player's page on a known library, measured in a real Chromium."""

import argparse
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, sync_playwright

from bench.command_line import count, until_interrupted
from bench.corpus import CorpusError, ensure_corpus
from bench.live.client import Browser
from bench.live.kept import keep
from bench.live.new_files import adder
from bench.live.server import ServedLibrary, serve_library
from bench.machine import current_commit
from bench.measure import CommandFailed
from bench.places import default_bench_dir
from bench.results import Verdict
from bench.table import budgets_table, make_console

DEFAULT_TRACKS = 20_000
VISITS = 5
CHANGES = 3
FIRST_LIST_LIMIT_S, SHIPPED_LIMIT_KB, REFRESH_LIMIT_S = 1.0, 60.0, 1.0
SHIPPED = ("Script", "Stylesheet")
# `seen`: when rows of tracks were painted first; `counts`: when each count was.
WATCH = """
window.seen = null;
window.counts = {};
const look = () => {
  const count = document.querySelector("main .count")?.textContent;
  if (count) counts[count] ??= Date.now();
  if (document.querySelector("main .rows .row:not(.is-loading, [hidden])")) {
    requestAnimationFrame(() => setTimeout(() => (seen ??= performance.now())));
  }
};
new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
"""


@dataclass(frozen=True, kw_only=True)
class PageResult:
    """Medians. `shipped_kb`: scripts and styles as they are compressed; `headers_kb`: the headers
    that came with them; `visit_kb`: all that a first visit transfers until its first list and the
    covers in sight are there. A KB has 1,000 bytes."""

    taken_at: str
    commit: str
    tracks: int
    first_list_s: float
    shipped_kb: float
    headers_kb: float
    visit_kb: float
    refresh_s: float

    def verdicts(self) -> Iterator[Verdict]:
        first = f"navigation to the first of {self.tracks:,} tracks painted"
        yield Verdict(what=first, figure=self.first_list_s, limit=FIRST_LIST_LIMIT_S, unit="s")
        kind = "scripts and styles of a first visit, compressed"
        yield Verdict(what=kind, figure=self.shipped_kb, limit=SHIPPED_LIMIT_KB, unit="KB")
        live = "end of a scan to refreshed rows"
        yield Verdict(what=live, figure=self.refresh_s, limit=REFRESH_LIMIT_S, unit="s")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        console.print("skipped: Chromium is not installed: apt install chromium (or google-chrome)")
        return 0
    try:
        result = _measure(options, executable)
    except (CommandFailed, CorpusError, OSError) as error:
        console.print(str(error), markup=False)
        return 2
    console.print(
        f"a first visit transfers {result.visit_kb:.1f} KB in all; the headers of scripts and "
        f"styles are {result.headers_kb:.1f} KB of it"
    )
    console.print(budgets_table(list(result.verdicts())))
    keep(result, result.commit, "page", options.bench_dir, console)
    return 0


def _measure(options: argparse.Namespace, executable: str) -> PageResult:
    known = options.bench_dir.absolute() / f"m{options.tracks}"
    ensure_corpus(known, options.tracks, tiny=False, console=make_console())
    with (
        _folders(options.bench_dir.absolute()) as (work, small),
        serve_library([known, small], known, work) as served,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        visits = [_visit(chromium, served) for _ in range(VISITS)]
        refreshes = list(_refreshes(chromium, served, small, adder(known, small)))
        chromium.close()
    first, shipped, headers, whole = (statistics.median(each) for each in zip(*visits, strict=True))
    return PageResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        tracks=options.tracks,
        first_list_s=first,
        shipped_kb=shipped / 1000,
        headers_kb=headers / 1000,
        visit_kb=whole / 1000,
        refresh_s=statistics.median(refreshes),
    )


def _visit(chromium: Chromium, served: ServedLibrary) -> tuple[float, int, int, int]:
    """By a browser that was never here: seconds to the first list; bytes of what is shipped, of its
    headers, and of all."""
    context = _context(chromium, served)
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
    page.goto("/tracks")
    page.wait_for_function("() => seen !== null")
    seen_s = float(page.evaluate("seen")) / 1000
    page.wait_for_timeout(1000)  # until covers and the state are there
    context.close()
    shipped = sum(lengths[each] for each in heads)
    headers = sum(heads.values())
    return seen_s, shipped - headers, headers, sum(lengths.values())


def _refreshes(
    chromium: Chromium, served: ServedLibrary, folder: Path, change: Callable[[], None]
) -> Iterator[float]:
    """Seconds from the end of each scan to when its track was counted on the page."""
    client = Browser(served)
    context = _context(chromium, served)
    page = context.new_page()
    page.goto("/tracks?sort=-added")
    page.wait_for_function("() => seen !== null")
    page.wait_for_timeout(1000)  # until it listens
    for _ in range(CHANGES):
        before = len(page.evaluate("Object.keys(counts)"))
        change()
        ended_s = client.wait_for_scan(client.start_scan(str(folder)))
        page.wait_for_function("(before) => Object.keys(counts).length > before", arg=before)
        yield float(page.evaluate("Math.max(...Object.values(counts))")) / 1000 - ended_s
    context.close()


def _context(chromium: Chromium, served: ServedLibrary) -> BrowserContext:
    url = f"http://127.0.0.1:{served.port}"
    context = chromium.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    for cookie in served.headers["Cookie"].split("; "):
        name, value = cookie.split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": url}])
    context.add_init_script(WATCH)
    return context


@contextmanager
def _folders(bench_dir: Path) -> Iterator[tuple[Path, Path]]:
    """One for the data, and an empty one for music that is new."""
    work, small = bench_dir / "page", bench_dir / "page-new"
    for folder in (work, small):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    try:
        yield work, small
    finally:
        for folder in (work, small):
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
