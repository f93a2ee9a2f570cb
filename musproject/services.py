"""Django's settings for the database and the channel layer.

By default SQLite and a channel layer in memory; PostgreSQL and Redis if the environment names them.
"""

from typing import TYPE_CHECKING, Any

import dj_database_url

from musproject.environment import Environment

if TYPE_CHECKING:  # importing it costs 0.1 s, which commands on SQLite would pay for nothing
    from psycopg_pool import ConnectionPool

SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    # BEGIN IMMEDIATE: a writer waits for the lock at the start of a transaction, where SQLite
    # honours the timeout, instead of failing in the middle of the transaction.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # wal_autocheckpoint is high because scans checkpoint the write-ahead log themselves; the commit
    # of a listener should not have to wait for that.
    # temp_store: SQLite keeps the data to undo an upsert in a temporary file by default. With
    # foreign keys that doubled the time of a scan's writes.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
    "PRAGMA temp_store=MEMORY; "
    "PRAGMA wal_autocheckpoint=20000;",
}
SQLITE_SETTINGS = {
    "OPTIONS": SQLITE_OPTIONS,
    # Opening the database and reading its schema takes longer than most queries of a request.
    "CONN_MAX_AGE": 10,
}
# Seconds, and a number of probes: a dead connection is detected after a minute, not two hours.
KEEP_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
# Random reads are cheap (SSDs, cached indexes), so the planner uses the indexes that serve lists.
# PostgreSQL must not compile queries (JIT). It would do so for those of many rows, as the totals of
# 1,000 artists in an answer of `GET sync`: each time anew, which takes longer than it saves, and on
# each new connection it first loads the compiler.
PLANNER = "-c random_page_cost=1.1 -c jit=off"
CONNECT_WITHIN_SECONDS = 5
MOST_CONNECTIONS = 44
"""The connections of one process: one for each thread that queries the database, so that no thread
waits for another's. PostgreSQL's default limit is 100 for all processes."""
CONNECTION_WITHIN_SECONDS = 5.0
TRY_AGAIN_SECONDS = 1.0

# Longer than the 5 s that the channel layer blocks in one command; redis-py's default is shorter.
REDIS_SILENCE_SECONDS = 15.0
REDIS_CONNECT_SECONDS = 2.0


def database(environment: Environment) -> dict[str, Any]:
    """Django's `DATABASES["default"]`: SQLite in DATA_DIR unless DATABASE_URL is given."""
    if not environment.database_url:
        name = environment.data_dir / "mus.sqlite3"
        return {"ENGINE": SQLITE, "NAME": name, **SQLITE_SETTINGS}
    parsed: dict[str, Any] = {**dj_database_url.parse(environment.database_url)}
    if parsed["ENGINE"] == SQLITE:
        return {**parsed, **SQLITE_SETTINGS}
    return {
        **parsed,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": "mus",
            "connect_timeout": CONNECT_WITHIN_SECONDS,
            **KEEP_ALIVE,
            "options": PLANNER,
            **parsed.get("OPTIONS", {}),
            "pool": _pool(),
        },
    }


def channel_layer(environment: Environment) -> dict[str, Any]:
    """Django's `CHANNEL_LAYERS["default"]`: in memory unless REDIS_URL is given."""
    if not environment.redis_url:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    host = {
        "address": environment.redis_url,
        "socket_timeout": REDIS_SILENCE_SECONDS,
        "socket_connect_timeout": REDIS_CONNECT_SECONDS,
    }
    return {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [host], "prefix": "mus"},
    }


def _pool() -> dict[str, Any]:
    """The options of the connection pool. It opens no connection before one is needed."""
    return {
        "min_size": 0,
        "max_size": MOST_CONNECTIONS,
        "timeout": CONNECTION_WITHIN_SECONDS,
        "reconnect_timeout": TRY_AGAIN_SECONDS,
        "reconnect_failed": _keep_trying,
    }


def _keep_trying(pool: "ConnectionPool[Any]") -> None:
    """Try to connect again as long as requests wait for a connection.

    The pool's own retries back off up to minutes, so it would notice late that the database is
    back. With the short `reconnect_timeout` alone it would give up and the waiting requests hang.
    """
    if pool.get_stats().get("requests_waiting"):
        pool.check()
