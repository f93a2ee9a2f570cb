"""`manage.py scan_tracks`: bring the library up to date with the music folders."""

import gc
import logging
import os
import sys
import threading
from argparse import ArgumentParser
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from enum import IntEnum
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from events import announce_and_drain
from library.checks import TAG as CHECKS_TAG
from library.management import scan_arguments, scan_output
from library.management.outdated_files import reread_after_scan, reread_for_server
from library.models.scan import ScanState, ScanTrigger
from library.scanning import (
    BadScanOptions,
    LeaseLost,
    PurgeCounts,
    ScanAlreadyRuns,
    ScanError,
    ScanOptions,
    ScanReport,
    purge_missing,
    scan_library,
)
from runtime import schema_version as database_version
from runtime.documented_command import DocumentedCommand
from runtime.end_signals import on_end_signals
from runtime.niceness import HIGHEST, raise_by
from runtime.visible_text import printable


class Exit(IntEnum):
    """The exit codes. 1 (a failed check) and 2 (bad usage) come from Django and argparse, 78 (bad
    settings) from `musproject.command_line`."""

    DONE = 0
    DONE_WITH_FAILURES = 3
    REFUSED = 4
    ROOT_VANISHED = 5
    FAILED = 6
    CANCELLED = 7


EXIT_CODES = """\
exit codes:
  0   done
  1   a system check failed; the message says what to mend
  2   an option is wrong
  3   done, but some files or folders could not be read
  4   refused: another scan or a purge runs
  5   a music folder is missing, unreadable or empty, or a disk mounted in one seems to be away;
      none of the tracks in that folder or on that disk was marked missing; the rest was scanned
  6   failed because of the database or its disk
  7   cancelled; what was stored stays
  78  a setting is wrong; the message says which
"""


class Command(DocumentedCommand):
    help = "Read the music folders into the library."
    exit_codes = EXIT_CODES
    without_server = Exit.FAILED
    # Only these: the checks of URLs would load the whole API, which a scan does not need.
    requires_system_checks = (CHECKS_TAG,)

    def add_arguments(self, parser: ArgumentParser) -> None:
        scan_arguments.add_arguments(parser)

    def needs_server(self, options: dict[str, Any]) -> bool:
        """False for a scan that a server started: it waits and retries by itself if the database is
        just being restarted."""
        return options["adopt"] is None

    def handle(self, **options: Any) -> None:
        if options["every"] is not None and not 0 < options["every"] <= threading.TIMEOUT_MAX:
            found = f"--every: found {options['every']}; allowed: a number of seconds above 0."
            raise CommandError(found, returncode=2)
        if not 0 <= options["nice"] <= HIGHEST:
            found = f"--nice: found {options['nice']}; allowed: 0 to {HIGHEST}."
            raise CommandError(found, returncode=2)
        raise_by(options["nice"])
        gc.freeze()  # the garbage collector need not search Django's 100,000 objects during a scan
        gc.set_threshold(50_000)
        if options["prune_also_used"] and not options["prune_missing"]:
            raise CommandError("--prune-also-used needs --prune-missing.", returncode=2)
        if options["adopt"] is None:
            _refuse_newer_database()
        stop = threading.Event()
        on_end_signals(lambda _: stop.set())
        if options["reread"]:
            reread_for_server(_scan_options(options, stop), self.stdout.write)
            return
        exit_code = self._scan_and_reread(stop, options)
        while options["every"] and not stop.wait(options["every"]):
            exit_code = self._scan_and_reread(stop, options)
        if exit_code != Exit.DONE:
            sys.exit(exit_code)

    def _scan_and_reread(self, stop: threading.Event, options: dict[str, Any]) -> Exit:
        exit_code = self._scan(stop, options)
        is_done = exit_code in (Exit.DONE, Exit.DONE_WITH_FAILURES)
        if is_done and options["adopt"] is None and not options["folders"]:
            self._reread(stop, options)
        return exit_code

    def _scan(self, stop: threading.Event, options: dict[str, Any]) -> Exit:
        scan_options = _scan_options(options, stop)
        try:
            with self._display(options) as on_progress:
                report = scan_library(scan_options, on_progress)
        except BadScanOptions as error:
            raise CommandError(str(error), returncode=2) from None
        except DatabaseError as error:
            raise CommandError(
                f"The database cannot be used: {_first_line(error)}. "
                "If it is new, run manage.py migrate.",
                returncode=Exit.FAILED,
            ) from None
        except (ScanAlreadyRuns, LeaseLost) as error:
            if not options["every"]:
                raise CommandError(str(error), returncode=Exit.REFUSED) from None
            self.stderr.write(str(error))
            return Exit.REFUSED
        if options["adopt"] is None:  # otherwise the server reads the report and announces it
            announce_and_drain(report.event_id)
        exit_code = _exit_code(report)
        purged: PurgeCounts | None = None
        may_prune = report.state == ScanState.COMPLETED and not report.emptied
        if options["prune_missing"] and may_prune:
            try:
                purged = purge_missing(
                    folders=scan_options.folders,
                    also_used=options["prune_also_used"],
                    is_cancelled=stop.is_set,
                )
                announce_and_drain(purged.event_id)
                exit_code = Exit.CANCELLED if purged.was_cancelled else exit_code
            except (ScanError, DatabaseError) as error:
                exit_code = Exit.REFUSED if isinstance(error, ScanAlreadyRuns) else Exit.FAILED
                self.stderr.write(f"The scan is done, but its purge is not: {error}")
        self._say(report, purged, options)
        return exit_code

    def _reread(self, stop: threading.Event, options: dict[str, Any]) -> None:
        is_silent = options["quiet"] or options["json"]
        write = (lambda _: None) if is_silent else self.stdout.write
        reread_after_scan(_scan_options(options, stop), write, self.stderr.write)

    def _display(self, options: dict[str, Any]) -> AbstractContextManager[scan_output.OnProgress]:
        if options["quiet"] or options["json"]:
            return scan_output.silence()
        if _shows_bar(options):
            # A log line for each failing file would break up the bar; the report names the files.
            for name in ("library.scanning", "library.files"):
                logging.getLogger(name).setLevel(logging.ERROR)
            return scan_output.live_bar()
        return scan_output.plain_lines(self.stdout.write)

    def _say(self, report: ScanReport, purged: PurgeCounts | None, options: dict[str, Any]) -> None:
        if options["json"]:
            with suppress(BrokenPipeError):  # the server that started this scan is gone
                self.stdout.write(scan_output.as_json(report, asdict(purged) if purged else None))
                self.stdout.flush()
        elif not options["quiet"]:
            self.stdout.write(scan_output.as_text(report))
            if purged:
                self.stdout.write(purged.sentence)
                if uses := ", ".join(purged.in_use_as):
                    self.stdout.write(f"The tracks were in use as {uses}.")
                if purged.left:
                    self.stdout.write("--prune-also-used purges these as well.")
        elif report.state == ScanState.FAILED:
            self.stderr.write(printable(report.message))
        elif report.error:
            self.stderr.write(printable(report.error))


def _first_line(error: DatabaseError) -> str:
    """PostgreSQL adds the statement, and a mark below the place in it."""
    return str(error).partition("\n")[0]


def _refuse_newer_database() -> None:
    """Not called in a server's child: while several servers are upgraded one after the other, those
    of the version before go on, and so do their scans."""
    with suppress(DatabaseError):  # if the database cannot be used, the scan says so
        if newer := database_version.unknown_migration():
            raise CommandError(database_version.refusal(newer), returncode=Exit.FAILED)


def _scan_options(options: dict[str, Any], stop: threading.Event) -> ScanOptions:
    return ScanOptions(
        folders=tuple(Path(os.path.abspath(folder)) for folder in options["folders"]),
        full=options["full"],
        workers=options["workers"],
        batch_size=options["batch_size"],
        count_first=options["count_first"] or _shows_bar(options),
        allow_empty=options["allow_empty"],
        trigger=ScanTrigger(options["trigger"]),
        adopt_scan_id=options["adopt"],
        is_cancelled=stop.is_set,
    )


def _shows_bar(options: dict[str, Any]) -> bool:
    return sys.stderr.isatty() and not (options["quiet"] or options["json"])


def _exit_code(report: ScanReport) -> Exit:
    if report.root_errors or report.emptied:
        return Exit.ROOT_VANISHED
    return {
        ScanState.COMPLETED: Exit.DONE_WITH_FAILURES if report.counts.failed else Exit.DONE,
        ScanState.CANCELLED: Exit.CANCELLED,
    }.get(report.state, Exit.FAILED)
