"""`manage.py serve`: the server and the schedule of its scans, in one process to supervise."""

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
from operations.check_errors import has_errors
from operations.checks import DATA_TAG, LOCAL_NAMES
from operations.data_folder import close_data_folder
from operations.server.daphne_server import MusServer, when_running
from operations.server.last_resort import LastResort
from runtime import schema_version as database_version
from runtime.documented_command import DocumentedCommand

SCAN_ENDS_WITHIN_SECONDS = 1.0
ENDS_WITHIN_SECONDS = 1.2
"""From the signal on; up to RECORDS_WITHIN_SECONDS more go into recording how a scan was ended."""
RECORDS_WITHIN_SECONDS = 0.4
BACKLOG = 1024
GARBAGE_THRESHOLDS = (20_000, 20, 50)
"""Thousands of listeners are live objects by the hundred thousand; with the default of 700 new
ones, a quarter of the time in which all are told of an event goes into searching them."""


class Exit(IntEnum):
    """After sysexits.h, since 1 and 2 are Django's and argparse's."""

    NOT_MIGRATED = 65  # EX_DATAERR
    NOT_COLLECTED = 66  # EX_NOINPUT
    UNAVAILABLE = 69  # EX_UNAVAILABLE


EXIT_CODES = """\
exit codes:
  0   ended by SIGTERM, SIGHUP or Ctrl-C
  1   the checks found something to mend, the database among it; the message says what
  2   an option is wrong
  65  the database is of an older version: run manage.py migrate; or of a newer one
  66  the scripts and styles of its pages are not there: run manage.py collectstatic
  69  the address is in use or is none of this machine
  78  a setting is wrong; the message says which
"""


class Command(DocumentedCommand):
    help = "Serve the library on HOST and PORT until SIGTERM, SIGHUP or Ctrl-C."
    exit_codes = EXIT_CODES
    requires_system_checks = []  # handle() runs them, what others need before those

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-scan", action="store_true", help="no scheduled scans, only those that users start"
        )

    def handle(self, **options: Any) -> None:
        close_data_folder()
        self._refuse_errors(tags=[DATA_TAG])
        self._refuse_errors(databases=[DEFAULT_DB_ALIAS], tags=[Tags.database])
        self.check()
        _refuse_other_database()
        for warning in check_administrators():
            self.stderr.write(str(warning), self.style.WARNING)
        _refuse_uncollected_static_files()
        _allow_many_connections()
        schedule = Schedule(scans=not options["no_scan"])
        last_resort = LastResort(ENDS_WITHIN_SECONDS, _end_now)
        server = MusServer(
            application=get_default_application(),
            endpoints=_endpoints(),
            ready_callable=partial(self._begin, schedule),
            on_signal=last_resort.ask,
            on_stop=partial(_begin_end, schedule),
            server_name="mus",
        )
        server.run()
        if server.refusal:
            raise CommandError(server.refusal, returncode=Exit.UNAVAILABLE)
        scan_process.end(SCAN_ENDS_WITHIN_SECONDS)

    def _refuse_errors(self, **which: Any) -> None:
        """Warnings are printed by the check of everything, once."""
        if has_errors(**which):
            self.check(**which)

    def _begin(self, schedule: Schedule) -> None:
        """Once the server listens: say where, and begin to scan as soon as signals are heard."""
        address = own_address(settings.HOST, settings.PORT)
        lines = [f"mus is at {address}/"]
        if not has_users():
            public = public_address(settings.ALLOWED_HOSTS) if settings.HTTPS else address
            lines.append(f"Create the administrator, within a day: {public}{make_setup_path()}")
        if connection.vendor == "sqlite":
            # Never used: while it is open, SQLite does not tidy up its log whenever a request that
            # was the only one closes its own connection.
            connection.ensure_connection()
        else:
            connection.close()
        gc.freeze()  # what was loaded is never garbage: not to be searched while browsers wait
        gc.set_threshold(*GARBAGE_THRESHOLDS)
        when_running(schedule.start)
        when_running(probe_layer)
        when_running(self.stdout.write, "\n".join(lines))
        when_running(self.stdout.flush)


def own_address(host: str, port: int) -> str:
    """Where a browser on this machine finds a server that listens to `host`."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def public_address(names: Sequence[str]) -> str:
    """Where people find a server that is reached by https: by the first of its names that is not
    only this machine's own."""
    public = (name.lstrip(".") for name in names if name not in LOCAL_NAMES | {"*", settings.HOST})
    return f"https://{next(public, 'localhost')}"


def _endpoints() -> list[str]:
    """Where to listen, in Twisted's words. After a restart all browsers come back at once: with its
    own fifty places in the queue the others would try again a second later."""
    described = build_endpoint_description_strings(settings.HOST, settings.PORT)
    return [f"{endpoint}:backlog={BACKLOG}" for endpoint in described]


def _allow_many_connections() -> None:
    """Each takes a file descriptor; systems allow a thousand by default, and more to who asks."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS says infinity and does not mean it
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _begin_end(schedule: Schedule) -> None:
    schedule.stop()
    scan_process.ask_to_end()


def _end_now() -> None:
    """Nobody who stops a server wants to wait for a request that hangs in a thread, nor for a lock
    that such a thread holds: scans are ended in a thread of their own."""
    ending = threading.Thread(target=scan_process.end, args=(0,), name="scans' end", daemon=True)
    ending.start()
    ending.join(RECORDS_WITHIN_SECONDS)
    os._exit(0)


def _refuse_uncollected_static_files() -> None:
    # With DEBUG there are no hashed names, and nothing has to be collected.
    if getattr(staticfiles_storage, "hashed_files", None) == {}:
        raise CommandError(
            f"The scripts and styles of the pages are not in {settings.STATIC_ROOT}. "
            "Run manage.py collectstatic.",
            returncode=Exit.NOT_COLLECTED,
        )


def _refuse_other_database() -> None:
    if newer := database_version.unknown_migration():
        raise CommandError(database_version.refusal(newer), returncode=Exit.NOT_MIGRATED)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise CommandError(
            f"The database is not of this version of mus: {len(plan)} migrations have yet to be "
            "applied. Run manage.py migrate.",
            returncode=Exit.NOT_MIGRATED,
        )
