"""`manage.py serve` runs the web server and the schedule of scans in one process."""

import gc
import os
import resource
import threading
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum
from functools import partial
from typing import Any

from channels.routing import get_default_application
from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import Tags
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.executor import MigrationExecutor

from accounts.administrator_check import check_administrators
from accounts.setup_link import has_users, make_setup_path
from events.bell import probe_layer
from library.runner import scan_process
from library.runner.schedule import Schedule
from library.runner.watching import Watching
from listening.scrobbling.couriers import Couriers
from listening.sweeping import sweep
from operations.check_errors import ending_for_good, has_errors
from operations.checks import DATA_TAG, LOCAL_NAMES
from operations.data_folder import close_data_folder
from operations.server.daphne_server import MusServer, when_running
from operations.server.last_resort import LastResort
from operations.server.warm_up import start_warm_up
from runtime import schema_version as database_version
from runtime.documented_command import DocumentedCommand

SCAN_ENDS_WITHIN_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 1.2
"""Seconds from the signal, or from the end of DRAIN_SECONDS, until the process is ended by force.

Recording how a scan was ended may take RECORDS_WITHIN_SECONDS more.
"""
RECORDS_WITHIN_SECONDS = 0.4
BACKLOG = 1024
GARBAGE_THRESHOLDS = (20_000, 20, 50)
"""For `gc.set_threshold`. Thousands of listeners are some 100,000 live objects. With Python's
default, a collection after 700 new objects, a quarter of the time of sending an event to all of
them went into garbage collection."""


class Exit(IntEnum):
    """Numbers from sysexits.h; Django and argparse use 1 and 2 themselves."""

    NOT_MIGRATED = 65  # EX_DATAERR
    NOT_COLLECTED = 66  # EX_NOINPUT
    UNAVAILABLE = 69  # EX_UNAVAILABLE


EXIT_CODES = """\
exit codes:
  0   ended by SIGTERM, SIGHUP or Ctrl-C
  1   the database cannot be used; the message says what to mend
  2   an option is wrong
  65  the database is of an older version: run manage.py migrate; or of a newer one
  66  the scripts and styles of the pages are missing: run manage.py collectstatic
  69  the address is in use, or is not an address of this machine
  78  a setting is wrong, or another system check failed; the message says what to mend
"""


class Command(DocumentedCommand):
    help = "Serve the library on HOST and PORT until SIGTERM, SIGHUP or Ctrl-C."
    exit_codes = EXIT_CODES
    requires_system_checks = []  # handle() runs them in order: DATA_DIR, the database, all others

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-scan",
            action="store_true",
            help="no scans by the schedule or after changes, only those that users start",
        )

    def handle(self, **options: Any) -> None:
        close_data_folder()
        with ending_for_good():
            self._refuse_errors(tags=[DATA_TAG])
        self._refuse_errors(databases=[DEFAULT_DB_ALIAS], tags=[Tags.database])
        with ending_for_good():
            self.check()
        _refuse_other_database()
        for warning in check_administrators():
            self.stderr.write(str(warning), self.style.WARNING)
        _refuse_uncollected_static_files()
        _allow_many_connections()
        watching = Watching() if settings.WATCH and not options["no_scan"] else None
        schedule = Schedule(scans=not options["no_scan"], watching=watching, chores=[sweep])
        couriers = Couriers()
        last_resort = LastResort(settings.DRAIN_SECONDS + ENDS_WITHIN_SECONDS, _end_now)
        server = MusServer(
            application=get_default_application(),
            endpoints=_endpoints(),
            ready_callable=partial(self._begin, schedule, watching, couriers),
            on_signal=last_resort.ask,
            on_stop=partial(_begin_end, schedule, watching, couriers),
            drain_s=settings.DRAIN_SECONDS,
            server_name="mus",
        )
        server.run()
        if server.refusal:
            raise CommandError(server.refusal, returncode=Exit.UNAVAILABLE)
        scan_process.end(SCAN_ENDS_WITHIN_SECONDS)

    def _refuse_errors(self, **which: Any) -> None:
        """Run some checks and print only errors; warnings are printed later, by `self.check()`."""
        if has_errors(**which):
            self.check(**which)

    def _begin(self, schedule: Schedule, watching: Watching | None, couriers: Couriers) -> None:
        """Called once the server listens: print the address, start the threads that work beside it.

        `when_running` delays the rest until the event loop runs, and with it the signal handlers.
        """
        address = own_address(settings.HOST, settings.PORT)
        lines = [f"mus is at {address}{settings.BASE_PATH}"]
        if not has_users():
            public = public_address(settings.ALLOWED_HOSTS) if settings.HTTPS else address
            lines.append(f"Create the administrator, within a day: {public}{make_setup_path()}")
        if connection.vendor == "sqlite":
            # Opened and never used. Otherwise SQLite would checkpoint and delete its write-ahead
            # log each time a request closes the last open connection.
            connection.ensure_connection()
        else:
            connection.close()
        gc.freeze()  # loaded code never becomes garbage, so collections need not search it
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        if watching:
            when_running(watching.start)
        when_running(schedule.start)
        when_running(couriers.start)
        when_running(probe_layer)
        when_running(start_warm_up)
        when_running(self.stdout.write, "\n".join(lines))
        when_running(self.stdout.flush)


def own_address(host: str, port: int) -> str:
    """The URL by which a browser on this machine reaches a server that listens on `host`."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def public_address(names: Sequence[str]) -> str:
    """The https URL with the first name in ALLOWED_HOSTS that other machines can use."""
    public = (name.lstrip(".") for name in names if name not in LOCAL_NAMES | {"*", settings.HOST})
    return f"https://{next(public, 'localhost')}"


def _endpoints() -> list[str]:
    """Where to listen, as Twisted's endpoint strings, with a longer queue of new connections.

    After a restart all browsers reconnect at once. With Twisted's default queue of 50 the others
    would try again a second later.
    """
    described = build_endpoint_description_strings(settings.HOST, settings.PORT)
    return [f"{endpoint}:backlog={BACKLOG}" for endpoint in described]


def _allow_many_connections() -> None:
    """Raise the soft limit of file descriptors, mostly 1024, to the hard limit.

    Each connection takes a file descriptor.
    """
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS reports infinity but refuses it
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _begin_end(schedule: Schedule, watching: Watching | None, couriers: Couriers) -> None:
    schedule.stop()
    couriers.stop()
    if watching:
        watching.stop()
    scan_process.ask_to_end()


def _end_now() -> None:
    """End the process at once, although a request may hang in a thread.

    Scans are ended in another thread, because a hanging thread may hold a lock that this needs.
    """
    ending = threading.Thread(target=scan_process.end, args=(0,), name="scans' end", daemon=True)
    ending.start()
    ending.join(RECORDS_WITHIN_SECONDS)
    os._exit(0)


def _refuse_uncollected_static_files() -> None:
    # With DEBUG there are no hashed names, so nothing has to be collected.
    if getattr(staticfiles_storage, "hashed_files", None) == {}:
        raise CommandError(
            f"The scripts and styles of the pages are not in {settings.STATIC_ROOT}. "
            "Run manage.py collectstatic.",
            returncode=Exit.NOT_COLLECTED,
        )


def _refuse_other_database() -> None:
    """Refuse a database of a newer or older version of mus."""
    if newer := database_version.unknown_migration():
        raise CommandError(database_version.refusal(newer), returncode=Exit.NOT_MIGRATED)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise CommandError(
            f"The database is of an older version of mus: {len(plan)} migrations have not been "
            "applied yet. Run manage.py migrate.",
            returncode=Exit.NOT_MIGRATED,
        )
