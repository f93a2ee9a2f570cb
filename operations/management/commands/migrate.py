"""Django's `migrate`, which also makes DATA_DIR private.

With `--verbosity 0`, as a server's start calls it, system checks print no warnings: `serve` prints
them right after.
"""

from contextlib import nullcontext
from typing import Any

from django.core.checks import Tags
from django.core.management.commands import migrate

from operations.check_errors import ending_for_good, has_errors
from operations.data_folder import close_data_folder


class Command(migrate.Command):
    """`_is_silent` is true with `--verbosity 0`: then only errors of the checks are printed."""

    _is_silent = False

    def execute(self, *arguments: Any, **options: Any) -> str | None:
        self._is_silent = options["verbosity"] == 0
        close_data_folder()
        return super().execute(*arguments, **options)

    def check(self, *arguments: Any, **which: Any) -> None:
        if self._is_silent and not has_errors(*arguments, **which):
            return
        is_database_away = has_errors(databases=which.get("databases"), tags=[Tags.database])
        with nullcontext() if is_database_away else ending_for_good():
            super().check(*arguments, **which)
