"""Copies a whole library from one database to another, for instance from SQLite to PostgreSQL.

All rows keep their ids and users their passwords; the numbering of events continues. The copy is
one transaction of the new database: afterwards it holds everything or nothing.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import dj_database_url
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import Error as DatabaseError
from django.db import connection, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django_eventstream.models import Event, EventCounter

from accounts.models import Login
from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.revision import Revision
from library.models.scan import Scan, ScanState
from library.models.tombstones import Tombstone, kind_of
from library.scanning.closing import is_dead

SOURCE = "source"
BATCH_SIZE = 1_000
# Migrations write rows of these models into a new database; a move replaces the rows.
MADE_BY_MIGRATIONS = (Permission, ContentType, Group, EventCounter, Revision)
# A database with rows of one of these models is in use, so nothing is moved to it.
WRITTEN_IN_USE = (User, Track, Scan, Event)

OnProgress = Callable[[str, int, int], object]
Model = type[models.Model]


class MoveRefused(Exception):
    """Nothing was changed; the message says why."""


def move_library(source_url: str, on_progress: OnProgress, *, sessions: bool = True) -> int:
    """Copy everything from the database at `source_url` to the empty one of the settings.

    Calls `on_progress(table, rows copied so far, rows in all)`. Returns the number of all rows.
    Raises MoveRefused; then nothing was changed.
    """
    try:
        _connect(source_url)
        with transaction.atomic(using=SOURCE), transaction.atomic():  # one state of the source
            _check_versions()
            _check_nothing_runs()
            _check_is_new()
            return _copy_all(on_progress, sessions=sessions)
    except DatabaseError as error:
        raise MoveRefused(f"A database cannot be used: {str(error).strip()}.") from error


def _connect(url: str) -> None:
    try:
        parsed: dict[str, Any] = {**dj_database_url.parse(url)}
    except (ValueError, dj_database_url.ParseError):
        parsed = {}
    engine = parsed.get("ENGINE", "")
    if not engine.endswith(("sqlite3", "postgresql")) or not parsed.get("NAME"):
        raise MoveRefused(
            "The source is not a database URL: allowed are sqlite:////path/to/file and "
            "postgresql://user:password@host:port/name."
        )
    if engine.endswith("sqlite3") and not Path(parsed["NAME"]).is_file():
        raise MoveRefused(f"There is no database {parsed['NAME']}.")
    own = connection.settings_dict
    if (str(own["NAME"]), own["HOST"], own["PORT"]) == (
        *(str(parsed["NAME"]), parsed["HOST"], parsed["PORT"]),
    ):
        raise MoveRefused("The source is the database that DATABASE_URL names itself.")
    connections.settings[SOURCE] = connections.configure_settings({"default": {}, SOURCE: parsed})[
        SOURCE
    ]


def _check_versions() -> None:
    taken = [
        set(MigrationRecorder(connections[alias]).applied_migrations())
        for alias in (SOURCE, "default")
    ]
    if not taken[0]:
        raise MoveRefused("The source holds no library.")
    if not taken[1]:
        raise MoveRefused("The new database has no tables yet: run manage.py migrate.")
    if taken[0] != taken[1]:
        different = ", ".join(sorted(".".join(each) for each in taken[0] ^ taken[1])[:3])
        raise MoveRefused(
            "The two databases are of different versions of mus: run manage.py migrate of this "
            f"version on both first. They differ in {different}."
        )


def _check_nothing_runs() -> None:
    running = Scan.objects.using(SOURCE).filter(state=ScanState.RUNNING).first()
    if running and not is_dead(running):
        raise MoveRefused(
            f"{str(running).capitalize()} runs in the source. Stop its servers, and move when it "
            "is over."
        )


def _check_is_new() -> None:
    for model in WRITTEN_IN_USE:
        if _all(model).exists():
            raise MoveRefused(
                f"The new database is in use already: it has {model._meta.verbose_name_plural}. "
                "A library is moved to an empty one."
            )


def _copy_all(on_progress: OnProgress, *, sessions: bool) -> int:
    for model in MADE_BY_MIGRATIONS:
        _all(model).delete()
    copied = [model for model in apps.get_models(include_auto_created=True) if _is_table(model)]
    if not sessions:
        copied = [model for model in copied if model not in (Session, Login)]
    total = 0
    for model in copied:
        total += _copy(model, on_progress)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), copied):
            cursor.execute(statement)
    _never_give_ids_again()
    _verify(copied)
    return total


def _never_give_ids_again() -> None:
    """Have new rows numbered above the ids of deleted ones too: a browser may still keep these, and
    their tombstones say what became of them."""
    for model in (Track, Album, Artist):
        buried = Tombstone.objects.filter(kind=kind_of(model)).aggregate(last=Max("row_id"))["last"]
        if buried and buried > (_all(model).aggregate(last=Max("pk"))["last"] or 0):
            _number_from(model._meta.db_table, buried)


def _number_from(table: str, last: int) -> None:
    """Have the next row of the table get an id above `last`."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])
        else:  # the table of SQLite's AUTOINCREMENT has no key that would take an upsert
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, last])


def _all(model: Model, alias: str = "default") -> models.QuerySet[Any]:
    """All rows of the model's table, also those that its default manager hides."""
    return models.QuerySet(model, using=alias)


def _is_table(model: Model) -> bool:
    return model._meta.managed and not model._meta.proxy


def _copy(model: Model, on_progress: OnProgress) -> int:
    fields = list(model._meta.concrete_fields)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    table = model._meta.db_table
    insert = f"INSERT INTO {quote(table)} ({columns}) VALUES ({marks})"  # noqa: S608
    total = _all(model, SOURCE).count()
    done = 0
    for rows in _batches(_rows(model, fields)):
        with connection.cursor() as cursor:
            cursor.executemany(insert, rows)
        done += len(rows)
        on_progress(table, done, total)
    return done


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, BATCH_SIZE)):
        yield batch


def _rows(model: Model, fields: list[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of the source, converted for the new database."""
    names = [field.attname for field in fields]
    kept = _all(model, SOURCE).order_by("pk").values_list(*names)
    for row in kept.iterator(chunk_size=BATCH_SIZE):
        yield tuple(
            field.get_db_prep_save(value, connection)
            for field, value in zip(fields, row, strict=True)
        )


def _verify(copied: list[Model]) -> None:
    """Raises MoveRefused unless each table has as many rows as in the source, and its last id."""
    for model in copied:
        found, wanted = (
            _all(model, alias).aggregate(rows=models.Count("pk"), last=models.Max("pk"))
            for alias in ("default", SOURCE)
        )
        if found != wanted:
            table = model._meta.db_table
            raise MoveRefused(
                f"{table}: the new database has {found}, the source {wanted}; nothing was changed."
            )
