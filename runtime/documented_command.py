"""The base class of mus's commands: exit codes in `--help`, and no control characters in output."""

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from runtime.database_checks import check_database_server
from runtime.visible_text import printable_lines


class PrintableOutput(OutputWrapper):
    """Stdout or stderr that writes control characters, say in file names, as visible escapes.

    Django adds the colours of a style after that, so they still work.
    """

    def write(  # type: ignore[override]  # as Django's does
        self, msg: str = "", style_func: Any = None, ending: str | None = None
    ) -> None:
        super().write(printable_lines(msg), style_func, ending)


class DocumentedCommand(BaseCommand):
    """A command with `exit_codes`, a text that ends its `--help`, line by line as written.

    `without_server` is the exit code if PostgreSQL cannot be reached or is too old. None: the
    command checks that itself.
    """

    exit_codes = ""
    without_server: int | None = None

    def execute(self, *arguments: Any, **options: Any) -> str | None:
        if self.without_server is not None and self.needs_server(options):
            problems = check_database_server()
            if problems:
                raise CommandError("\n".join(map(str, problems)), returncode=self.without_server)
        return super().execute(*arguments, **options)

    def needs_server(self, options: dict[str, Any]) -> bool:  # noqa: ARG002  # for overriding
        """Whether the command uses the database when called with `options`."""
        return True

    def __init__(self, stdout: Any = None, stderr: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(stdout, stderr, *args, **kwargs)
        self.stdout = PrintableOutput(stdout or sys.stdout)
        self.stderr = PrintableOutput(stderr or sys.stderr)
        self.stderr.style_func = self.style.ERROR

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=self.exit_codes,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )
