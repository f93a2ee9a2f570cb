"""What people type finds what is tagged, in a real database filled by a scan of real files."""

from pathlib import Path

import pytest

from library.models.catalogue import Track
from library.queries.lists import RowList
from library.queries.orders import TRACK_ORDERS
from library.queries.revision import library_revision
from library.queries.tracks import TrackFilter
from library.scanning import ScanOptions, scan_library
from tests.audio_files import make_audio
from tests.library.queries.search_pairs import FOUND, NOT_FOUND

pytestmark = pytest.mark.django_db(transaction=True)


def ids_found(typed: str) -> list[int]:
    state = library_revision()[1]
    wanted = TrackFilter(search=typed)
    return RowList(filter=wanted, order=TRACK_ORDERS["title"], state=state).ids()


def titles_found(typed: str) -> list[str]:
    titles = Track.objects.in_bulk(ids_found(typed))
    return [track.title for track in titles.values()]


@pytest.fixture
def tagged(music: Path) -> None:
    """A library of all titles of both tables."""
    titles = dict.fromkeys(title for _, title in (*FOUND, *NOT_FOUND))
    for number, title in enumerate(titles):
        make_audio(music / f"{number}.flac", title=title, artist="Various")
    report = scan_library(ScanOptions(workers=0))
    assert report.counts.added == len(titles)


def test_there_are_two_hundred_pairs() -> None:
    assert len(set(FOUND)) == len(FOUND)
    assert len(FOUND) >= 200


def test_what_people_type_finds_what_is_tagged(tagged: None) -> None:
    missed = [(typed, title) for typed, title in FOUND if title not in titles_found(typed)]
    assert not missed, missed
    wrong = [(typed, title) for typed, title in NOT_FOUND if title in titles_found(typed)]
    assert not wrong, wrong
