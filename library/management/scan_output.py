"""The output of a scan: a progress bar, plain lines for log files, a report as text or as JSON."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from library.files.names import RULES
from library.models.scan import ScanState
from library.scanning import ScanProgress, ScanReport
from runtime.visible_text import printable

SECONDS_BETWEEN_LINES = 5.0
_COUNTS = (
    "seen",
    "added",
    "updated",
    "moved",
    "restored",
    "joined",
    "missing",
    "postponed",
    "failed",
    "playlists",
)

OnProgress = Callable[[ScanProgress], None]


@contextmanager
def live_bar() -> Iterator[OnProgress]:
    """A progress bar on stderr that shows stage, rate and remaining time."""
    with tqdm(unit=" files", dynamic_ncols=True, leave=False, file=sys.stderr) as bar:

        def show(now: ScanProgress) -> None:
            bar.set_description(now.stage, refresh=False)
            if bar.total != now.total:
                bar.reset(now.total)  # also draws the bar, even if the scan is very short
            bar.update(now.done - bar.n)

        yield show


@contextmanager
def plain_lines(write: Callable[[str], object]) -> Iterator[OnProgress]:
    """Write the progress as a line every few seconds, where there is no terminal."""
    began = last = time.monotonic()

    def show(now: ScanProgress) -> None:
        nonlocal last
        if time.monotonic() - last < SECONDS_BETWEEN_LINES:
            return
        last = time.monotonic()
        rate = now.read / (last - began)
        write(f"{now.stage}: {now.seen} found, {now.read} of {now.to_read} read, {rate:.0f}/s")

    yield show


@contextmanager
def silence() -> Iterator[OnProgress]:
    """Show no progress."""
    yield lambda _: None


def as_json(report: ScanReport, purged: dict[str, Any] | None) -> str:
    """The report as JSON on one line. `purged`: counts of a purge, null if there was none.

    Characters outside visible ASCII are escaped: a program gets exact names, and a terminal gets no
    control characters.
    """
    values: dict[str, Any] = {**report.as_dict(), "purged": purged}
    return json.dumps(values).replace("\x7f", r"\u007f")  # the one that json.dumps does not escape


def as_text(report: ScanReport) -> str:
    """The report for people, in several lines."""
    lines = [printable(report.message)]
    if report.state != ScanState.FAILED or report.counts.seen:
        rate = report.counts.seen / report.duration_s if report.duration_s else 0
        lines.append(f"  in {report.duration_s:.1f} s, {rate:,.0f} files/s")
    lines += [
        f"  {name:<10}{value:>8,}"
        for name in _COUNTS
        if (value := getattr(report.counts, name)) or name in {"seen", "added"}
    ]
    if report.counts.postponed:
        lines.append("Files still being written were left for the next scan.")
    if report.state == ScanState.COMPLETED and report.error:
        lines.append(printable(report.error))
    if report.ignored:
        lines += ["Ignored:"]
        lines += [f"  {count:>10,}  {RULES[rule]}" for rule, count in report.ignored.items()]
    if report.counts.failed:
        lines += ["Could not be read:"]
        lines += [
            f"  {printable(each.path)}: {printable(each.reason)}" for each in report.first_failures
        ]
        if report.counts.failed > len(report.first_failures):
            lines.append("  ... and more; the admin lists all of them under Scan failures.")
    return "\n".join(lines)
