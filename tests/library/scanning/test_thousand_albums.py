"""A thousand albums in real files, with the hard cases among them: a scan merges none and parts
none wrongly. `tests/library/albums/test_collection.py` does the same without files."""

import random
from collections import defaultdict
from pathlib import Path

from library.models.albums import Album
from library.models.catalogue import Track
from tests.audio_files import make_audio
from tests.library.albums.collection import all_files, collection
from tests.library.scanning.conftest import Scan as ScanCall

ALBUMS = collection(1_000)


def test_each_album_is_one_and_no_two_are(music: Path, scan: ScanCall) -> None:
    for path, tags in all_files(ALBUMS).items():
        make_audio(music / path, **tags)
    scan(batch_size=100)
    found = _albums()
    wanted = {tuple(sorted(each)) for each in ALBUMS}
    assert len(wanted) >= 1_000
    assert (found - wanted, wanted - found) == (set(), set())
    assert Album.objects.count() == len(wanted)


def test_files_that_come_in_any_order_make_the_same_albums(music: Path, scan: ScanCall) -> None:
    some = collection(150)
    files = list(all_files(some).items())
    random.Random(1).shuffle(files)
    for part in range(4):
        for path, tags in files[part::4]:
            make_audio(music / path, **tags)
        scan(batch_size=50)
    found, wanted = _albums(), {tuple(sorted(each)) for each in some}
    assert (found - wanted, wanted - found) == (set(), set())


def _albums() -> set[tuple[str, ...]]:
    paths: defaultdict[int | None, list[str]] = defaultdict(list)
    for album_id, path in Track.objects.values_list("album_id", "path"):
        paths[album_id].append(path)
    return {tuple(sorted(each)) for each in paths.values()}
