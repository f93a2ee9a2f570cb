"""`manage.py runserver` for development: daphne's, which serves ASGI as `serve` does.

Named here rather than by installing the daphne app, whose start loads Twisted into every command.
"""

from daphne.management.commands import runserver

from operations.server.paced_server import PacedServer


class Command(runserver.Command):  # type: ignore[misc]  # daphne is untyped
    server_cls = PacedServer
