"""`manage.py backup_library` writes the database and the secret key to one file."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from operations.backup import BackupError, make_backup
from operations.interruption import end_tidily_on_signals
from runtime.documented_command import DocumentedCommand
from runtime.visible_text import printable

FAILED = 6
BAD_OPTION = 2
SUFFIXES = (".tar.gz", ".tgz")
"""The endings of a backup's name: with another one, people and programs mistake its format."""


class Command(DocumentedCommand):
    help = "Write a backup of the database and the secret key, whether a server runs or not."
    exit_codes = """\
exit codes:
  0   done
  2   an option is wrong
  6   failed; there is no new file
  78  a setting is wrong; the message says which
"""
    without_server = FAILED
    requires_system_checks = ()  # a missing music folder must not prevent a backup

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "place",
            help="a folder that is there, in which the file is named after the time; or a new file",
        )

    def handle(self, **options: Any) -> None:
        end_tidily_on_signals()
        place = _checked(options["place"])
        try:
            saved = make_backup(place)
        except BackupError as error:
            raise CommandError(str(error), returncode=FAILED) from None
        self.stdout.write(f"{saved.path} ({saved.size_bytes:,} bytes)")
        if not saved.has_secret_key:
            self.stdout.write(
                "The secret key is not in the backup, since SECRET_KEY is set: keep a copy of it."
            )


def _checked(name: str) -> Path:
    """Refuse what is neither a folder nor the name of a backup.

    A name that ends in a slash means a folder, which `Path` forgets.
    """
    place = Path(name).expanduser()
    if place.is_dir() or (place.name.lower().endswith(SUFFIXES) and not name.endswith(os.sep)):
        return place
    raise CommandError(
        f"There is no folder {printable(str(place))}. Make it first, or name a new file: the name "
        f"of a backup ends in {' or '.join(SUFFIXES)}, since it is a compressed tar archive.",
        returncode=BAD_OPTION,
    )
