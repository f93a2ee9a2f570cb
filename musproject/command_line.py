"""Django's command line. A fault that the user can mend is told in a line, without a traceback."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DEFAULT_DB_ALIAS
from django.db import Error as DatabaseError

from musproject.late_imports import load_when_used
from operations.checks import check_data_folder
from runtime.database_checks import check_database, check_database_server
from runtime.private_files import keep_new_files_private
from runtime.visible_text import printable_lines

EXIT_UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h
EXIT_BAD_CONFIGURATION = 78  # EX_CONFIG
_HELP = {"-h", "--help", "--version"}
# Commands that check the database themselves, with exit codes of their own, or do not need it.
_WITHOUT_CHECK = {
    *("serve", "migrate", "check", "scan_tracks", "backup_library", "restore_library"),
    *("move_library", "app_password", "import_history", "import_listening"),
    *("collectstatic", "findstatic", "makemigrations", "diffsettings"),
    *("help", "version", "test", "shell", "makemessages", "compilemessages", "startapp"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musproject.settings")
    # django-eventstream imports them for a kind of proxy that mus does not use. They load
    # cryptography and an HTTP client: a fifth of each command's start.
    load_when_used("jwt")
    load_when_used("gripcontrol", "Channel", "HttpStreamFormat")
    try:
        _keep_files_private(sys.argv[1:2])
        _refuse_without_database(sys.argv[1:])
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        print(printable_lines(str(error)), file=sys.stderr)
        sys.exit(EXIT_BAD_CONFIGURATION)
    except DatabaseError:
        # Some of Django's own checks use the database; if it cannot be opened, say so.
        problems = check_database([DEFAULT_DB_ALIAS])
        if not problems:
            raise
        lines = map(str, (*check_data_folder(), *problems))
        print(*map(printable_lines, lines), sep="\n", file=sys.stderr)
        sys.exit(EXIT_UNAVAILABLE)


def _refuse_without_database(arguments: Sequence[str]) -> None:
    """Check PostgreSQL before one of Django's own commands: it would wait for the pool of
    connections for seconds, and then say no more than that it had waited."""
    if not arguments or _WITHOUT_CHECK & {arguments[0]} or _HELP & set(arguments):
        return
    with suppress(ImproperlyConfigured):  # Django reports it
        problems = check_database_server()
        if problems:
            print(*problems, sep="\n", file=sys.stderr)
            sys.exit(EXIT_UNAVAILABLE)


def _keep_files_private(command: Sequence[str]) -> None:
    """Called after the settings have made their folders, since others may read the music folder.
    A web server has to read what collectstatic writes."""
    with suppress(ImproperlyConfigured):  # Django reports it, unless it is asked for help alone
        if settings.DATA_DIR and command != ["collectstatic"]:
            keep_new_files_private()
