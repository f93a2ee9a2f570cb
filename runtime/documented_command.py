"""A command whose `--help` ends in a table of its exit codes, and whose output forges nothing."""

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from runtime.database_checks import check_database_server
from runtime.visible_text import printable_lines


class PrintableOutput(OutputWrapper):
    """Stdout or stderr without the escapes of names in it; a style's colours are added later."""

    def write(  # type: ignore[override]  # as Django's does
        self, msg: str = "", style_func: Any = None, ending: str | None = None
    ) -> None:
        super().write(printable_lines(msg), style_func, ending)


class DocumentedCommand(BaseCommand):
    """`exit_codes` is shown as it stands, line by line.

    `without_server`: with what code the command ends where PostgreSQL cannot be reached, or is too
    old; None where the command finds that out itself.
    """

    exit_codes = ""
    without_server: int | None = None

    def execute(self, *arguments: Any, **options: Any) -> str | None:
        if self.without_server is not None and self.needs_server(options):
            problems = check_database_server()
            if problems:
                raise CommandError("\n".join(map(str, problems)), returncode=self.without_server)
        return super().execute(*arguments, **options)

    def needs_server(self, options: dict[str, Any]) -> bool:  # noqa: ARG002  # for who knows better
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
