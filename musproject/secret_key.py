"""The key that signs sessions and links: given, or made once and kept in DATA_DIR."""

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
"""Network shares tell others of a file's new size after a second or more."""


def read_secret_key(environment: Environment) -> str:
    """SECRET_KEY, or the one made at the first start and kept, readable by its owner only."""
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
    """ "" where there is none yet. Raises ImproperlyConfigured for one that can be guessed."""
    kept = path.read_text(errors="replace") if path.exists() else ""
    if kept and is_too_short(kept):
        raise ImproperlyConfigured(
            f"The secret key in {path} has fewer than {MIN_SECRET_KEY_CHARACTERS} characters; who "
            "guesses it logs in as anybody. Delete the file: mus makes a new one, and everybody "
            "has to log in again."
        )
    return kept


def _make_secret_key(path: Path) -> str:
    """The first process to get the lock makes the key; one that waited for it finds that key."""
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
    """A descriptor, and whether this process created the file."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), True
    except FileExistsError:
        return os.open(path, os.O_RDWR), False


def _wait_for_content(descriptor: int) -> None:
    """Where the disk knows no locks: whoever created the file writes to it at once. A file that
    stays empty was left by a process that was killed."""
    deadline = time.monotonic() + WRITTEN_WITHIN_S
    while not os.fstat(descriptor).st_size and time.monotonic() < deadline:
        time.sleep(0.05)
