"""Samples of the memory, threads and file descriptors of a server that is never killed, to find
leaks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import psutil

from soak.house import MusServer

EVERY_S = 2.0
BYTES_PER_MIB = 1 << 20
MAY_GROW_MIB = 40.0
MAY_GROW_DESCRIPTORS = 40


@dataclass
class Samples:
    """Figures over time. Descriptors are counted without sockets of clients, which come and go."""

    server: MusServer
    memory_mib: list[float] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    async def take(self) -> None:
        process = psutil.Process(self.server.process_id())
        while True:
            self.memory_mib.append(process.memory_info().rss / BYTES_PER_MIB)
            port = self.server.port
            connected = sum(
                each.laddr.port == port for each in process.net_connections("tcp") if each.laddr
            )
            self.descriptors.append(process.num_fds() - connected)
            self.threads.append(process.num_threads())
            await asyncio.sleep(EVERY_S)

    def problems(self) -> list[str]:
        found = []
        first, last = ends(self.memory_mib)
        if last > first + MAY_GROW_MIB:
            found.append(f"memory grew from {first:.0f} to {last:.0f} MiB")
        first_fds, last_fds = ends(self.descriptors)
        if last_fds > first_fds + MAY_GROW_DESCRIPTORS:
            found.append(f"descriptors grew from {first_fds:.0f} to {last_fds:.0f}")
        return found

    def as_text(self) -> str:
        memory, descriptors = ends(self.memory_mib), ends(self.descriptors)
        return (
            f"memory {memory[0]:.0f} to {memory[1]:.0f} MiB, descriptors beside those of browsers "
            f"{descriptors[0]:.0f} to {descriptors[1]:.0f}"
        )


def ends(figures: Sequence[float]) -> tuple[float, float]:
    """The medians of the second fifth, when caches are filled, and of the last fifth."""
    fifth = max(len(figures) // 5, 1)
    return median(figures[fifth : 2 * fifth] or figures), median(figures[-fifth:])
