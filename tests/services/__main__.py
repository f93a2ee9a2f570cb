"""`python -m tests.services <command> ...`: run it with a PostgreSQL and a Redis of its own."""

import os
import signal
import subprocess
import sys

from tests.services import NotInstalled, PostgresqlServer, RedisServer

DATABASE = "mus"


def main() -> int:
    try:
        with PostgresqlServer() as postgresql, RedisServer() as redis:
            urls = {"DATABASE_URL": postgresql.create(DATABASE), "REDIS_URL": redis.url}
            child = subprocess.Popen(sys.argv[1:], env={**os.environ, **urls})
            signal.signal(signal.SIGTERM, lambda *_: child.terminate())
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command, which hears it too, decides
            return child.wait()
    except NotInstalled as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
