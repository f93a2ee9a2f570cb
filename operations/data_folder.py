"""Keeps DATA_DIR private: it holds sessions, password hashes and the secret key."""

import logging
import re
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from runtime.private_files import PrivateFolder

_OWN = re.compile(
    r"secret_key|covers"
    r"|mus-[0-9TZ-]{20}\.tar\.gz|\.mus-.*\.tar\.gz\.partial|\.mus-[a-z0-9_]{8}"  # of backups
    r"|lost\+found"  # present if DATA_DIR is the mount point of a disk
)
_SQLITES = re.compile(r"-(wal|shm|journal)$")

logger = logging.getLogger(__name__)


def data_folder() -> PrivateFolder:
    """DATA_DIR with the names of the files that mus makes there."""
    return PrivateFolder(Path(settings.DATA_DIR), _is_own)


def close_data_folder() -> None:
    """Remove the rights of others in DATA_DIR and log which files had some.

    The folder may come from another user or an older version of mus. Called when a server starts
    and by `migrate`, not by each command: a scan starts every minute. The system checks report what
    could not be changed.
    """
    if any(Path(settings.DATA_DIR).resolve() == folder.resolve() for folder in settings.MUSIC_DIRS):
        return  # the settings are wrong; a check says so, and the music must stay readable
    with suppress(OSError):
        closed = data_folder().close_to_others()
        if closed:
            names = ", ".join(sorted(path.name for path in closed))
            logger.warning(
                "In DATA_DIR, %s, users other than the owner had rights to %s. They have none now.",
                *(settings.DATA_DIR, names),
            )


def _is_own(name: str) -> bool:
    return bool(_OWN.fullmatch(name)) or _SQLITES.sub("", name) in _database_names()


def _database_names() -> set[str]:
    """The names of SQLite databases in DATA_DIR: the default and one that DATABASE_URL names."""
    database = settings.DATABASES["default"]
    path = Path(database["NAME"])
    is_there = database["ENGINE"].endswith("sqlite3") and path.parent == Path(settings.DATA_DIR)
    return {"mus.sqlite3", path.name} if is_there else {"mus.sqlite3"}
