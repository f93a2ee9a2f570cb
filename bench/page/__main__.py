"""`python -m bench.page`: the player's page on a known library, measured in a real Chromium."""

import argparse
import shutil
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console

from bench.command_line import count, until_interrupted
from bench.corpus import ensure_corpus
from bench.ending import measure_and_keep
from bench.live.new_files import adder
from bench.live.server import serve_library
from bench.machine import current_commit
from bench.page.refreshes import refreshes
from bench.page.searches import searches
from bench.page.visits import FAR, ROWS, TILES, visit
from bench.places import default_bench_dir
from bench.results import Verdict
from bench.table import budgets_table, make_console
from tests.services import NotInstalled

DEFAULT_TRACKS = 20_000
VISITS = 11  # the figure of one moves by a third
FIRST_LIST_LIMIT_S, FAR_LIMIT_S = 0.6, 1.5
SHIPPED_LIMIT_KB, SHIPPED_LIMIT = 130.0, 12
SEARCH_LIMIT_S, REFRESH_LIMIT_S = 0.1, 1.0


@dataclass(frozen=True, kw_only=True)
class PageResult:
    """Medians; see `bench.page.visits.Visit`. `far`: by a slow network."""

    taken_at: str
    commit: str
    tracks: int
    first_list_s: float
    far_first_list_s: float
    home_s: float
    shipped: int
    shipped_kb: float
    headers_kb: float
    visit_kb: float
    search_s: float
    refresh_s: float

    def verdicts(self) -> Iterator[Verdict]:
        first = f"navigation to the first of {self.tracks:,} tracks painted"
        yield Verdict(what=first, figure=self.first_list_s, limit=FIRST_LIST_LIMIT_S, unit="s")
        far = "the same at 100 ms and 10 Mbit/s"
        yield Verdict(what=far, figure=self.far_first_list_s, limit=FAR_LIMIT_S, unit="s")
        home = "navigation to the first tiles of home painted"
        yield Verdict(what=home, figure=self.home_s, limit=FIRST_LIST_LIMIT_S, unit="s")
        kind = "scripts and styles of a first visit, compressed"
        yield Verdict(what=kind, figure=self.shipped_kb, limit=SHIPPED_LIMIT_KB, unit="KB")
        files = "scripts and styles of a first visit"
        yield Verdict(what=files, figure=self.shipped, limit=SHIPPED_LIMIT, unit="files")
        search = "last key of a search to its answer painted"
        yield Verdict(what=search, figure=self.search_s, limit=SEARCH_LIMIT_S, unit="s")
        live = "end of a scan to refreshed rows"
        yield Verdict(what=live, figure=self.refresh_s, limit=REFRESH_LIMIT_S, unit="s")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=__doc__)
    parser.add_argument("--tracks", type=count, default=DEFAULT_TRACKS, metavar="N")
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    console = make_console()
    return measure_and_keep("page", lambda: _measure(options), _show, options.bench_dir, console)


def _show(result: PageResult, console: Console) -> None:
    console.print(
        f"a first visit transfers {result.visit_kb:.1f} KB in all; the headers of scripts and "
        f"styles are {result.headers_kb:.1f} KB of it"
    )
    console.print(budgets_table(list(result.verdicts())))


def _measure(options: argparse.Namespace) -> PageResult:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if not executable:
        raise NotInstalled("Chromium is not installed: apt install chromium (or google-chrome)")
    known = options.bench_dir.absolute() / f"m{options.tracks}"
    ensure_corpus(known, options.tracks, tiny=False, console=make_console())
    with (
        _folders(options.bench_dir.absolute()) as (work, small),
        serve_library([known, small], known, work) as served,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        near = [visit(chromium, served, "/tracks", ROWS, None) for _ in range(VISITS)]
        far = [visit(chromium, served, "/tracks", ROWS, FAR) for _ in range(VISITS)]
        home = [visit(chromium, served, "/", TILES, None) for _ in range(VISITS)]
        searched = [*searches(chromium, served)]
        refreshed = [*refreshes(chromium, served, small, adder(known, small))]
        chromium.close()
    return PageResult(
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        commit=current_commit(),
        tracks=options.tracks,
        first_list_s=statistics.median(each.seen_s for each in near),
        far_first_list_s=statistics.median(each.seen_s for each in far),
        home_s=statistics.median(each.seen_s for each in home),
        shipped=max(each.shipped for each in near),
        shipped_kb=statistics.median(each.shipped_kb for each in near),
        headers_kb=statistics.median(each.headers_kb for each in near),
        visit_kb=statistics.median(each.visit_kb for each in near),
        search_s=statistics.median(searched),
        refresh_s=statistics.median(refreshed),
    )


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
