"""Results for people: a table of figures and a table of budgets for each size."""

from rich import box
from rich.console import Console
from rich.table import Table

from bench.contenders import Step
from bench.measure import Figures
from bench.results import RunResult, SizeResult, Verdict

HEADINGS = ("wall s", "mus = 1", "CPU s", "peak MiB", "tracks/s", "transactions", "longest")
WIDTH = 110  # where the output is no terminal; the tables fit


def make_console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH)


def show(result: RunResult, console: Console) -> None:
    machine = result.machine
    console.print(
        f"commit {result.commit}, {machine.cores} cores, {machine.memory_gib} GiB, "
        f"{machine.system}, Python {machine.python}, SQLite {machine.sqlite}; "
        f"load before: {machine.load_before}; median of {result.runs}, page cache warm",
        markup=False,
    )
    for size in result.sizes:
        console.print(_figures_table(size))
        if size.verdicts:
            console.print(budgets_table(size.verdicts))
        for remark in size.remarks:
            console.print(f"· {remark}", markup=False)
        console.print()


def _figures_table(size: SizeResult) -> Table:
    table = Table(title=_title(size), title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("step")
    table.add_column("who")
    for heading in HEADINGS:
        table.add_column(heading, justify="right")
    if size.process_start_s is not None:
        table.add_row("process start", "mus", seconds(size.process_start_s), end_section=True)
    for step in Step:
        _add_step(table, size, step)
    return table


def _title(size: SizeResult) -> str:
    of = size.corpus
    if "folder" in of:
        return f"{size.tracks:,} tracks in {of['folder']}"
    kind = "tiny files" if of["tiny"] else f"{of['size_bytes'] / 1e9:.1f} GB"
    return f"{size.tracks:,} tracks, {kind}" + ("" if of["encoder"] else ", samples for sound")


def _add_step(table: Table, size: SizeResult, step: Step) -> None:
    mus = size.median("mus", step)
    rows = [(name, found) for name in size.scans if (found := size.median(name, step))]
    for name, found in rows:
        table.add_row(
            step.value,
            name,
            seconds(found.wall_s),
            f"{found.wall_s / mus.wall_s:.2f}" if mus else "",
            seconds(found.cpu_s),
            _memory(found),
            f"{size.tracks / found.wall_s:,.0f}",
            str(found.facts.get("transactions", "")),
            _milliseconds(found.facts.get("longest_transaction_s")),
        )
    table.add_section()


def budgets_table(verdicts: list[Verdict]) -> Table:
    """Each budget beside its figure."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("budget")
    for heading in ("figure", "limit"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for verdict in verdicts:
        table.add_row(
            verdict.what,
            f"{verdict.figure:,.3g} {verdict.unit}",
            f"{verdict.limit:,.3g} {verdict.unit}",
            "[green]pass[/]" if verdict.passes else "[red]over[/]",
        )
    return table


def seconds(value: float) -> str:
    return f"{value:,.3f}" if value < 1 else f"{value:,.2f}"


def _memory(figures: Figures) -> str:
    """The scan's own process; beside it the greatest of its children, where there are any."""
    if figures.peak_mib is None:
        return ""
    if figures.child_peak_mib is None:
        return f"{figures.peak_mib:,.0f}"
    return f"{figures.peak_mib:,.0f} ({figures.child_peak_mib:,.0f})"


def _milliseconds(value_s: float | None) -> str:
    return "" if value_s is None else f"{value_s * 1000:,.0f} ms"
