"""A command whose `--help` ends in a table of its exit codes."""

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand


class DocumentedCommand(BaseCommand):
    """`exit_codes` is shown as it stands, line by line."""

    exit_codes = ""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(
            prog_name,
            subcommand,
            epilog=self.exit_codes,
            formatter_class=RawDescriptionHelpFormatter,
            **kwargs,
        )
