"""Django system checks of DATA_DIR, the addresses and the https settings. Each gives a hint."""

import os
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

from library.checks import real_path
from operations.data_folder import data_folder

DATA_TAG = "data"
"""Tags the checks of DATA_DIR. They come before the database check: SQLite's file is in there."""
LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
EVERY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104  # compared with, not bound to


def check_data_folder(**_: object) -> list[CheckMessage]:
    """DATA_DIR is outside the music folders, writable for mus, and private."""
    return [*_check_data_is_apart(), *_check_data_is_writable(), *_check_data_is_private()]


def check_addresses(**_: object) -> list[CheckMessage]:
    """Warns if mus listens on every address but ALLOWED_HOSTS permits local names only."""
    if settings.HOST not in EVERY_ADDRESS or set(settings.ALLOWED_HOSTS) - LOCAL_NAMES:
        return []
    return [
        checks.Warning(
            f"HOST is {settings.HOST}, but ALLOWED_HOSTS has only local names of this machine.",
            hint="Add the names and addresses that other machines use for this one to "
            "ALLOWED_HOSTS; until then they are answered 400 Bad Request.",
            id="library.W002",
        )
    ]


def check_https(**_: object) -> list[CheckMessage]:
    """Warns if a trusted origin uses https but HTTPS is not set, which https needs besides."""
    secure = [each for each in settings.CSRF_TRUSTED_ORIGINS if each.startswith("https://")]
    if settings.HTTPS or not secure:
        return []
    return [
        checks.Warning(
            f"CSRF_TRUSTED_ORIGINS has {secure[0]}, but HTTPS is not true.",
            hint="If everybody reaches mus by https, set HTTPS=true and TRUSTED_PROXIES. Then "
            "browsers never send a session without encryption.",
            id="library.W003",
        )
    ]


def _check_data_is_apart() -> Iterator[CheckMessage]:
    data = real_path(settings.DATA_DIR)
    for folder in settings.MUSIC_DIRS:
        if real_path(folder) in (data, *data.parents):
            yield Error(
                f"DATA_DIR: the folder {settings.DATA_DIR} is inside the music folder {folder}.",
                hint="Move it elsewhere. Otherwise a scan would read the files that mus writes.",
                id="library.E005",
            )


def _check_data_is_writable() -> Iterator[CheckMessage]:
    folder = settings.DATA_DIR
    if not os.path.isdir(folder) or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Error(
            f"DATA_DIR: the folder {folder} cannot be written to by the user who runs mus.",
            hint="The database and the covers are kept there. Give that user the permission, "
            "or choose another folder.",
            id="library.E006",
        )


def _check_data_is_private() -> Iterator[CheckMessage]:
    """`serve` and `migrate` remove such rights, so what this finds could not be removed."""
    with suppress(OSError):  # missing or unreadable: another check reports that
        found = data_folder().open_to_others()
        if found:
            names = ", ".join(sorted(map(str, found)))
            yield checks.Warning(
                f"DATA_DIR: other users than the one who runs mus have rights to {names}.",
                hint="Sessions, password hashes and the secret key are kept there. Give it to the "
                "user who runs mus (chown) and remove all rights of others (chmod go=). If the "
                "disk or share has no permissions, mount it with umask=077, or choose another "
                "folder.",
                id="library.W004",
            )
