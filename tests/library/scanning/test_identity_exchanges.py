"""Known paths whose files were exchanged, rotated, renumbered or overwritten."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from library.models.catalogue import Track
from library.models.joins import Join, JoinReason
from tests.audio_files import make_noise
from tests.library.scanning.conftest import Scan

SONG: dict[str, Any] = {"title": "Song", "artist": "Band", "album": "Record"}
LONG_AGO = 1_600_000_000


def ids() -> dict[str, int]:
    return dict(Track.objects.present().values_list("path", "pk"))


def ids_by_sound() -> dict[str, int]:
    return dict(Track.objects.present().values_list("audio_digest", "pk"))


def missing() -> set[int]:
    return set(Track.objects.missing().values_list("pk", flat=True))


def make_tracks(music: Path, count: int, **tags: Any) -> list[Path]:
    return [
        make_noise(music / f"{number:02}.wav", number, **(tags or {"title": f"Song {number}"}))
        for number in range(1, count + 1)
    ]


def permute(paths: list[Path], order: list[int]) -> None:
    """Move the file at `paths[order[n]]` to `paths[n]`, for each n."""
    for path in paths:
        os.rename(path, path.with_suffix(".aside"))
    for target, source in zip(paths, order, strict=True):
        os.rename(paths[source].with_suffix(".aside"), target)


@pytest.mark.parametrize("tags", [{}, SONG], ids=["other tags", "same tags"])
@pytest.mark.parametrize(
    "order",
    [[1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]],
    ids=["two", "left", "right", "first and last"],
)
def test_paths_that_exchange_their_sounds_exchange_their_ids(
    music: Path, scan: Scan, order: list[int], tags: dict[str, Any]
) -> None:
    paths = make_tracks(music, 3, **tags)
    scan()
    before = ids()
    permute(paths, order)
    report = scan()
    names = [path.name for path in paths]
    assert [ids()[name] for name in names] == [before[names[source]] for source in order]
    assert (report.counts.added, report.counts.missing, report.counts.joined) == (0, 0, 0)
    assert scan().counts.changed == 0


def test_an_album_that_is_renumbered_keeps_its_ids(music: Path, scan: Scan) -> None:
    """A track is inserted at the front, and all others move one name on."""
    paths = make_tracks(music, 9)
    scan()
    before = ids()
    for path in reversed(paths):
        os.rename(path, music / f"{int(path.stem) + 1:02}.wav")
    make_noise(music / "01.wav", 77, title="Intro")
    report = scan()
    after = ids()
    assert {f"{int(name[:2]) + 1:02}.wav": pk for name, pk in before.items()}.items() < (
        after.items()
    )
    assert (report.counts.added, report.counts.missing, len(after)) == (1, 0, 10)


def test_an_album_that_loses_its_first_track_keeps_the_other_ids(music: Path, scan: Scan) -> None:
    paths = make_tracks(music, 9)
    scan()
    before = ids()
    for path in paths[1:]:
        os.rename(path, music / f"{int(path.stem) - 1:02}.wav")
    report = scan()
    lost = before.pop("01.wav")
    assert ids() == {f"{int(name[:2]) - 1:02}.wav": pk for name, pk in before.items()}
    assert missing() == {lost}
    assert (report.counts.added, report.counts.missing) == (0, 1)


def test_a_lost_track_whose_path_was_taken_comes_back(music: Path, scan: Scan) -> None:
    paths = make_tracks(music, 3)
    scan()
    before = ids()
    shutil.copy2(paths[0], kept := music.parent / "kept.wav")
    os.replace(paths[1], paths[0])
    scan()
    assert ids() == {"01.wav": before["02.wav"], "03.wav": before["03.wav"]}
    assert missing() == {before["01.wav"]}
    shutil.copy2(kept, music / "back.wav")
    assert scan().counts.moved == 1
    assert ids()["back.wav"] == before["01.wav"]


def test_a_renamed_file_whose_path_gets_another_sound_takes_its_id_along(
    music: Path, scan: Scan
) -> None:
    paths = make_tracks(music, 2)
    scan()
    before = ids()
    os.rename(paths[0], music / "moved.wav")
    make_noise(paths[0], 50, title="Another")
    os.utime(paths[0], (LONG_AGO, LONG_AGO))
    report = scan()
    assert ids()["moved.wav"] == before["01.wav"]
    assert ids()["01.wav"] not in before.values()
    assert (report.counts.added, report.counts.missing) == (1, 0)


def test_a_copy_over_another_file_leaves_both_ids_at_their_paths(music: Path, scan: Scan) -> None:
    paths = make_tracks(music, 2)
    scan()
    before = ids()
    shutil.copyfile(paths[0], paths[1])
    os.utime(paths[1], (LONG_AGO, LONG_AGO))
    report = scan()
    assert ids() == before
    assert (report.counts.updated, report.counts.missing, report.counts.joined) == (1, 0, 0)


def test_a_new_rip_moved_over_the_old_one_is_joined_with_it(music: Path, scan: Scan) -> None:
    """It was ripped into another folder, and scanned there, before it replaced the old file."""
    make_noise(music / "Record" / "01.wav", 1, **SONG)
    make_noise(music / "other.wav", 3, title="Other")
    scan()
    before = ids()["Record/01.wav"]
    new = make_noise(music / "Rips" / "01.wav", 2, **SONG)
    scan()
    rip = ids()["Rips/01.wav"]
    os.replace(new, music / "Record" / "01.wav")
    report = scan()
    assert (report.counts.joined, report.counts.missing, report.counts.added) == (1, 0, 0)
    assert ids()["Record/01.wav"] == before
    join = Join.objects.get()
    assert (join.track_id, join.replaced_id, join.reason) == (
        before,
        rip,
        JoinReason.REPLACED_FILE,
    )


def test_a_new_rip_written_over_the_old_one_is_the_same_track(music: Path, scan: Scan) -> None:
    paths = make_tracks(music, 2)
    scan()
    before = ids()
    make_noise(paths[0], 60, title="Song 1", artist="Band")
    os.utime(paths[0], (LONG_AGO, LONG_AGO))
    assert scan().counts.updated == 1
    assert ids() == before


def test_a_hundred_paths_in_random_order_keep_their_ids(music: Path, scan: Scan) -> None:
    """In batches that are smaller than the exchange."""
    paths = make_tracks(music, 100)
    scan()
    before = ids_by_sound()
    permute(paths, [(number * 37 + 11) % 100 for number in range(100)])
    report = scan(batch_size=8)
    assert ids_by_sound() == before
    assert (report.counts.added, report.counts.missing, report.counts.joined) == (0, 0, 0)
    assert scan().counts.changed == 0


def test_an_exchange_is_seen_by_scans_of_one_folder_each(music: Path, scan: Scan) -> None:
    one = make_noise(music / "one" / "a.wav", 1, title="One")
    two = make_noise(music / "two" / "a.wav", 2, title="Two")
    make_noise(music / "two" / "b.wav", 3, title="Three")
    scan()
    before = ids()
    os.rename(one, aside := music.parent / "aside.wav")
    os.rename(two, one)
    os.rename(aside, two)
    scan(folders=(music / "one",))
    scan(folders=(music / "two",))
    scan()
    after = ids()
    assert after["one/a.wav"] == before["two/a.wav"]
    assert after["two/a.wav"] == before["one/a.wav"]
    assert Track.objects.count() == 3
