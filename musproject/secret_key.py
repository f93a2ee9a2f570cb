"""The key that signs sessions and links: SECRET_KEY, or a key made once and kept in DATA_DIR."""

import os
import secrets
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from musproject.environment import Environment
from runtime.file_locks import LocksUnknown, wait_for_lock
from runtime.secret_keys import MIN_SECRET_KEY_CHARACTERS, is_too_short

SECRET_KEY_BYTES = 50
WRITTEN_WITHIN_S = 3.0
"""Seconds. Network shares may show a file's new size to other machines after a second or more."""


def read_secret_key(environment: Environment) -> str:
    """SECRET_KEY, or the key in DATA_DIR, which the first start makes, readable by its owner only.

    Raises ImproperlyConfigured.
    """
    if environment.secret_key:
        return environment.secret_key
    path = environment.data_dir / "secret_key"
    try:
        return _read_kept(path) or _make_secret_key(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"SECRET_KEY cannot be kept in {path}: {error.strerror}. DATA_DIR has to be a folder "
            "that the user who starts mus may write to."
        ) from None


def _read_kept(path: Path) -> str:
    """The stored key; empty if there is none yet.

    Raises ImproperlyConfigured if the key is too short, so that it could be guessed.
    """
    kept = path.read_text(errors="replace") if path.exists() else ""
    if kept and is_too_short(kept):
        raise ImproperlyConfigured(
            f"The secret key in {path} has fewer than {MIN_SECRET_KEY_CHARACTERS} characters: an "
            "attacker who guesses it can log in as any user. Delete the file: mus makes a new key, "
            "and everybody has to log in again."
        )
    return kept


def _make_secret_key(path: Path) -> str:
    """Make the key and write it to `path`, unless another process has done so meanwhile.

    The process that gets the lock first writes the key; the others wait and then read it.
    """
    descriptor, is_new = _open_or_create(path)
    with os.fdopen(descriptor, "r+") as file:
        try:
            wait_for_lock(descriptor)
        except LocksUnknown:
            if not is_new:
                _wait_for_content(descriptor)
        key = file.read()
        if not key:
            file.write(key := secrets.token_urlsafe(SECRET_KEY_BYTES))
    return key


def _open_or_create(path: Path) -> tuple[int, bool]:
    """A file descriptor, and whether this process created the file."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        return os.open(path, os.O_RDWR), False


def _wait_for_content(descriptor: int) -> None:
    """Wait for the key on a file system without locks.

    The process that created the file writes the key at once. A file that stays empty comes from a
    process that was killed.
    """
    deadline = time.monotonic() + WRITTEN_WITHIN_S
    while not os.fstat(descriptor).st_size and time.monotonic() < deadline:
        time.sleep(0.05)
