"""What the server's process holds: memory, threads and descriptors by what they are of."""

import asyncio
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

EVERY_S = 1.0
SETTLES_WITHIN_S = 20.0
BYTES_PER_MIB = 1 << 20
CLIENTS, MUSIC, OTHERS = "connections of clients", "music files", "others"
DATABASE = "database and inner sockets"
MAY_GROW = {CLIENTS: 0, MUSIC: 0, OTHERS: 6}
MAY_GROW_THREADS = 16
"""Pools start their threads when these are first needed; each pool has its bound."""
OF_THREAD = 2
"""Each thread may keep a connection to the database: the file and its log, or a socket."""
OF_PROCESS = 10


@dataclass(frozen=True)
class Held:
    memory_mib: float
    threads: int
    descriptors: Counter[str]

    def __str__(self) -> str:
        kinds = (CLIENTS, DATABASE, MUSIC, OTHERS)
        shown = ", ".join(f"{self.descriptors[kind]} {kind}" for kind in kinds)
        total = self.descriptors.total()
        return f"{self.memory_mib:.0f} MiB, {self.threads} threads, {total} descriptors ({shown})"

    def grown_since(self, start: "Held") -> list[str]:
        """Connections to the database are compared with the number of threads: how many of them
        have one is chance."""
        found = [
            f"descriptors of {kind} grew from {start.descriptors[kind]} to {self.descriptors[kind]}"
            for kind, more in MAY_GROW.items()
            if self.descriptors[kind] > start.descriptors[kind] + more
        ]
        if self.threads > start.threads + MAY_GROW_THREADS:
            found.append(f"threads grew from {start.threads} to {self.threads}")
        if self.descriptors[DATABASE] > OF_PROCESS + OF_THREAD * self.threads:
            found.append(f"{self.descriptors[DATABASE]} descriptors of {DATABASE}: too many")
        return found


@dataclass
class Holdings:
    """`most`: of each figure by itself."""

    process: psutil.Process
    port: int
    music: str
    samples: list[Held] = field(default_factory=list)

    def now(self) -> Held:
        folder = Path(f"/proc/{self.process.pid}/fd")
        of_clients = {
            each.fd
            for each in self.process.net_connections("tcp")
            if each.raddr and each.laddr.port == self.port
        }
        return Held(
            self.process.memory_info().rss / BYTES_PER_MIB,
            self.process.num_threads(),
            Counter(
                CLIENTS if int(each.name) in of_clients else self._kind_of(each)
                for each in folder.iterdir()
            ),
        )

    async def sample(self) -> None:
        while True:
            self.samples.append(self.now())
            await asyncio.sleep(EVERY_S)

    @property
    def most(self) -> Held:
        by_total = max(self.samples, key=lambda each: each.descriptors.total())
        return Held(
            max(each.memory_mib for each in self.samples),
            max(each.threads for each in self.samples),
            by_total.descriptors,
        )

    async def settled(self, start: Held) -> Held:
        """As soon as nothing is more than at the start, or when that takes too long."""
        for _ in range(int(SETTLES_WITHIN_S / EVERY_S)):
            if not self.now().grown_since(start):
                break
            await asyncio.sleep(EVERY_S)
        return self.now()

    def _kind_of(self, descriptor: Path) -> str:
        target = ""
        with suppress(OSError):  # closed meanwhile
            target = os.readlink(descriptor)
        if target.startswith(self.music):
            return MUSIC
        is_inner = ".sqlite3" in target or target.startswith("socket:")
        return DATABASE if is_inner else OTHERS
