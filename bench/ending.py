"""How a benchmark ends whose figures are kept: it shows and keeps them, or says what stood in the
way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from rich.console import Console

from bench.corpus import CorpusError
from bench.live.kept import keep
from bench.measure import CommandFailed
from tests.services import DoesNotStart, NotInstalled

EXPECTED = (CommandFailed, CorpusError, DoesNotStart, OSError)


class OfACommit(Protocol):
    """A result, a dataclass."""

    @property
    def commit(self) -> str: ...


Result = TypeVar("Result", bound=OfACommit)


def measure_and_keep(
    kind: str,
    measure: Callable[[], Result],
    show: Callable[[Result, Console], Any],
    bench_dir: Path,
    console: Console,
) -> int:
    """The exit code: 0, also where a program is missing that only this benchmark needs, or 2."""
    try:
        result = measure()
    except NotInstalled as error:
        console.print(f"skipped: {error}", markup=False)
        return 0
    except EXPECTED as error:
        console.print(str(error), markup=False)
        return 2
    show(result, console)
    keep(result, result.commit, kind, bench_dir, console)
    return 0
