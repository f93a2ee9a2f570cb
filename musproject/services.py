"""The database and the channel layer as the environment names them: on this machine by default,
PostgreSQL and Redis where several machines share a library."""

from typing import TYPE_CHECKING, Any

import dj_database_url

from musproject.environment import Environment

if TYPE_CHECKING:  # loading it takes commands that work with SQLite a tenth of a second
    from psycopg_pool import ConnectionPool

SQLITE = "django.db.backends.sqlite3"
SQLITE_OPTIONS = {
    # BEGIN IMMEDIATE: a writer waits for its turn at the start of a transaction, where SQLite
    # honours the timeout, rather than failing in the middle of one.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Scans move the log into the database; no listener's commit should have to.
    # What an upsert may have to undo is kept meanwhile, by default in a file: with foreign keys
    # that doubled the time of a scan's writes.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
    "PRAGMA temp_store=MEMORY; "
    "PRAGMA wal_autocheckpoint=20000;",
}
# A connection whose other end vanished without a word is found out after a minute, not two hours.
KEEP_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
# Disks without heads, and indexes that are in memory: those that answer lists are worth their size.
PLANNER = "-c random_page_cost=1.1"
CONNECT_WITHIN_SECONDS = 5
MOST_CONNECTIONS = 41
"""Of one process: one for each thread that asks the database, so that none waits for another's.
PostgreSQL allows a hundred unless told otherwise."""
CONNECTION_WITHIN_SECONDS = 5.0
TRY_AGAIN_SECONDS = 1.0

# Longer than the layer waits in one command (5 s), which redis-py's own default is not.
REDIS_SILENCE_SECONDS = 15.0
REDIS_CONNECT_SECONDS = 2.0


def database(environment: Environment) -> dict[str, Any]:
    """Django's `DATABASES["default"]`: SQLite in DATA_DIR unless DATABASE_URL is given."""
    if not environment.database_url:
        name = environment.data_dir / "mus.sqlite3"
        return {"ENGINE": SQLITE, "NAME": name, "OPTIONS": SQLITE_OPTIONS}
    parsed: dict[str, Any] = {**dj_database_url.parse(environment.database_url)}
    if parsed["ENGINE"] == SQLITE:
        return {**parsed, "OPTIONS": SQLITE_OPTIONS}
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
    """None is opened before it is wanted, so a command that asks one question opens one."""
    return {
        "min_size": 0,
        "max_size": MOST_CONNECTIONS,
        "timeout": CONNECTION_WITHIN_SECONDS,
        "reconnect_timeout": TRY_AGAIN_SECONDS,
        "reconnect_failed": _keep_trying,
    }


def _keep_trying(pool: "ConnectionPool[Any]") -> None:
    """By itself the pool waits ever longer between its attempts, up to minutes after a database
    that is back; given little time for them, it would forget those who wait."""
    if pool.get_stats().get("requests_waiting"):
        pool.check()
