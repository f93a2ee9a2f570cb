"""A process that walks ahead of a scan, and looks at its folders in the order in which that will.

Half of what a rescan takes is the disk's answers, and a network's way there and back. The process
knows nothing of Django: a command that is going to scan everything has it `begin` while Django is
loaded. It tells the same as who looks by himself, only earlier; who asks has to know whether that
is too early.
"""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from multiprocessing.connection import Connection
from typing import NamedTuple

from library.files.listings import Looked, look_at_all
from library.workers import fork_server
from library.workers import processes as worker_processes

FOLDERS_AT_ONCE = 64
PORTION_SECONDS = 0.01
PORTIONS_AHEAD = 64
"""About as many files as that take half a second to look at; they wait in the process's memory."""
WAIT_SECONDS = 0.2

Start = tuple[str, str]
"""A root, and the folder in it where a walk begins ("" for the root itself)."""
Identity = tuple[int, int]
"""Device and inode."""


class _Portion(NamedTuple):
    """Folders of the walk from `start`, which began when its root was `root_identity`."""

    start: Start
    root_identity: Identity | None
    folders: list[tuple[str, Looked]]
    is_last: bool


class WalkAhead:
    """Walks from each of `starts` in turn, until `end`."""

    def __init__(self, starts: Sequence[Start]) -> None:
        self.starts = tuple(starts)
        self.began_at = datetime.now(UTC)
        context = fork_server.context()
        self._portions, sender = context.Pipe(duplex=False)
        niceness = worker_processes.niceness()
        self.process = context.Process(
            target=_walk_all, args=(sender, self.starts, niceness), daemon=True
        )
        # The fork server answers only when it has loaded what it is to load.
        self._starter = threading.Thread(target=self._start, args=(sender,), daemon=True)
        self._starter.start()

    def folders(
        self, start: Start, root_identity: Identity, on_wait: Callable[[], None]
    ) -> Iterator[tuple[str, Looked]]:
        """What it found from `start` on; nothing if another folder was in the root's place.

        `on_wait` is called a few times a second while it has nothing to tell, and may raise. It
        ends early when the process did.
        """
        while portion := self._receive(on_wait):
            if portion.start == start:
                if portion.root_identity == root_identity:
                    yield from portion.folders
                if portion.is_last:
                    return

    def end(self) -> None:
        self._starter.join()
        if self.process.pid is not None:
            self.process.kill()
            self.process.join()
        self._portions.close()

    def _start(self, sender: Connection) -> None:
        with suppress(OSError, EOFError):  # no such process: then there is nothing to receive
            fork_server.start()
            self.process.start()
        sender.close()

    def _receive(self, on_wait: Callable[[], None]) -> _Portion | None:
        self._starter.join()
        while not self._portions.poll(WAIT_SECONDS):
            on_wait()
        try:
            portion: _Portion = self._portions.recv()
        except (EOFError, OSError):  # it died, perhaps in the midst of a portion
            return None
        return portion


_begun: list[WalkAhead] = []


def begin(starts: Sequence[Start]) -> None:
    """Have a walk begin that somebody is going to `take`; else it ends with this process."""
    _begun.append(WalkAhead(starts))


def take() -> WalkAhead | None:
    """The walk that was begun, once; whoever takes it has to end it."""
    return _begun.pop() if _begun else None


def _walk_all(sender: Connection, starts: Sequence[Start], niceness: int) -> None:
    worker_processes.begin(niceness)
    portions: queue.Queue[_Portion | None] = queue.Queue(PORTIONS_AHEAD)
    threading.Thread(target=_send_all, args=(sender, portions)).start()
    for start in starts:
        for portion in _portions_of(start):
            portions.put(portion)
    portions.put(None)


def _send_all(sender: Connection, portions: "queue.Queue[_Portion | None]") -> None:
    with suppress(BrokenPipeError):
        while portion := portions.get():
            sender.send(portion)
    sender.close()


def _portions_of(start: Start) -> Iterator[_Portion]:
    """Of what takes about PORTION_SECONDS each."""
    identity = _identity(start[0])
    folders: list[tuple[str, Looked]] = []
    began = time.monotonic()
    for folder in _walk(*start):
        folders.append(folder)
        if time.monotonic() - began > PORTION_SECONDS:
            yield _Portion(start, identity, folders, is_last=False)
            folders, began = [], time.monotonic()
    yield _Portion(start, identity, folders, is_last=True)


def _walk(root: str, start: str) -> Iterator[tuple[str, Looked]]:
    """A folder's subfolders before its neighbours, as `scanning.walk` goes, but for what links
    lead to."""
    waiting = [start]
    ahead: dict[str, Looked] = {}
    while waiting:
        if waiting[-1] not in ahead:
            next_ones = list(islice(_not_yet_looked_at(waiting, ahead), FOLDERS_AT_ONCE))
            ahead.update(zip(next_ones, look_at_all(root, next_ones), strict=True))
        folder = waiting.pop()
        looked = ahead.pop(folder)
        yield folder, looked
        waiting.extend(reversed(looked.subfolders))


def _not_yet_looked_at(waiting: Sequence[str], ahead: Mapping[str, Looked]) -> Iterator[str]:
    """The next ones of the walk that are known of, in its order."""
    stack = list(waiting[-FOLDERS_AT_ONCE:])
    while stack:
        folder = stack.pop()
        if looked := ahead.get(folder):
            stack.extend(reversed(looked.subfolders))
        else:
            yield folder


def _identity(root: str) -> Identity | None:
    try:
        facts = os.stat(root)
    except OSError:
        return None
    return facts.st_dev, facts.st_ino
