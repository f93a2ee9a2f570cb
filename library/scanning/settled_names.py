"""What a scan does for the names of artists, genres and labels, after its tracks are stored and
their albums are known.

Each step works out from the database alone what is to be done, and does it in short transactions.
So a scan that is killed loses nothing: the next one goes on where it ended.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from library.models.revision import NextRevision
from library.models.scan import Scan, ScanKind, ScanState
from library.scanning.batch import portions
from library.scanning.namesakes import (
    free_keys,
    give_keys,
    misplaced_credits,
    move_credits,
    names_of_several,
)
from library.scanning.report import ScanCounts
from library.scanning.shown_names import (
    genres_and_labels_to_mend,
    mend_genres_and_labels,
    mend_names,
    names_to_mend,
    spelled_otherwise,
)
from library.scanning.successors import find_heirs, join_heirs
from library.scanning.transactions import Transactions, retried

CREDITS_AT_ONCE = 500
ARTISTS_AT_ONCE = 100

Item = TypeVar("Item")


def settle_names(transactions: Transactions, tick: Callable[[], None]) -> None:
    """Credit the right one of several artists of a name, join artists whose name was mended with
    the row of before, and show each name as most files spell it.

    `tick` is called between the transactions; it may raise what ends the scan. Does nothing if
    neither this scan changed anything that is shown nor the last work on the library may have left
    anything undone.
    """
    if not (transactions.lease.revision or _may_be_undone(transactions.lease.scan_id)):
        return
    for namesakes in retried(names_of_several):
        moves = retried(partial(misplaced_credits, namesakes))
        _commit_all(transactions, tick, move_credits, moves, CREDITS_AT_ONCE)
    _commit_all(transactions, tick, join_heirs, retried(find_heirs), ARTISTS_AT_ONCE)
    _commit_all(transactions, tick, give_keys, retried(free_keys), CREDITS_AT_ONCE)
    for artist_ids in portions(retried(spelled_otherwise), CREDITS_AT_ONCE):
        mends = retried(partial(names_to_mend, artist_ids))
        _commit_all(transactions, tick, mend_names, mends, ARTISTS_AT_ONCE)
    names = retried(genres_and_labels_to_mend)
    if any(names.values()):
        transactions.commit(partial(_counted, partial(mend_genres_and_labels, names)))


def _may_be_undone(scan_id: int) -> bool:
    """Whether the work before this scan was other than a scan that came to its end."""
    before = Scan.objects.filter(pk__lt=scan_id).order_by("-pk").first()
    is_scan = before is not None and before.kind == ScanKind.SCAN
    return before is not None and not (is_scan and before.state == ScanState.COMPLETED)


def _commit_all(
    transactions: Transactions,
    tick: Callable[[], None],
    write: Callable[[Sequence[Item], NextRevision], None],
    items: Sequence[Item],
    size: int,
) -> None:
    for some in portions(items, size):
        tick()
        transactions.commit(partial(_counted, partial(write, some)))


def _counted(write: Callable[[NextRevision], None], revision: NextRevision) -> ScanCounts:
    """Scans count files, not names."""
    write(revision)
    return ScanCounts()
