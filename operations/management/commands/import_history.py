"""`manage.py import_history` brings in what a user heard elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from listening.scrobbling.history import FileRefused, HistoryReport, import_history
from runtime.documented_command import DocumentedCommand

FAILED = 6
MISSING_SHOWN = 20


class Command(DocumentedCommand):
    help = (
        "Bring in plays from a file that ListenBrainz or a program for Last.fm has exported: zip, "
        "JSON or CSV. A file that is imported again adds nothing. Services are told nothing."
    )
    exit_codes = """\
exit codes:
  0   done
  2   an option is wrong
  6   refused, or failed; what was stored by then stays
  78  a setting is wrong; the message says which
"""
    without_server = FAILED

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--user", required=True, help="the name of the user who heard it")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, **options: Any) -> None:
        user_id = User.objects.filter(username=options["user"]).values_list("pk", flat=True).first()
        if user_id is None:
            raise CommandError(f"There is no user {options['user']!r}.", returncode=2)
        try:
            with options["file"].open("rb") as file:
                report = import_history(user_id, file)
        except OSError as error:
            problem = f"{options['file']} cannot be read: {error.strerror}."
            raise CommandError(problem, returncode=FAILED) from None
        except FileRefused as error:
            raise CommandError(str(error), returncode=FAILED) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            self._write(report)

    def _write(self, report: HistoryReport) -> None:
        self.stdout.write(
            f"{report.read:,} plays read: {report.stored:,} new, {report.known:,} known before; "
            f"{report.without_time:,} without a time and {report.unreadable:,} rows that are no "
            "plays were passed over."
        )
        for matched, count in report.matched.most_common():
            self.stdout.write(f"{count:,} found by {matched}")
        self.stdout.write(f"{report.not_found:,} of tracks that the library does not have")
        for (artist, title), count in report.missing.most_common(MISSING_SHOWN):
            self.stdout.write(f"  {count:,}: {artist}, {title}")
