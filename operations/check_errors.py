"""System checks before a start: errors without warnings, and the exit code of errors that stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.checks import run_checks
from django.core.management.base import SystemCheckError

EXIT_BAD_CONFIGURATION = 78  # EX_CONFIG of sysexits.h


def has_errors(*arguments: Any, **which: Any) -> bool:
    """Whether `BaseCommand.check` with these arguments would raise an error."""
    found = run_checks(*arguments, **which)
    return any(message.is_serious() and not message.is_silenced() for message in found)


@contextmanager
def ending_for_good() -> Iterator[None]:
    """Around checks of what stays as it is until somebody mends it. To start again and again, as
    after a failed check of the database, would help nobody: the exit code says so to systemd."""
    try:
        yield
    except SystemCheckError as error:
        error.returncode = EXIT_BAD_CONFIGURATION
        raise
