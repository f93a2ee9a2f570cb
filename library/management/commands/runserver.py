"""`manage.py runserver` for development: daphne's, which serves ASGI as `serve` does.

Named here rather than by installing the daphne app, whose start loads Twisted into every command.
"""

from daphne.management.commands.runserver import Command

__all__ = ["Command"]
