"""Django's migrate; with `--verbosity 0`, which is how a server's start begins, it leaves warnings
of the checks to the server."""

from typing import Any

from django.core.management.commands import migrate

from operations.check_errors import has_errors
from operations.data_folder import close_data_folder


class Command(migrate.Command):
    _is_silent = False

    def execute(self, *arguments: Any, **options: Any) -> str | None:
        self._is_silent = options["verbosity"] == 0
        close_data_folder()
        return super().execute(*arguments, **options)

    def check(self, *arguments: Any, **which: Any) -> None:
        if not self._is_silent or has_errors(*arguments, **which):
            super().check(*arguments, **which)
