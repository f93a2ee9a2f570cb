"""Runs one scan: takes the lease, does the steps, closes the row and returns the report."""

import json
import logging
import time
from dataclasses import asdict
from functools import partial

from django.conf import settings
from django.db import DatabaseError

from library.models.paths import path_to_text
from library.models.scan import ScanFailure, ScanState
from library.scanning.emptied import explain_emptied
from library.scanning.errors import BadScanOptions, ScanCancelled, ScanError
from library.scanning.lease import acquire, adopt
from library.scanning.report import (
    FIRST_FAILURES,
    MAX_BATCH_SIZE,
    MAX_WORKERS,
    Failure,
    OnProgress,
    ScanCounts,
    ScanEnding,
    ScanOptions,
    ScanProgress,
    ScanReport,
)
from library.scanning.scopes import scopes_of
from library.scanning.steps import Steps
from library.scanning.summary import message_of
from library.scanning.transactions import Transactions, enlarge_cache, retried
from runtime.visible_text import printable

logger = logging.getLogger(__name__)


def scan_library(options: ScanOptions, on_progress: OnProgress | None = None) -> ScanReport:
    """Bring the library up to date with the music folders.

    A scan that fails or is cancelled returns a report as well; see its `state` and `error`.

    Raises BadScanOptions; ScanAlreadyRuns if another scan holds the lease; LeaseLost if the scan to
    adopt is no longer running. In these cases nothing was changed.
    """
    _check(options)
    scopes = scopes_of(options.folders, settings.MUSIC_DIRS)
    adopted = options.adopt_scan_id
    transactions = Transactions(
        acquire(options) if adopted is None else retried(partial(adopt, adopted))
    )
    scan_id = transactions.lease.scan_id
    retried(enlarge_cache)
    _log_begin(scan_id, options)
    began = time.perf_counter()
    steps = Steps(transactions, scopes, options, on_progress or _ignore)
    state, error = _run(steps)
    message, event_id = _close(steps, state, error)
    duration_s = time.perf_counter() - began
    _log_end(scan_id, state, duration_s, transactions.counts)
    steps.settling.log_counts()
    return ScanReport(
        scan_id=scan_id,
        state=state,
        counts=transactions.counts,
        duration_s=duration_s,
        transactions=transactions.count,
        longest_transaction_s=transactions.longest_s,
        message=message,
        error=error,
        root_errors=tuple(steps.survey.root_errors),
        emptied=tuple(steps.emptied),
        ignored=steps.survey.ignored,
        first_failures=retried(_first_failures),
        event_id=event_id,
    )


def _run(steps: Steps) -> tuple[ScanState, str]:
    """Do the steps of the scan. Returns how it ended, and the reason if it failed."""
    options = steps.options
    workers = settings.SCAN_WORKERS if options.workers is None else options.workers
    try:
        steps.run(workers, settings.ARTIST_SEPARATORS)
        steps.batch.transactions.checkpoint()
    except ScanCancelled:
        _settle_stored(steps)
        return ScanState.CANCELLED, ""
    except (ScanError, DatabaseError, OSError) as problem:
        reason = str(problem) or type(problem).__name__
        _log_failure(steps.lease.scan_id, "failed", problem)
        return ScanState.FAILED, reason
    except BaseException as problem:
        # A bug, or the process is told to exit: close the row before the exception goes on.
        reason = f"{type(problem).__name__}: {problem}"
        _close(steps, ScanState.FAILED, reason)
        raise
    root_errors = steps.survey.root_errors
    reasons = [*root_errors, *map(explain_emptied, steps.kept)]
    return ScanState.FAILED if root_errors else ScanState.COMPLETED, " ".join(reasons)


def _settle_stored(steps: Steps) -> None:
    """Work out the albums of the new tracks that a cancelled scan has stored. If that fails, the
    next scan does it."""
    try:
        steps.settle_stored()
    except (ScanError, DatabaseError) as problem:
        _log_failure(steps.lease.scan_id, "left albums to be worked out", problem)


def _check(options: ScanOptions) -> None:
    if options.workers is not None and not 0 <= options.workers <= MAX_WORKERS:
        raise BadScanOptions(f"workers: found {options.workers}; allowed: 0 to {MAX_WORKERS}.")
    if not 1 <= options.batch_size <= MAX_BATCH_SIZE:
        raise BadScanOptions(
            f"batch size: found {options.batch_size}; allowed: 1 to {MAX_BATCH_SIZE}."
        )


def _close(steps: Steps, state: ScanState, error: str) -> tuple[str, int | None]:
    """Close the scan's row. Returns its message, and the id of its event if that was stored."""
    lease, counts, event_id = steps.lease, steps.batch.transactions.counts, None
    kept = sum(each.tracks for each in steps.kept)
    ending = ScanEnding(
        state=state,
        counts=counts,
        message=message_of(state, counts, error, kept),
        error=error,
        ignored=steps.survey.ignored,
        emptied=steps.emptied,
    )
    try:
        event_id = retried(partial(lease.close, ending))
    except (ScanError, DatabaseError) as problem:
        # The disk is full or the database is unavailable. The lease will expire, and the caller
        # still gets a report.
        _log_failure(lease.scan_id, "could not be closed", problem)
    return ending.message, event_id


def _log_begin(scan_id: int, options: ScanOptions) -> None:
    folders = json.dumps([printable(str(folder)) for folder in options.folders], ensure_ascii=False)
    text = "Scan began: scan=%d trigger=%s full=%s folders=%s"
    logger.info(text, scan_id, options.trigger, str(options.full).lower(), folders)


def _log_end(scan_id: int, state: ScanState, duration_s: float, counts: ScanCounts) -> None:
    fields = " ".join(f"{name}={count}" for name, count in asdict(counts).items())
    text = "Scan ended: scan=%d state=%s duration_s=%.3f %s"
    logger.info(text, scan_id, state, duration_s, fields)


def _log_failure(scan_id: int, what: str, problem: Exception) -> None:
    """Log an error; with a traceback unless it is a ScanError, whose text says everything."""
    trace = None if isinstance(problem, ScanError) else problem
    logger.error("Scan %d %s: %s", scan_id, what, problem, exc_info=trace)


def _first_failures() -> tuple[Failure, ...]:
    return tuple(
        Failure(path_to_text(f"{failure.root}/{failure.path}"), failure.stage, failure.reason)
        for failure in ScanFailure.objects.all()[:FIRST_FAILURES]
    )


def _ignore(_: ScanProgress) -> None:
    pass
