"""What a server holds and costs over time: memory, threads, descriptors, watches, processor."""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

from soak.house import MusServer
from soak.samples import Samples

MAY_GROW_THREADS = 8
EVERY_S = 15.0
WATCH = re.compile(r"^inotify wd:", re.MULTILINE)


@dataclass
class ServerFigures:
    server: MusServer
    samples: Samples = field(init=False)
    watches: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.samples = Samples(self.server)

    async def take(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.samples.take())
            tasks.create_task(self._count_watches())

    async def _count_watches(self) -> None:
        while True:
            self.watches.append(watches_of(self.server.process_id()))
            await asyncio.sleep(EVERY_S)

    def as_text(self) -> str:
        memory = self.samples.memory_mib
        return (
            f"server at port {self.server.port}: memory {_course(memory)} MiB "
            f"(most {max(memory):.0f}), threads {_course(self.samples.threads)}, descriptors "
            f"beside those of clients {_course(self.samples.descriptors)}, watched folders "
            f"{_course(self.watches)}, processor {self._processor_s():.0f} s"
        )

    def problems(self) -> list[str]:
        first, last = _thirds(self.samples.threads)[1:]
        found = self.samples.problems()
        if last > first + MAY_GROW_THREADS:
            found.append(f"threads grew from {first:.0f} to {last:.0f}")
        return found

    def _processor_s(self) -> float:
        times = psutil.Process(self.server.process_id()).cpu_times()
        return float(times.user + times.system)


def watches_of(process_id: int) -> int:
    """How many watches of inotify the process holds."""
    number = 0
    with suppress(OSError):
        for descriptor in Path(f"/proc/{process_id}/fdinfo").iterdir():
            with suppress(OSError):  # closed meanwhile
                number += len(WATCH.findall(descriptor.read_text()))
    return number


def _course(figures: Sequence[float]) -> str:
    return " → ".join(f"{each:.0f}" for each in _thirds(figures))


def _thirds(figures: Sequence[float]) -> tuple[float, float, float]:
    """The medians of the second tenth, when caches are filled, of the middle and of the last."""
    tenth = max(len(figures) // 10, 1)
    middle = len(figures) // 2
    return (
        median(figures[tenth : 2 * tenth] or figures),
        median(figures[middle : middle + tenth] or figures),
        median(figures[-tenth:]),
    )
