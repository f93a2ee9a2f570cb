"""The steps of making a backup, and of restoring one, in their order."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from library.models.revision import Revision, new_epoch
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.queries.revision import library_revision
from library.scanning import ScanAlreadyRuns, ScanOptions, record_end
from library.scanning.lease import acquire
from operations.backup import archive, postgresql, sqlite, target
from operations.backup.errors import BackupError, RestoreRefused
from operations.backup.manifest import Manifest
from operations.backup.rooms import room_in
from operations.backup.unpacking import open_archive
from runtime.secret_keys import MIN_SECRET_KEY_CHARACTERS, is_too_short
from runtime.version import VERSION

PROGRAMS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
RESTORING = "A backup is being restored."
NOT_RESTORED = "A backup could not be restored. The library is as it was before."
IN_THE_BACKUP = "It ran when the backup was made that was restored."


@dataclass(frozen=True)
class Saved:
    path: Path
    size_bytes: int
    has_secret_key: bool


@dataclass(frozen=True)
class Restored:
    """`secret_key_differs`: the backup has another secret key, but SECRET_KEY is set and stays."""

    manifest: Manifest
    needs_migrations: bool
    secret_key_differs: bool


def make_backup(place: Path) -> Saved:
    """Write a backup to `place`: a new file, or a folder, in which it is named after the time.

    Raises BackupError; then there is no file.
    """
    path = place
    if place.is_dir():
        path = place / f"mus-{timezone.now():%Y-%m-%dT%H-%M-%SZ}{archive.SUFFIX}"
    if path.exists():
        raise BackupError(f"{path} is there already; name another file.")
    secret_key = _kept_secret_key()
    try:
        with room_in(path.parent) as folder:
            archive.sweep_partials(path.parent)
            database = folder / "database"
            _programs().dump(database)
            manifest = Manifest(
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
    """Replace everything in the database with the backup. `force`: even if the database is in use.

    Raises BackupError and RestoreRefused; then nothing was changed.
    """
    with open_archive(path) as backup, room_in(settings.DATA_DIR) as room:
        _refuse(backup.manifest, force=force)
        database = room / archive.DATABASE
        secret_key = backup.unpack(database)
        new_key = _prepare_secret_key(room, secret_key)
        tables = _check(database, backup.manifest)
        began = timezone.now()
        with _no_scan_meanwhile():
            _programs().restore(database, _renewal_of_epoch(tables))
        if new_key:
            os.replace(new_key, _secret_key_file())
    is_old = target.needs_migrations()
    if not is_old:  # otherwise a server ends the scans after the migration
        _end_restored_scans()
        _record_restore(backup.manifest, began)
    differs = bool(secret_key) and secret_key != settings.SECRET_KEY and not new_key
    return Restored(backup.manifest, is_old, differs)


def _check(database: Path, manifest: Manifest) -> set[str]:
    """The tables of the unpacked database.

    Raises BackupError or RestoreRefused unless it is whole, belongs to mus and fits the manifest.
    """
    programs = _programs()
    programs.check(database)
    tables: set[str] = programs.tables(database)
    migrations = programs.migrations(database)
    if sorted(migrations) != sorted(manifest.migrations):
        raise BackupError(
            "The backup is damaged: its database has not had the migrations that its manifest says."
        )
    if objection := target.objection_to(migrations, manifest.version):
        raise RestoreRefused(objection)
    if missing := target.missing_tables(tables, migrations):
        raise BackupError(
            f"The database in the backup is not one of mus: it has no table {missing[0]}."
        )
    return tables


def _renewal_of_epoch(tables: set[str]) -> str:
    """The statement that gives the restored library a new epoch.

    The library had the number of the backup's revision before, with other content: a browser must
    not take a list of then for one of now. A backup of a version without epochs gets its first one
    by the migration.
    """
    table = Revision._meta.db_table
    return f"UPDATE {table} SET epoch = '{new_epoch()}'" if table in tables else ""  # noqa: S608


def _record_restore(manifest: Manifest, began: datetime) -> None:
    """Add a row that says what was restored to the history of scans."""
    with suppress(DatabaseError):  # the backup is restored; only the record is missing
        now = timezone.now()
        Scan.objects.create(
            kind=ScanKind.RESTORE,
            trigger=ScanTrigger.COMMAND,
            state=ScanState.COMPLETED,
            started_at=began,
            finished_at=now,
            heartbeat_at=now,
            host_name=socket.gethostname(),
            process_id=os.getpid(),
            revision=library_revision()[0],
            message=f"Restored the backup of {manifest.when}, made by mus {manifest.version}.",
        )


def _refuse(manifest: Manifest, *, force: bool) -> None:
    if manifest.vendor != connection.vendor:
        raise RestoreRefused(
            f"The backup is of a {manifest.vendor} database, and DATABASE_URL names one of "
            f"{connection.vendor}. Restore it into {manifest.vendor}, and let manage.py "
            "move_library bring that here."
        )
    if objection := target.objection_to(manifest.migrations, manifest.version):
        raise RestoreRefused(objection)
    objection = target.objection_of_target()
    if objection and not force:
        raise RestoreRefused(f"{objection} To replace all of it, add --force.")


@contextmanager
def _no_scan_meanwhile() -> Iterator[None]:
    """Hold the lease of scans. Its row disappears when the backup replaces all rows.

    Raises RestoreRefused while a scan runs: the scan would go on writing with ids of the old rows.
    """
    if target.needs_migrations():  # no table of scans yet, or an older version's
        yield
        return
    try:
        lease = acquire(ScanOptions(), ScanKind.RESTORE, RESTORING)
    except ScanAlreadyRuns as refusal:
        raise RestoreRefused(f"{refusal} Restore when it is over, or cancel it.") from None
    except DatabaseError as error:
        raise BackupError(f"The database is in use: {error}. Try again.") from None
    try:
        yield
    except BaseException:  # also KeyboardInterrupt: the row must not stay "running"
        with suppress(DatabaseError):  # e.g. a full disk; the lease will expire
            lease.close_other_work(ScanState.FAILED, NOT_RESTORED)
        raise


def _end_restored_scans() -> None:
    """Close the rows of scans that ran when the backup was made: their processes are long gone."""
    with suppress(DatabaseError):  # the backup is restored; the leases will expire
        _record_ends()


def _record_ends() -> None:
    for scan in Scan.objects.filter(state=ScanState.RUNNING):
        record_end(scan.pk, ScanState.FAILED, IN_THE_BACKUP)


def _programs() -> ModuleType:
    return PROGRAMS[connection.vendor]


def _secret_key_file() -> Path:
    return Path(settings.DATA_DIR) / "secret_key"


def _kept_secret_key() -> str:
    """The secret key in DATA_DIR, if it is the one in use; else empty, as SECRET_KEY is set."""
    with suppress(OSError):
        if (kept := _secret_key_file().read_text()) == settings.SECRET_KEY:
            return kept
    return ""


def _prepare_secret_key(room: Path, key: str) -> Path | None:
    """Write the backup's secret key to a file that is to replace the one in DATA_DIR.

    None if the key is the same, if the backup has none, or if SECRET_KEY is set and stays in use.
    """
    if not key or key == settings.SECRET_KEY or not _kept_secret_key():
        return None
    if is_too_short(key):
        raise RestoreRefused(
            f"The secret key in the backup has fewer than {MIN_SECRET_KEY_CHARACTERS} characters; "
            "who guesses it logs in as anybody. Set SECRET_KEY to a longer one and restore again: "
            "the one in the backup is then left out, and everybody has to log in again."
        )
    file = room / archive.SECRET_KEY
    try:
        with open(file, "x", opener=archive.for_owner_alone) as new:
            new.write(key)
            new.flush()
            os.fsync(new.fileno())
    except OSError as error:
        raise BackupError(f"{room.parent} cannot be written to: {error.strerror}.") from None
    return file
