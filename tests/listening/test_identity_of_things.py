"""Whatever people do to files, what they made of the tracks stays with the same sound."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from bench.identity.case import Case
from bench.identity.matrix import chains, plan_cases, run_matrix, sounds_needed
from bench.identity.places import Places
from bench.identity.sounds import make_sounds
from library.models.catalogue import Track
from library.scanning import purge_missing
from tests.library.scanning.conftest import Scan, scan
from tests.library.scanning.test_identity_matrix import ScannedLibrary
from tests.library.tags.mp4_files import needs_ffmpeg
from tests.listening.own_things import everywhere, make_things, where

__all__ = ["scan"]

pytestmark = [pytest.mark.django_db, needs_ffmpeg]

FORMATS = (".flac", ".mp3", ".m4a")
EVERY_PAIR = 37
"""One pair of so many changes is tried."""


class UsedLibrary(ScannedLibrary):
    """After its first scan, a user makes something of each track."""

    user: User | None = None

    def scan(self) -> dict[str, int]:
        counts = dict(super().scan())
        if self.user is None:
            self.user = User.objects.create(username="ada")
            make_things(self.user, Track.objects.order_by("pk").values_list("pk", flat=True))
        return counts


@pytest.fixture
def places(tmp_path: Path, settings: Settings) -> Places:
    made = Places(tmp_path / "music", tmp_path / "other", tmp_path / "outside")
    settings.MUSIC_DIRS = (made.root, made.other_root)
    return made


def test_things_stay_with_their_sounds_through_changes_and_a_purge(
    places: Places, scan: Scan, tmp_path: Path
) -> None:
    wanted = [*chains(1), *chains(2)[::EVERY_PAIR]]
    cases = plan_cases(wanted, places, FORMATS)
    make_sounds(tmp_path / "sounds", sounds_needed(cases))
    library = UsedLibrary(scan)
    run_matrix(cases, places, tmp_path / "sounds", library)
    assert library.user is not None
    first = sorted(track_ids(cases))
    assert where(library.user) == everywhere(*first)
    present = library.present()
    files = {path: first.index(track_id) for path, track_id in present.items()}

    for root in (places.root, places.other_root):
        shutil.move(root, tmp_path / f"aside-{root.name}")
        root.mkdir()
    scan(allow_empty=True)
    assert purge_missing().tracks == len(first)
    assert where(library.user) == everywhere(*[None] * len(first))

    for root in (places.root, places.other_root):
        shutil.copytree(tmp_path / f"aside-{root.name}", root / "back", symlinks=True)
    scan()
    now: list[int | None] = [None] * len(first)
    for path, track_id in library.present().items():
        now[files[path.replace("/back/", "/")]] = track_id
    assert where(library.user) == everywhere(*now)
    assert None not in now


def track_ids(cases: list[Case]) -> Iterator[int]:
    for case in cases:
        yield case.track_id
        if case.partner:
            yield case.partner_id
