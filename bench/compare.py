"""`python -m bench.compare A.json B.json`: two runs side by side; a ratio below 1 is B's gain."""

import argparse
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from bench.contenders import Step
from bench.measure import Figures
from bench.results import RunResult, SizeResult, UnreadableResults
from bench.table import make_console, seconds

FIGURES = {"wall s": "wall_s", "CPU s": "cpu_s", "peak MiB": "peak_mib"}
FACTS = {"transactions": "transactions", "longest transaction s": "longest_transaction_s"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.add_argument("before", type=Path, metavar="A.json")
    parser.add_argument("after", type=Path, metavar="B.json")
    options = parser.parse_args(arguments)
    try:
        before, after = RunResult.load(options.before), RunResult.load(options.after)
    except (OSError, UnreadableResults) as error:
        print(error, file=sys.stderr)
        return 2
    show(before, after, make_console())
    return 0


def show(before: RunResult, after: RunResult, console: Console) -> None:
    for name, run in (("A", before), ("B", after)):
        console.print(f"{name}: {run.commit}, {run.taken_at}, median of {run.runs}", markup=False)
    if _conditions(before) != _conditions(after):
        console.print("A and B were taken on different machines or versions: ratios mislead.")
    others = {_identity(size): size for size in after.sizes}
    pairs = [(size, others[key]) for size in before.sizes if (key := _identity(size)) in others]
    if not pairs:
        console.print("A and B have no corpus in common.")
    for left, right in pairs:
        console.print(_table(left, right))


def _conditions(run: RunResult) -> tuple[object, ...]:
    machine = run.machine
    return machine.cores, machine.memory_gib, machine.system, machine.python, machine.sqlite


def _identity(size: SizeResult) -> str:
    """Figures of two corpora are not comparable, though the number of tracks be the same."""
    return f"{size.tracks} {sorted(size.corpus.items(), key=lambda item: item[0])}"


def _table(before: SizeResult, after: SizeResult) -> Table:
    table = Table(title=f"{before.tracks:,} tracks", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("step", "who", "figure"):
        table.add_column(heading)
    for heading in ("A", "B", "B / A"):
        table.add_column(heading, justify="right")
    if before.process_start_s and after.process_start_s:
        starts = before.process_start_s, after.process_start_s
        _add_row(table, "process start", "mus", "wall s", *starts)
    for step in Step:
        for name in before.scans:
            left, right = before.median(name, step), after.median(name, step)
            if left and right:
                _add_rows(table, step.value, name, left, right)
    return table


def _add_rows(table: Table, step: str, name: str, left: Figures, right: Figures) -> None:
    pairs = [(heading, getattr(left, at), getattr(right, at)) for heading, at in FIGURES.items()]
    pairs += [(heading, left.facts.get(at), right.facts.get(at)) for heading, at in FACTS.items()]
    for heading, a, b in pairs:
        if a is not None and b is not None:
            _add_row(table, step, name, heading, a, b)
    table.add_section()


def _add_row(table: Table, step: str, name: str, heading: str, *pair: float) -> None:
    before, after = pair
    said = [str(each) if isinstance(each, int) else seconds(each) for each in pair]
    table.add_row(step, name, heading, *said, f"{after / before:.2f}" if before else "")


if __name__ == "__main__":
    sys.exit(main())
