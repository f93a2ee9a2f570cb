"""Scans, purges, kills and what people do to files, in any order: what must hold after each scan.

Hypothesis chooses the steps, and shrinks a failing case to the fewest; see `steps`.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given

from library.scanning import scan_library
from tests.library.scanning.changing_library import Library
from tests.library.scanning.steps import (
    FIRST_SONGS,
    Step,
    few_or_many,
    live_through,
    roots_of,
    steps,
)

LAST_STATEMENTS = 20


@given(steps)
@few_or_many
@pytest.mark.django_db
def test_any_order(chosen: list[tuple[Step, int, int, int]]) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        live_through(Library.in_folder(Path(folder)), chosen)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_kill_when_the_library_is_stored_already(tmp_path: Path) -> None:
    """While a scan closes its row and deletes old ones."""
    library = Library.in_folder(tmp_path)
    with roots_of(library):
        library.music.fill(FIRST_SONGS)
        library.scan()
        with CaptureQueriesContext(connection) as queries:
            scan_library(library.options())
        for back in range(LAST_STATEMENTS):
            library.scan_killed(len(queries) - back)
            library.scan()
