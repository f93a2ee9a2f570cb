"""How a scan looks at its folders: by itself, or by asking a process that walks ahead of it.

What that process found counts only where the scan could have found the same: it may have begun
before the scan had its lease, while another scan still wrote.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from library.files import walk_ahead
from library.files.listings import Looked, look
from library.files.walk import LookAt
from library.files.walk_ahead import Identity, Start, WalkAhead
from library.models.scan import Scan
from library.scanning.compare import Scope
from library.scanning.transactions import retried

WORTH_A_PROCESS_FILES = 30_000
"""To start a process takes as long as to walk some ten thousand files."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""What the clocks of two hosts may well be apart."""


class Looking:
    """For the scan of `scopes`, in their order; to be closed, since a process may be at work.

    `workers`: how many processes there may be beside the scan's own; one is enough. `on_wait` is
    called a few times a second while the process has nothing to tell, and may raise.
    """

    def __init__(
        self, scopes: Sequence[Scope], scan_id: int, workers: int, on_wait: Callable[[], None]
    ) -> None:
        self.scopes = scopes
        self.workers = workers
        self.on_wait = on_wait
        self.ahead = _begun_for(scopes, scan_id)

    def close(self) -> None:
        if self.ahead is not None:
            self.ahead.end()

    def at(self, scope: Scope, root_identity: Identity, known_files: int) -> LookAt:
        """For the walk of `scope`, in which so many files are to be expected."""
        if self.ahead is None and self.workers and known_files >= WORTH_A_PROCESS_FILES:
            rest = self.scopes[self.scopes.index(scope) :]
            self.ahead = WalkAhead([_start(each) for each in rest])
        if self.ahead is None:
            return look
        return _Follower(self.ahead.folders(_start(scope), root_identity, self.on_wait))


class _Follower:
    """Looks by itself wherever the process ahead took another way, or ended."""

    def __init__(self, found: Iterator[tuple[str, Looked]]) -> None:
        self._found = found
        self._next: tuple[str, Looked] | None = None

    def __call__(self, root: str, folder: str) -> Looked:
        found = self._next or next(self._found, None)
        if found is None or found[0] != folder:
            self._next = found
            return look(root, folder)
        self._next = None
        return found[1]


def _start(scope: Scope) -> Start:
    """That process knows no Scope: it would need Django for it."""
    return scope.root, scope.folder


def _begun_for(scopes: Sequence[Scope], scan_id: int) -> WalkAhead | None:
    """The walk that began before Django was loaded, if it is that of these scopes."""
    ahead = walk_ahead.take()
    if ahead is None:
        return None
    if ahead.starts == tuple(scopes) and not retried(
        lambda: _another_scan_ran_since(ahead.began_at, scan_id)
    ):
        return ahead
    ahead.end()
    return None


def _another_scan_ran_since(moment: datetime, scan_id: int) -> bool:
    """Files that it found after they were looked for here would seem to be gone."""
    is_here = Q(host_name=socket.gethostname())
    here, elsewhere = Q(heartbeat_at__gt=moment), Q(heartbeat_at__gt=moment - CLOCKS_DIFFER)
    others = Scan.objects.exclude(pk=scan_id)
    return others.filter(is_here & here | ~is_here & elsewhere).exists()
