"""Runs system checks without printing warnings, so that a server's start prints each only once."""

from typing import Any

from django.core.checks import run_checks


def has_errors(*arguments: Any, **which: Any) -> bool:
    """Whether `BaseCommand.check` with these arguments would raise an error."""
    found = run_checks(*arguments, **which)
    return any(message.is_serious() and not message.is_silenced() for message in found)
