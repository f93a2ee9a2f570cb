"""Scans that end in the midst of settling names: the next one goes on where they ended."""

import os
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from library.models.catalogue import Artist, TrackArtist
from library.models.scan import ScanState
from library.models.successions import Succession
from library.models.tombstones import TombstoneKind
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_interruptions import Keep, wait_until

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "99999999-2222-4333-8444-555555555555"
ARTISTS = """
SELECT artist.id, artist.name, count(*) FROM library_artist AS artist
JOIN library_trackartist AS credit ON credit.artist_id = artist.id
GROUP BY artist.id, artist.name
"""


def fill(music: Path) -> None:
    for name in ("1", "2", "3"):
        make_audio(music / "bjork" / f"{name}.flac", artist="Bjork", album="Debut")
        make_audio(music / "beatles" / f"{name}.flac", artist="BEATLES", album="Help!")
        make_audio(music / "nirvana" / f"{name}.flac", artist="Nirvana", album="Bleach")


def change(music: Path) -> None:
    for name in ("1", "2", "3"):
        retag(music / "bjork" / f"{name}.flac", artist="Björk")
        retag(music / "beatles" / f"{name}.flac", artist="Beatles")
    retag(music / "nirvana" / "1.flac", musicbrainz_artist_ids=[ONE])
    ids: dict[str, Any] = {"musicbrainz_artist_ids": [TWO]}
    make_audio(music / "others" / "1.flac", artist="Nirvana", album="Others", **ids)
    make_audio(music / "others" / "2.flac", artist="Nirvana", album="Others")
    for path in music.rglob("*.flac"):
        os.utime(path, (1_700_000_000, 1_700_000_000))


def outcome() -> set[tuple[str, str, str, str | None]]:
    credits_ = TrackArtist.objects.values_list(
        "track__path", "artist__name", "artist__musicbrainz_artist_id", "credited_as"
    )
    return set(credits_)


WANTED = {
    *((f"bjork/{name}.flac", "Björk", "", None) for name in "123"),
    *((f"beatles/{name}.flac", "Beatles", "", None) for name in "123"),
    *((f"nirvana/{name}.flac", "Nirvana", ONE, None) for name in "123"),
    *((f"others/{name}.flac", "Nirvana", TWO, None) for name in "12"),
}


def ends_at(look: int) -> Callable[[], bool]:
    """Cancels a scan when it asks for the n-th time whether to end."""
    looks = count()
    return lambda: next(looks) >= look


@pytest.mark.parametrize("look", range(0, 44, 2))
def test_a_scan_that_ends_anywhere_is_finished_by_the_next(
    music: Path, scan: ScanCall, look: int
) -> None:
    fill(music)
    scan()
    before = {artist.key: artist.pk for artist in Artist.objects.all()}
    change(music)
    scan(batch_size=1, workers=0, is_cancelled=ends_at(look))
    scan(workers=0)
    assert outcome() == WANTED
    after = {artist.key: artist.pk for artist in Artist.objects.exclude(key__contains="\n")}
    assert after == {
        "björk": before["bjork"],
        "beatles": before["beatles"],
        "nirvana": before["nirvana"],
    }
    assert not Succession.objects.exists()


def test_the_looks_above_reach_to_the_end_of_a_scan(music: Path, scan: ScanCall) -> None:
    fill(music)
    scan()
    change(music)
    report = scan(batch_size=1, workers=0, is_cancelled=ends_at(44))
    assert report.state == ScanState.COMPLETED


def test_a_killed_scan_forgets_no_mended_name(installation: Installation, ended: Keep) -> None:
    music = installation.music
    paths = [
        make_audio(music / f"{number % 10}" / f"{number:04}.flac", artist="Bjork", title="x")
        for number in range(300)
    ]
    installation.scan()
    ((artist_id, name, _),) = installation.query(ARTISTS)
    assert name == "Bjork"
    for path in paths:
        retag(path, artist="Björk")
        os.utime(path, (1_700_000_000, 1_700_000_000))

    def is_in_the_midst() -> bool:
        return len(installation.query(ARTISTS)) > 1

    process = ended(installation.start("scan_tracks", "--json", "--batch-size", "4"))
    wait_until(is_in_the_midst)
    process.kill()
    process.wait()
    assert is_in_the_midst()
    installation.scan()
    assert installation.query(ARTISTS) == [(artist_id, "Björk", 300)]
    kind = TombstoneKind.ARTIST.value
    stones = f"SELECT replaced_by FROM library_tombstone WHERE kind = '{kind}'"  # noqa: S608
    assert installation.query(stones) == [(artist_id,)]
