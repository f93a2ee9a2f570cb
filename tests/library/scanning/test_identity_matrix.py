"""Whatever people do to files, every track keeps its id: all formats, changes and pairs of them."""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from bench.identity.matrix import chains, plan_cases, run_matrix, sounds_needed
from bench.identity.places import Places
from bench.identity.sounds import SUFFIXES, make_sounds
from bench.identity.table import lines_of_lost
from library.models.catalogue import Track
from library.tags.file import read_file
from tests.library.scanning.conftest import Scan
from tests.library.tags.mp4_files import needs_ffmpeg
from tests.once import made_once

OTHER_FILE_SYSTEM = Path("/dev/shm")  # noqa: S108
"""A file system of its own on Linux."""
EVERY_TRIPLE = 116
"""One triple of so many is tried; `python -m bench.identity` tries all of them."""

pytestmark = needs_ffmpeg


class ScannedLibrary:
    def __init__(self, scan: Scan) -> None:
        self._scan = scan

    def scan(self) -> Mapping[str, int]:
        return asdict(self._scan().counts)

    def present(self) -> dict[str, int]:
        rows = Track.objects.present().values_list("root", "path", "pk")
        return {f"{root}/{path}": track_id for root, path, track_id in rows}

    def rows(self) -> int:
        return Track.objects.count()


@pytest.fixture
def places(tmp_path: Path, settings: Settings) -> Iterator[Places]:
    """Two music folders, on two file systems where there are two."""
    other = OTHER_FILE_SYSTEM if os.access(OTHER_FILE_SYSTEM, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(prefix="mus-", dir=other) as folder:
        made = Places(tmp_path / "music", Path(folder), tmp_path / "outside")
        settings.MUSIC_DIRS = (made.root, made.other_root)
        yield made


def test_every_track_keeps_its_id_through_all_pairs_of_changes(
    places: Places, scan: Scan, tmp_path_factory: pytest.TempPathFactory
) -> None:
    triples = chains(3)[::EVERY_TRIPLE]
    cases = plan_cases([*chains(1), *chains(2), *triples], places, SUFFIXES)
    count = sounds_needed(cases)
    sounds = made_once(tmp_path_factory, "sounds", lambda folder: make_sounds(folder, count))
    figures = run_matrix(cases, places, sounds, ScannedLibrary(scan))
    lost = "\n".join(lines_of_lost(figures))
    assert not figures.lost, f"{len(figures.lost)} of {len(cases)} lost their ids:\n{lost}"
    assert not figures.remarks


def test_no_change_of_the_matrix_changes_the_sound(
    places: Places, scan: Scan, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cases = plan_cases(chains(1), places, SUFFIXES)
    folder = tmp_path_factory.mktemp("few-sounds")
    make_sounds(folder, sounds_needed(cases))
    run_matrix(cases, places, folder, ScannedLibrary(scan))
    heard = Counter((case.suffix, _digest(case.path)) for case in cases)
    made = [_digest(path) for path in folder.iterdir()]
    assert len({*made}) == len(made)
    assert {digest for _, digest in heard} <= {*made}
    assert set(heard.values()) == {1}


def _digest(path: Path) -> str:
    tags = read_file(str(path)).tags
    assert tags is not None
    assert tags.audio_digest
    return tags.audio_digest
