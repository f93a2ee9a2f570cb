"""`manage.py runserver` for development: daphne's command, with the same server as `serve`.

Installing the daphne app would provide it too, but that app loads Twisted in every command.
"""

from daphne.management.commands import runserver

from operations.server.paced_server import PacedServer


class Command(runserver.Command):  # type: ignore[misc]  # daphne is untyped
    server_cls = PacedServer
