"""Django's command line; what its users can mend is told in a line instead of a trace."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DEFAULT_DB_ALIAS
from django.db import Error as DatabaseError

from library.files import walk_ahead
from musproject.late_imports import load_when_used
from operations.checks import check_data_folder
from runtime.database_checks import check_database, check_database_server
from runtime.private_files import keep_new_files_private
from runtime.visible_text import printable_lines

EXIT_UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h
EXIT_BAD_CONFIGURATION = 78  # EX_CONFIG
_HELP = {"-h", "--help", "--version"}
_WITHOUT_WALK = {*_HELP, "--workers=0"}
# Those that look for it themselves, with exit codes of their own, and those that do without.
_WITHOUT_DATABASE = {
    *("serve", "migrate", "check", "scan_tracks", "backup_library", "restore_library"),
    *("move_library", "collectstatic", "findstatic", "makemigrations", "diffsettings", "runserver"),
    *("help", "version", "test", "shell", "makemessages", "compilemessages", "startapp"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musproject.settings")
    # django-eventstream imports them for proxies of a kind that mus does not use; with all that
    # they load, cryptography and a client of HTTP, they would be a sixth of each command's start.
    load_when_used("jwt")
    load_when_used("gripcontrol", "Channel", "HttpStreamFormat")
    try:
        _keep_files_private(sys.argv[1:2])
        _refuse_without_database(sys.argv[1:])
        if _scans_everything(sys.argv[1:]):
            walk_ahead.begin([(str(root), "") for root in settings.MUSIC_DIRS])
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        print(printable_lines(str(error)), file=sys.stderr)
        sys.exit(EXIT_BAD_CONFIGURATION)
    except DatabaseError:
        # Some of Django's own checks use the database; when it cannot be opened, that is the news.
        problems = check_database([DEFAULT_DB_ALIAS])
        if not problems:
            raise
        lines = map(str, (*check_data_folder(), *problems))
        print(*map(printable_lines, lines), sep="\n", file=sys.stderr)
        sys.exit(EXIT_UNAVAILABLE)


def _refuse_without_database(arguments: Sequence[str]) -> None:
    """Django's own commands would wait for the pool, for seconds, and then not know why."""
    if not arguments or _WITHOUT_DATABASE & {arguments[0]} or _HELP & set(arguments):
        return
    with suppress(ImproperlyConfigured):  # Django tells
        problems = check_database_server()
        if problems:
            print(*problems, sep="\n", file=sys.stderr)
            sys.exit(EXIT_UNAVAILABLE)


def _keep_files_private(command: Sequence[str]) -> None:
    """Once the settings have made their folders: others may read the one for music. A web server
    has to read what collectstatic writes."""
    with suppress(ImproperlyConfigured):  # Django tells, unless it is asked for help alone
        if settings.DATA_DIR and command != ["collectstatic"]:
            keep_new_files_private()


def _scans_everything(arguments: Sequence[str]) -> bool:
    """Whether this is the command that scans, and no folder is named. Django, which knows its
    options, is not loaded yet; so a word by itself, which may be a folder's name, counts as one."""
    if arguments[:1] != ["scan_tracks"] or "--" in arguments[:-1]:
        return False
    options = arguments[1:]
    return all(option.startswith("-") for option in options) and not _WITHOUT_WALK & set(options)
