"""Throw-away PostgreSQL and Redis servers: on free ports, in folders that go with them.

`python -m tests.services <command> ...` runs a command with DATABASE_URL and REDIS_URL leading to
a pair of them.
"""

from tests.services.postgresql import PostgresqlServer
from tests.services.redis import RedisServer
from tests.services.server import DoesNotStart, NotInstalled, Server, program
from tests.services.workers import free_port

__all__ = [
    "DoesNotStart",
    "NotInstalled",
    "PostgresqlServer",
    "RedisServer",
    "Server",
    "free_port",
    "program",
]
