"""A command whose `--help` ends in a table of its exit codes."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from library.checks import check_database_server


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

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=self.exit_codes,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )
