"""A client that learns of a library by `GET sync` alone holds what the lists have, whatever scans,
kills and people do between the pages.

Hypothesis chooses the steps; see `tests.library.scanning.steps`.
"""

from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from library.queries.revision import library_revision
from tests.api.syncing import SyncedCopy, assert_same
from tests.kept_lists import forget_lists
from tests.library.scanning.changing_library import Library
from tests.library.scanning.steps import (
    CHANGES,
    SCANS,
    Step,
    few_or_many,
    live_through,
    numbers_of_a_step,
)


class SyncingClient:
    """Fetches page by page, so that the library may change between any two."""

    def __init__(self) -> None:
        api = Client()
        api.force_login(get_user_model().objects.create_user("lee"))
        self.copy = SyncedCopy(api)
        self._cursor: str | None = None

    def fetch_page(self, limit: int) -> bool:
        """Returns whether it has come to the end, with the library as it is now; then the copy is
        compared with the lists."""
        copy = self.copy
        copy.limit = limit
        self._cursor = copy.next_page(self._cursor) if self._cursor else copy.first_page()
        is_current = self._cursor is None and copy.token == library_revision()[1]
        if is_current:
            assert_same(copy)
        return is_current

    # Steps.

    def page(self, _: Library, limit: int, *__: int) -> str:
        is_current = self.fetch_page(1 + limit % 7)
        return "the last page, compared" if is_current else "a page"

    def begin_again(self, *_: object) -> str:
        """As after a crash in the midst of a sync."""
        self._cursor = None
        return "the client begins its sync again"

    def catch_up(self, _: Library, limit: int, *__: int) -> str:
        while not self.fetch_page(1 + limit % 40):
            pass
        return "sync to the end"


def of_the_client(name: str) -> Step:
    def step(library: Library, *numbers: int) -> str:
        said: str = getattr(clients[id(library)], name)(library, *numbers)
        return said

    step.__name__ = name
    return step


clients: dict[int, SyncingClient] = {}
"""By the `id` of a library."""
PAGE, CATCH_UP, BEGIN_AGAIN = map(of_the_client, ("page", "catch_up", "begin_again"))
SYNCS = [*[PAGE] * 24, *[CATCH_UP] * 8, BEGIN_AGAIN]
OTHERS = [step for step in chain(CHANGES, SCANS) if step is not Library.wait]
"""The dates of albums would have to be worked out again if two days passed."""
steps = st.lists(
    st.tuples(st.sampled_from([*OTHERS, *SYNCS]), *numbers_of_a_step),
    min_size=4,
    max_size=30,
)


@given(steps)
@few_or_many
@pytest.mark.django_db
def test_what_a_client_holds(chosen: list[tuple[Step, int, int, int]]) -> None:
    with TemporaryDirectory() as folder, transaction.atomic():
        forget_lists()
        library = Library.in_folder(Path(folder))
        library.is_checked = False  # another test does that
        clients[id(library)] = SyncingClient()
        live_through(library, [*chosen, (Library.scan, 0, 0, 0), (CATCH_UP, 3, 0, 0)])
        clients.clear()
        transaction.set_rollback(True)
