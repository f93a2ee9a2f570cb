"""The figures of a served library, as values and as tables."""

from dataclasses import dataclass
from itertools import chain

from rich import box
from rich.console import Console
from rich.table import Table

from bench.live.crowd import CrowdResult
from bench.live.latency import Latencies, LatencyResult
from bench.live.listeners import ListenersResult
from bench.live.slow_clients import SlowClientsResult
from bench.machine import Machine
from bench.table import budgets_table


@dataclass(frozen=True, kw_only=True)
class LiveResult:
    """A whole run. `tracks` tracks were known before; as many were scanned, twice."""

    taken_at: str
    commit: str
    machine: Machine
    tracks: int
    latency: LatencyResult
    crowd: CrowdResult
    listeners: ListenersResult
    slow_clients: SlowClientsResult


def show(result: LiveResult, console: Console) -> None:
    served = f"{result.tracks:,} tracks are served"
    console.print(result.machine.heading(result.commit, served), markup=False)
    console.print(_latency_table(result.latency))
    console.print(_crowd_table(result.crowd))
    heard, slow = result.listeners, result.slow_clients
    console.print(
        f"{heard.listeners:,} listeners (and {heard.stalled} that never read): "
        f"{heard.memory_kib:.1f} KiB each, {heard.threads_grew:+} threads, "
        f"{heard.database_files_grew:+} database files, connected in {heard.connect_s:.1f} s"
    )
    console.print(
        f"{slow.clients} slow clients: {slow.grew_mib:+.1f} MiB, {slow.threads_grew:+} threads; "
        f"one fast client: {slow.speed_mib_s:,.0f} MiB/s"
    )
    parts = (result.latency, result.listeners, result.slow_clients)
    console.print(budgets_table(list(chain.from_iterable(part.verdicts() for part in parts))))


def _latency_table(latency: LatencyResult) -> Table:
    scan = f"{latency.scanned:,} new files are scanned ({latency.scan_s:.1f} s)"
    title = f"requests, idle and while {scan}"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("request")
    for heading in (
        "idle p50",
        "p99",
        "max",
        "in a scan p50",
        "p99",
        "max",
        "p99 ratio",
        "requests",
    ):
        table.add_column(heading, justify="right")
    for what in latency.idle.seconds:
        table.add_row(
            what,
            *_figures(latency.idle, what),
            *_figures(latency.scanning, what),
            f"{latency.scanning.percentile(what, 99) / latency.idle.percentile(what, 99):.2f}",
            f"{len(latency.idle.seconds[what])} + {len(latency.scanning.seconds[what])}",
        )
    return table


def _crowd_table(crowd: CrowdResult) -> Table:
    title = f"{crowd.clients} clients at once, idle and during a first scan ({crowd.scan_s:.1f} s)"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("request")
    for heading in ("idle p50", "p99", "in a scan p50", "p99", "requests"):
        table.add_column(heading, justify="right")
    for kind in sorted(crowd.idle.seconds):
        found = [(crowd.idle, 50), (crowd.idle, 99), (crowd.scanning, 50), (crowd.scanning, 99)]
        table.add_row(
            kind,
            *(f"{busy.percentile_ms(kind, percent):.0f} ms" for busy, percent in found),
            f"{len(crowd.idle.seconds[kind])} + {len(crowd.scanning.seconds[kind])}",
        )
    both = (crowd.idle, crowd.scanning)
    table.caption = "most threads and memory of the server: " + ", ".join(
        f"{busy.threads} and {busy.memory_mib:.0f} MiB" for busy in both
    )
    return table


def _figures(latencies: Latencies, what: str) -> list[str]:
    figures = [latencies.percentile(what, 50), latencies.percentile(what, 99)]
    return [f"{value_s * 1000:.1f} ms" for value_s in (*figures, max(latencies.seconds[what]))]
