"""The matrix as a table: a row for each change, a column for each format."""

from collections.abc import Sequence

from rich import box
from rich.table import Table

from bench.identity.changes import CHANGES
from bench.identity.matrix import Figures

MOST_LINES = 40


def matrix_table(figures: Figures, title: str) -> Table:
    """How many tracks kept their ids, of how many that went through a change."""
    cells = figures.by_format_and_change()
    suffixes = list(dict.fromkeys(case.suffix for case in figures.cases))
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("change")
    for suffix in suffixes:
        table.add_column(suffix[1:], justify="right")
    for change in CHANGES:
        row = [cells.get((suffix, change.name)) for suffix in suffixes]
        table.add_row(change.name, *(_cell(each) for each in row))
    return table


def lines_of_lost(figures: Figures) -> Sequence[str]:
    """The tracks that lost their ids, the shortest chains of changes first."""
    lost = sorted(figures.lost, key=lambda case: len(case.changes))
    lines = [f"{case}: lost at {case.lost_at}" for case in lost[:MOST_LINES]]
    if len(lost) > MOST_LINES:
        lines.append(f"... and {len(lost) - MOST_LINES} others")
    return lines


def _cell(kept_of_all: tuple[int, int] | None) -> str:
    return f"{kept_of_all[0]:,}/{kept_of_all[1]:,}" if kept_of_all else ""
