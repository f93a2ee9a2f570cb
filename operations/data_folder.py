"""What mus keeps in DATA_DIR, which is readable by its owner alone: sessions, hashes of passwords,
the secret key."""

import logging
import re
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from runtime.private_files import PrivateFolder

_OWN = re.compile(
    r"secret_key|covers"
    r"|mus-[0-9TZ-]{20}\.tar\.gz|\.mus-.*\.tar\.gz\.partial|\.mus-[a-z0-9_]{8}"  # of backups
    r"|lost\+found"  # where a disk is mounted there
)
_SQLITES = re.compile(r"-(wal|shm|journal)$")

logger = logging.getLogger(__name__)


def data_folder() -> PrivateFolder:
    return PrivateFolder(Path(settings.DATA_DIR), _is_own)


def close_data_folder() -> None:
    """When a server starts or the database is migrated: somebody else may have made the folder, or
    an older version of mus. Other commands do not call this; a scan starts every minute. The checks
    tell what could not be closed."""
    if any(Path(settings.DATA_DIR).resolve() == folder.resolve() for folder in settings.MUSIC_DIRS):
        return  # an error of the settings, after which the music has to be readable still
    with suppress(OSError):
        closed = data_folder().close_to_others()
        if closed:
            names = ", ".join(sorted(path.name for path in closed))
            logger.warning(
                "In DATA_DIR, %s, others than its owner had rights to: %s. They have none now.",
                *(settings.DATA_DIR, names),
            )


def _is_own(name: str) -> bool:
    return bool(_OWN.fullmatch(name)) or _SQLITES.sub("", name) in _database_names()


def _database_names() -> set[str]:
    """SQLite's own, also where DATABASE_URL puts one there under another name."""
    database = settings.DATABASES["default"]
    path = Path(database["NAME"])
    is_there = database["ENGINE"].endswith("sqlite3") and path.parent == Path(settings.DATA_DIR)
    return {"mus.sqlite3", path.name} if is_there else {"mus.sqlite3"}
