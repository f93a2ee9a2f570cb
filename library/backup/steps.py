"""How a backup is made, and how one is restored: the order of things."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from library.backup import archive, postgresql, sqlite, target
from library.backup.errors import BackupError, RestoreRefused
from library.models import Scan, ScanState
from library.scanning import ScanAlreadyRuns, ScanOptions, record_end
from library.scanning.lease import acquire
from library.version import VERSION

PROGRAMS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
IN_THE_BACKUP = "It ran when the backup was made that was restored."


@dataclass(frozen=True)
class Saved:
    path: Path
    size_bytes: int
    has_secret_key: bool


@dataclass(frozen=True)
class Restored:
    """`secret_key_differs`: SECRET_KEY is set and stays, though the backup has another."""

    manifest: archive.Manifest
    needs_migrations: bool
    secret_key_differs: bool


def make_backup(place: Path) -> Saved:
    """Write one to `place`: a folder, where it is named by the time, or a file that there is not
    yet. Raises BackupError; then there is no file."""
    path = place
    if place.is_dir():
        path = place / f"mus-{timezone.now():%Y-%m-%dT%H-%M-%SZ}{archive.SUFFIX}"
    if path.exists():
        raise BackupError(f"{path} is there already; name another file.")
    secret_key = _kept_secret_key()
    try:
        with _room_beside(path.parent) as folder:
            database = folder / "database"
            _programs().dump(database)
            manifest = archive.Manifest(
                version=VERSION,
                made_at=timezone.now().isoformat(),
                vendor=connection.vendor,
                migrations=target.applied_migrations(),
                sha256=archive.digest_of(database),
            )
            archive.write_archive(path, manifest, database, secret_key)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror or error}.") from None
    except DatabaseError as error:
        raise BackupError(f"The database cannot be copied to {path.parent}: {error}.") from None
    return Saved(path, path.stat().st_size, bool(secret_key))


def restore_backup(path: Path, *, force: bool = False) -> Restored:
    """Put the backup in place of what the database holds now. `force`: even if that is something.

    Raises BackupError and RestoreRefused; then nothing was changed.
    """
    with archive.open_archive(path) as backup:
        _refuse(backup.manifest, force=force)
        with _room_beside(settings.DATA_DIR) as folder:
            database = folder / "database"
            backup.extract_database(database)
            _programs().check(database)
            with _no_scan_meanwhile():
                _programs().restore(database)
    is_old = target.needs_migrations()
    if not is_old:  # else the server does it, once it can read the rows
        _end_restored_scans()
    return Restored(backup.manifest, is_old, not _keep_secret_key(backup.secret_key))


def _refuse(manifest: archive.Manifest, *, force: bool) -> None:
    if manifest.vendor != connection.vendor:
        raise RestoreRefused(
            f"The backup is of a {manifest.vendor} database, and DATABASE_URL names one of "
            f"{connection.vendor}. Restore it into {manifest.vendor}, and let manage.py "
            "move_library bring that here."
        )
    if objection := target.objection_to(manifest.migrations):
        raise RestoreRefused(objection)
    objection = target.objection_of_target()
    if objection and not force:
        raise RestoreRefused(f"{objection} All of it would be replaced: say --force if so be it.")


@contextmanager
def _no_scan_meanwhile() -> Iterator[None]:
    """Holds the lease of scans, whose row goes with all others when the backup takes their place.

    Raises RestoreRefused while a scan runs: it would go on writing what it knows of the old rows.
    """
    if target.needs_migrations():  # there is no row yet, or none that this version understands
        yield
        return
    try:
        lease = acquire(ScanOptions())
    except ScanAlreadyRuns as refusal:
        raise RestoreRefused(f"{refusal} Restore when it is over, or cancel it.") from None
    except DatabaseError as error:
        raise BackupError(f"The database is in use: {error}. Try again.") from None
    try:
        yield
    except BackupError:
        record_end(lease.scan_id, ScanState.CANCELLED, "A backup could not be restored.")
        raise


def _end_restored_scans() -> None:
    """Theirs are not the processes that run here now."""
    for scan in Scan.objects.filter(state=ScanState.RUNNING):
        record_end(scan.pk, ScanState.FAILED, IN_THE_BACKUP)


def _programs() -> ModuleType:
    return PROGRAMS[connection.vendor]


@contextmanager
def _room_beside(folder: Path) -> Iterator[Path]:
    """A folder of its own on the same disk, gone afterwards."""
    try:
        room = tempfile.TemporaryDirectory(prefix=".mus-", dir=folder)
    except OSError as error:
        raise BackupError(f"The folder {folder} cannot be written to: {error.strerror}.") from None
    with room as name:
        yield Path(name)


def _secret_key_file() -> Path:
    return Path(settings.DATA_DIR) / "secret_key"


def _kept_secret_key() -> str:
    """The one in use, where it is kept in DATA_DIR; one from SECRET_KEY is its owner's to keep."""
    with suppress(OSError):
        if (kept := _secret_key_file().read_text()) == settings.SECRET_KEY:
            return kept
    return ""


def _keep_secret_key(key: str) -> bool:
    """False where another one is set by SECRET_KEY, and stays."""
    if not key or key == settings.SECRET_KEY:
        return True
    if not _kept_secret_key():
        return False
    file = _secret_key_file()
    new = file.with_name(f".{file.name}.new")
    new.touch(mode=0o600)
    new.write_text(key)
    os.replace(new, file)
    return True
