"""Django's `migrate`, which also makes DATA_DIR private.

With `--verbosity 0`, as a server's start calls it, system checks print no warnings: `serve` prints
them right after.
"""

from typing import Any

from django.core.management.commands import migrate

from operations.check_errors import has_errors
from operations.data_folder import close_data_folder


class Command(migrate.Command):
    """`_is_silent` is true with `--verbosity 0`: then only errors of the checks are printed."""

    _is_silent = False

    def execute(self, *arguments: Any, **options: Any) -> str | None:
        self._is_silent = options["verbosity"] == 0
        close_data_folder()
        return super().execute(*arguments, **options)

    def check(self, *arguments: Any, **which: Any) -> None:
        if not self._is_silent or has_errors(*arguments, **which):
            super().check(*arguments, **which)
