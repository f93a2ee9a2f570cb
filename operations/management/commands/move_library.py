"""`manage.py move_library` copies a library to another database, say from SQLite to PostgreSQL."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from operations.moving import MoveRefused, move_library
from runtime.documented_command import DocumentedCommand

FAILED = 6


class Command(DocumentedCommand):
    help = (
        "Copy everything from another database to the one that DATABASE_URL names, which is new "
        "and migrated. Stop the servers before."
    )
    exit_codes = """\
exit codes:
  0   done
  2   an option is wrong
  6   refused, or failed; nothing was changed
  78  a setting is wrong; the message says which
"""
    without_server = FAILED
    requires_system_checks = ()  # music folders and addresses do not matter here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="source",
            required=True,
            metavar="URL",
            help="the database to copy from, such as sqlite:////srv/mus/data/mus.sqlite3",
        )
        parser.add_argument(
            "--without-sessions", action="store_true", help="everybody has to log in again"
        )

    def handle(self, **options: Any) -> None:
        try:
            rows = move_library(
                options["source"], self._show, sessions=not options["without_sessions"]
            )
        except MoveRefused as error:
            raise CommandError(str(error), returncode=FAILED) from None
        self.stdout.write(f"{rows:,} rows moved, each counted in its new place.")

    def _show(self, table: str, done: int, total: int) -> None:
        self.stdout.write(f"{table}: {done:,} of {total:,}")
