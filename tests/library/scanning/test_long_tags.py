"""Tags of any length: they are kept whole, and in what is sorted and searched by as far as an entry
of PostgreSQL's indexes holds them."""

from pathlib import Path

from library.models.catalogue import Track
from library.models.scan import ScanState
from library.queries.lists import RowList
from library.queries.orders import TRACK_ORDERS, named_order
from library.queries.tracks import TRACK_SORTS, TrackFilter
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan as ScanCall


def said(number: int, length: int) -> str:
    """Characters of three bytes each that say nothing twice: an index would make them shorter."""
    return "".join(chr(0x4E00 + (7 * place + 1_999 * number) % 20_000) for place in range(length))


def test_a_track_with_tags_of_any_length_is_listed_in_any_order(
    music: Path, scan: ScanCall
) -> None:
    title, artist, album = (said(number, 2_000) for number in range(3))
    make_audio(music / "long.flac", title=title, artist=artist, album=album)
    make_audio(music / "short.flac", title="short")
    assert scan().state == ScanState.COMPLETED
    track = Track.objects.get(title=title)
    assert (track.artist, track.album_title) == (artist, album)
    for sort in TRACK_SORTS:
        order = named_order(TRACK_ORDERS, sort, 0)
        found = RowList(filter=TrackFilter(search=title[:600]), order=order, state="")
        assert found.ids() == found.page(0, 10).ids == [track.pk]
        assert len(RowList(filter=TrackFilter(), order=order, state="").ids()) == 2
