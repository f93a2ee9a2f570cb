"""The course of the test: who takes part, and when changes are made and when there is rest."""

import asyncio
import itertools
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

from soak.house import House
from soak.watching.arrivals import copied
from soak.watching.audience import CHANGING, IDLE, Audience
from soak.watching.folder_changes import fill_folder
from soak.watching.hand import Change, Hand
from soak.watching.kinds import KINDS, SLOW_KINDS
from soak.watching.observer import Observer
from soak.watching.scan_log import ScanLog
from soak.watching.server_figures import ServerFigures
from soak.watching.shelves import Shelves

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108
"""Another file system, where there is one: nothing can be renamed from there."""
FIRST_ALBUM_TRACKS = 10
FILL_WITHIN_S = 120.0
REST_EVERY_S, LONGEST_REST_S, REST_SHARE = 600.0, 45.0, 0.1
BULK_EVERY_S = 330.0
MEAN_PAUSE_S, BURST_SHARE, BURST_PAUSE_S = 3.5, 0.3, 0.05
SLOW_AT_ONCE = 2
LOOKS_EVERY_S, PROGRESS_EVERY, OVERDUE_S = 10.0, 18, 60.0
CALM_S, CALM_WITHIN_S = 8.0, 90.0


@dataclass
class Trial:
    house: House
    hand: Hand
    audience: Audience
    observer: Observer
    scans: ScanLog
    figures: list[ServerFigures]
    bulk_files: int
    made: Counter[str] = field(default_factory=Counter)
    slips: list[str] = field(default_factory=list)
    """Changes that could not be made: faults of this test."""
    _slow: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    def of(cls, house: House, seed: int, bulk_files: int) -> Self:
        audience = Audience(house)
        observer = Observer(audience)
        hand = _hand(house, seed)
        hand.is_settled = observer.is_settled
        figures = [ServerFigures(server) for server in house.servers]
        return cls(house, hand, audience, observer, ScanLog(audience), figures, bulk_files)

    @asynccontextmanager
    async def watched(self, listeners: int) -> AsyncIterator[None]:
        """Run the audience and all observers inside the block."""
        works = [
            self.audience.come(listeners),
            self.observer.observe(),
            self.scans.collect(),
            self.house.watch_machine(),
            *(each.take() for each in self.figures),
            self._tell_progress(),
        ]
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
            for task in tasks:
                if task.done():
                    task.result()  # raises what ended it
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for folder in self.hand.trashes:
                shutil.rmtree(folder)

    async def fill(self, files: int) -> None:
        """Lay out the library and wait until lists show it."""
        for _ in range(max(files // FIRST_ALBUM_TRACKS, 1)):
            await asyncio.to_thread(self._lay_out_album)
        words = {file.word for file in self.hand.shelves.files.values()}
        self.observer.note(self.hand.done("the first files", words))
        if not await self.becomes_calm(FILL_WITHIN_S):
            say(f"Not shown yet: {self.observer.open}")
        self.observer.seen.clear()

    async def change(self, seconds: float) -> None:
        """Make changes for this time, with rests at the beginning and every ten minutes."""
        deadline = time.monotonic() + seconds
        rest_s = min(LONGEST_REST_S, seconds * REST_SHARE)
        bulk = partial(fill_folder, files=self.bulk_files)
        next_bulk = time.monotonic() + min(BULK_EVERY_S, seconds / 3)
        while (now := time.monotonic()) < deadline:
            await self._rest(rest_s)
            until = min(now + rest_s + REST_EVERY_S, deadline)
            self.audience.phase = CHANGING
            while time.monotonic() < until:
                if time.monotonic() > next_bulk:
                    self._begin_slow(bulk)
                    next_bulk += BULK_EVERY_S
                await self._change_once()
                await asyncio.sleep(self._pause_s())
        self.hand.stopping.set()
        await asyncio.gather(*self._slow)

    async def becomes_calm(self, within_s: float = CALM_WITHIN_S) -> bool:
        """Wait until lists show everything and no scan ran for a while. Returns whether that came
        about in time."""
        deadline, calm_since = time.monotonic() + within_s, time.monotonic()
        async with self.audience.client(self.house.servers[0]) as browser:
            while time.monotonic() < deadline:
                await self.scans.take(browser)
                is_busy = self.scans.is_running() and not self.audience.begins_scans
                if self.observer.open or is_busy:
                    calm_since = time.monotonic()
                if time.monotonic() - calm_since > CALM_S:
                    return True
                await asyncio.sleep(0.5)
        return False

    async def _tell_progress(self) -> None:
        began, told = time.monotonic(), set[int]()
        for turn in itertools.count(1):
            await asyncio.sleep(LOOKS_EVERY_S)
            for each in self.observer.overdue(OVERDUE_S):
                if id(each.change) not in told:
                    told.add(id(each.change))
                    say(f"{time.strftime('%H:%M:%S')} not shown within {OVERDUE_S:.0f} s: {each}")
            if turn % PROGRESS_EVERY == 0:
                say(f"after {(time.monotonic() - began) / 60:.0f} min: {self._progress()}")

    def _progress(self) -> str:
        worst_s = max((each.seconds for each in self.observer.seen), default=0.0)
        memory = ", ".join(f"{each.samples.memory_mib[-1]:.0f}" for each in self.figures)
        return (
            f"{self.made.total()} changes, {len(self.observer.open)} not shown yet, worst "
            f"{worst_s:.1f} s, {len(self.scans.rows)} scans, {len(self.hand.shelves.files)} files, "
            f"{memory} MiB, load of the machine {os.getloadavg()[0]:.0f}"
        )

    def _lay_out_album(self) -> None:
        folder = self.hand.new_folder()
        for _ in range(FIRST_ALBUM_TRACKS):
            self.hand.bring(folder, copied)

    async def _rest(self, seconds: float) -> None:
        """A pause in which nothing changes, to measure requests beside nothing."""
        await asyncio.gather(*self._slow)
        await self.becomes_calm(60)
        self.audience.phase = IDLE
        await asyncio.sleep(seconds)

    async def _change_once(self) -> None:
        kinds = KINDS | SLOW_KINDS if len(self._slow) < SLOW_AT_ONCE else KINDS
        kind = random.choices(list(kinds), weights=list(kinds.values()))[0]
        if kind in SLOW_KINDS:
            self._begin_slow(kind)
        else:
            await self._make(kind)

    def _begin_slow(self, kind: Callable[[Hand], Change | None]) -> None:
        task = asyncio.create_task(self._make(kind))
        self._slow.add(task)
        task.add_done_callback(self._slow.discard)

    async def _make(self, kind: Callable[[Hand], Change | None]) -> None:
        try:
            change = await asyncio.to_thread(kind, self.hand)
        except Exception:  # noqa: BLE001  # a fault of this test, which must not end the hour
            self.slips.append(traceback.format_exc())
            return
        if change is not None:
            self.made[change.what] += 1
            self.observer.note(change)

    def _pause_s(self) -> float:
        if random.random() < BURST_SHARE:
            return BURST_PAUSE_S
        return min(random.expovariate(1 / MEAN_PAUSE_S), 20.0)


def _hand(house: House, seed: int) -> Hand:
    staging, near, outside = (house.folder / name for name in ("staging", "trash", "outside"))
    for folder in (staging, near, outside):
        folder.mkdir()
    shared = SHARED_MEMORY if SHARED_MEMORY.exists() else house.folder
    far = Path(tempfile.mkdtemp(prefix="mus-trash-", dir=shared))
    return Hand(Shelves(house.music, staging, random.Random(seed)), (near, far), outside)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
