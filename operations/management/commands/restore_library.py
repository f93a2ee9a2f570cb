"""`manage.py restore_library` replaces the content of the database by a backup."""

from argparse import ArgumentParser
from enum import IntEnum
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from operations.backup import BackupError, RestoreRefused, restore_backup
from operations.interruption import end_tidily_on_signals
from runtime.documented_command import DocumentedCommand


class Exit(IntEnum):
    REFUSED = 4
    FAILED = 6


class Command(DocumentedCommand):
    help = "Restore what backup_library wrote. Servers may run; restart them afterwards."
    exit_codes = """\
exit codes:
  0   done
  2   an option is wrong
  4   refused: the message says what would be lost, or why it would not work
  6   failed: nothing was changed
  78  a setting is wrong; the message says which
"""
    without_server = Exit.FAILED
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a file that backup_library wrote")
        parser.add_argument(
            "--force", action="store_true", help="replace users and tracks that are there"
        )

    def handle(self, **options: Any) -> None:
        end_tidily_on_signals()
        try:
            restored = restore_backup(options["file"].expanduser(), force=options["force"])
        except RestoreRefused as refusal:
            raise CommandError(str(refusal), returncode=Exit.REFUSED) from None
        except BackupError as error:
            raise CommandError(str(error), returncode=Exit.FAILED) from None
        manifest = restored.manifest
        self.stdout.write(
            f"Restored the backup of {manifest.when}, made by mus {manifest.version}."
        )
        if restored.needs_migrations:
            self.stdout.write("The backup is of an older version: run manage.py migrate.")
        if restored.secret_key_differs:
            self.stdout.write("The secret key has changed: everybody has to log in again.")
        self.stdout.write("Restart the servers that use this database.")
