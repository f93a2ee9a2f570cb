"""Steps of scans and of what people do to files, in an order that Hypothesis chooses.

`INTERLEAVINGS=2000` tries so many cases, other ones at each run; without it there are a few, always
the same.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain

from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st

from tests.changing_music import Change, weighted
from tests.library.scanning.changing_library import Library

CASES = int(os.environ.get("INTERLEAVINGS") or 0)
FIRST_SONGS = 6

Step = Callable[[Library, int, int, int], str]
L = Library
STEPS: tuple[tuple[Step, int], ...] = (
    (L.scan, 14),
    (L.scan_again, 3),
    (L.scan_in_full, 2),
    (L.scan_folder, 5),
    (L.scan_killed, 9),
    (L.purge, 2),
    (L.wait, 2),
    (L.part, 3),
    (L.play, 4),
)


def changed_by(change: Change) -> Step:
    def step(library: Library, *numbers: int) -> str:
        return change(library.music, *numbers)

    step.__name__ = change.__name__
    return step


CHANGES = [changed_by(change) for change in weighted()]
SCANS = [step for step, weight in STEPS for _ in range(weight)]
few = st.integers(0, 30)
numbers_of_a_step = (st.integers(0, 300), few, few)
steps = st.lists(
    st.tuples(st.sampled_from(list(chain(CHANGES, SCANS))), *numbers_of_a_step),
    min_size=4,
    max_size=24,
)
few_or_many = settings(
    max_examples=CASES or 20,
    derandomize=not CASES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
    print_blob=False,
)


def live_through(library: Library, chosen: list[tuple[Step, int, int, int]]) -> None:
    """Do these steps, between a first scan and a last one."""
    above = str(library.music.shelf.parent)
    with roots_of(library):
        library.music.fill(FIRST_SONGS)
        for step, *numbers in [(L.scan, 0, 0, 0), *chosen, (L.scan, 0, 0, 0)]:
            if said := step(library, *numbers):
                note(said.replace(above, ""))


@contextmanager
def roots_of(library: Library) -> Iterator[None]:
    """Its music folders are those of the settings."""
    before = django_settings.MUSIC_DIRS
    django_settings.MUSIC_DIRS = tuple(library.music.roots)
    try:
        yield
    finally:
        django_settings.MUSIC_DIRS = before
