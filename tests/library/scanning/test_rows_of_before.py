"""Tracks that a version without joins has stored: which scan added them is not known.

`tests/settings/test_upgrade_of_identity.py` has the migrations themselves.
"""

import shutil
from pathlib import Path

import pytest

from library.models.catalogue import Track
from library.models.joins import Join
from library.models.scan import Scan as ScanRow
from library.models.tombstones import Tombstone
from tests.audio_files import make_noise, retag
from tests.library.scanning.conftest import Scan

TITLES = ("a", "b", "c")


def of_before(*paths: str) -> None:
    """Have the version before have stored these tracks, or all."""
    rows = Track.objects.filter(path__in=paths) if paths else Track.objects.all()
    rows.update(added_by_scan=0)
    ScanRow.objects.update(newest_folder_before=None)


def ids() -> dict[str, int]:
    return dict(Track.objects.present().values_list("path", "pk"))


def copy_of(music: Path, name: str) -> Path:
    (music / "copies").mkdir(exist_ok=True)
    return Path(shutil.copy2(music / f"{name}.wav", music / "copies" / f"{name}.wav"))


@pytest.fixture
def known(music: Path, scan: Scan) -> dict[str, int]:
    """The ids of tracks of the version before, by path."""
    for number, title in enumerate(TITLES):
        make_noise(music / f"{title}.wav", number, title=title, artist=title, album=title)
    scan(workers=0)
    of_before()
    return ids()


def test_they_follow_their_sound(music: Path, scan: Scan, known: dict[str, int]) -> None:
    retag(music / "a.wav", title="Another title", artist="Another artist")
    (music / "a.wav").rename(music / "renamed.wav")
    for old, new in (("b", "aside"), ("c", "b"), ("aside", "c")):
        (music / f"{old}.wav").rename(music / f"{new}.wav")
    scan(workers=0)
    assert ids() == {
        "renamed.wav": known["a.wav"],
        "b.wav": known["c.wav"],
        "c.wav": known["b.wav"],
    }


def test_they_take_over_a_copy_that_came_after_the_upgrade(
    music: Path, scan: Scan, known: dict[str, int]
) -> None:
    retag(copy_of(music, "a"), title="Another title")
    scan(workers=0)
    copy = ids()["copies/a.wav"]
    (music / "a.wav").unlink()
    assert scan(workers=0).counts.joined == 1
    assert ids()["copies/a.wav"] == known["a.wav"]
    assert Tombstone.objects.get(row_id=copy).replaced_by == known["a.wav"]
    assert Join.objects.get().replaced_id == copy


def test_two_of_which_it_is_not_known_which_came_first_stay_two(
    music: Path, scan: Scan, known: dict[str, int]
) -> None:
    copy_of(music, "a")
    scan(workers=0)
    of_before()
    copy = ids()["copies/a.wav"]
    (music / "a.wav").unlink()
    assert (counts := scan(workers=0).counts).missing == 1
    assert counts.joined == 0
    assert ids()["copies/a.wav"] == copy
    assert Track.objects.get(pk=known["a.wav"]).missing_since is not None


def test_a_copy_that_an_older_server_added_does_not_take_over_what_was_there_first(
    music: Path, scan: Scan, known: dict[str, int]
) -> None:
    """An older server that goes on during an upgrade does not say which scan added its tracks."""
    make_noise(music / "new.wav", 9, title="new", artist="new")
    scan(workers=0)
    first = ids()["new.wav"]
    copy_of(music, "new")
    scan(workers=0)
    of_before("copies/new.wav")
    (music / "copies" / "new.wav").unlink()
    assert scan(workers=0).counts.joined == 0
    assert ids() == {**known, "new.wav": first}


def test_those_whose_sound_was_never_read_are_known_by_their_tags(
    music: Path, scan: Scan, known: dict[str, int]
) -> None:
    Track.objects.filter(path__in=["a.wav", "b.wav"]).update(audio_digest="", read_with="")
    retag(music / "b.wav", title="Another title", artist="Another", album="Another")
    for name in ("a", "b"):
        (music / f"{name}.wav").rename(music / f"{name} renamed.wav")
    scan(workers=0)
    found = ids()
    assert found["a renamed.wav"] == known["a.wav"]
    assert found["b renamed.wav"] not in known.values()
    assert Track.objects.get(pk=known["b.wav"]).missing_since is not None
    assert set(Track.objects.present().values_list("audio_digest", flat=True)) != {""}
