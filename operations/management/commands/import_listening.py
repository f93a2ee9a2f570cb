"""`manage.py import_listening` brings in what users made on another server."""

import getpass
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from listening.moving_in import CannotRead, bring_in
from listening.moving_in.brought import Brought
from listening.moving_in.navidrome import read_navidrome
from listening.moving_in.subsonic import read_subsonic
from runtime.documented_command import DocumentedCommand

FAILED = 6
ASKED_OF = "SUBSONIC_PASSWORD"
"""The variable of the environment."""


class Command(DocumentedCommand):
    help = (
        "Bring in what users made on another server: favourites, ratings, play counts, plays, "
        "bookmarks and playlists. Scan the music first. What is there already stays as it is, so "
        "that the same can be brought in again."
    )
    exit_codes = """\
exit codes:
  0   done
  2   an option is wrong
  6   refused, or failed; what was stored by then stays
  78  a setting is wrong; the message says which
"""
    without_server = FAILED
    requires_system_checks = ()  # music folders and addresses do not matter here

    def add_arguments(self, parser: ArgumentParser) -> None:
        sources = parser.add_subparsers(dest="source", required=True, metavar="source")
        navidrome = sources.add_parser("navidrome", help="from the database of Navidrome")
        navidrome.add_argument("database", type=Path, help="navidrome.db, in its data folder")
        subsonic = sources.add_parser(
            "subsonic", help="from any server with the Subsonic API, one user at a time"
        )
        subsonic.add_argument("url", help="the server, such as https://music.example.org")
        subsonic.add_argument(
            "--login",
            required=True,
            metavar="NAME",
            help=f"the user's name there; the password is asked for, or in {ASKED_OF}",
        )
        for each in (navidrome, subsonic):
            each.add_argument(
                "--user",
                action="append",
                default=[],
                type=_pair,
                metavar="THEIRS=OURS",
                help="the name of a user there and here; otherwise they are the same",
            )
            each.add_argument("--dry-run", action="store_true", help="only say what would be done")
            each.add_argument(
                "--all", action="store_true", help="name everything that was not found"
            )

    def handle(self, **options: Any) -> None:
        is_dry_run = options["dry_run"]
        try:
            brought, name = self._read(options)
            report = bring_in(brought, dict(options["user"]), name, is_dry_run=is_dry_run)
        except CannotRead as error:
            raise CommandError(str(error), returncode=FAILED) from None
        for line in report.lines(sys.maxsize) if options["all"] else report.lines():
            self.stdout.write(line)

    def _read(self, options: dict[str, Any]) -> tuple[Brought, str]:
        if options["source"] == "navidrome":
            return read_navidrome(options["database"]), "Navidrome"
        password = os.environ.get(ASKED_OF)
        if password is None:
            password = getpass.getpass(f"Password of {options['login']}: ")
        return read_subsonic(options["url"], options["login"], password), "Subsonic"


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.partition("=")
    if not (theirs and equals and ours):
        raise ArgumentTypeError(f"found {text!r}; say it as THEIRS=OURS")
    return theirs, ours
