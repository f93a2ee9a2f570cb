"""Checks whose warnings are left to somebody else, so that each is printed once at a start."""

from typing import Any

from django.core.checks import run_checks


def has_errors(*arguments: Any, **which: Any) -> bool:
    """Whether `BaseCommand.check` would raise an error; it would print warnings otherwise."""
    found = run_checks(*arguments, **which)
    return any(message.is_serious() and not message.is_silenced() for message in found)
