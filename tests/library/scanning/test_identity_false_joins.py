"""What looks alike and is not: no track takes the place of another one."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from library.models.catalogue import Track
from library.models.joins import Join
from library.models.scan import Scan as ScanRow
from tests.audio_files import make_audio, make_noise, retag
from tests.library.scanning.conftest import Scan

SONG: dict[str, Any] = {"title": "Song", "artist": "Band", "album": "Record"}
OTHER: dict[str, Any] = {"title": "Other", "artist": "Singer", "album": "Album"}


def ids() -> dict[str, int]:
    return dict(Track.objects.present().values_list("path", "pk"))


def missing() -> set[int]:
    return set(Track.objects.missing().values_list("pk", flat=True))


@pytest.fixture
def bystander(music: Path) -> Path:
    """A track that is always there, so that no music folder is empty."""
    return make_noise(music / "bystander.wav", 999, title="Bystander")


def test_equal_silences_with_other_tags_and_names_are_other_tracks(
    music: Path, scan: Scan, bystander: Path
) -> None:
    one = make_audio(music / "one.flac", title="Hidden", artist="A")
    make_audio(music / "two.flac", title="Pause", artist="B")
    scan()
    before = ids()
    one.unlink()
    make_audio(music / "new" / "three.flac", title="Untitled", artist="C")
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)
    assert missing() == {before["one.flac"]}
    assert ids()["two.flac"] == before["two.flac"]


def test_equal_silences_of_an_album_that_moves_keep_their_ids_by_tags(
    music: Path, scan: Scan, bystander: Path
) -> None:
    """As on records with a dozen silent tracks before the hidden one. All names change, too."""
    for number in range(1, 13):
        tags: dict[str, Any] = {"title": f"[silence {number}]", "artist": "Band", "album": "Hidden"}
        make_audio(music / "old" / f"{number:02}.flac", track_number=number, **tags)
    scan()
    before = dict(Track.objects.present().values_list("title", "pk"))
    for path in (music / "old").iterdir():
        os.rename(path, music / "old" / f"Band - {path.name}")
    shutil.copytree(music / "old", music / "new")
    shutil.rmtree(music / "old")
    report = scan()
    assert (report.counts.moved, report.counts.added, report.counts.missing) == (12, 0, 0)
    assert dict(Track.objects.present().values_list("title", "pk")) == before


def test_equal_silences_that_are_retagged_keep_their_ids_by_file_name(
    music: Path, scan: Scan, bystander: Path
) -> None:
    for number in range(1, 5):
        make_audio(music / "old" / f"{number:02}.flac", title=f"Silence {number}", artist="Band")
    scan()
    before = ids()
    (music / "new").mkdir()
    for number in range(1, 5):
        new = music / "new" / f"{number:02}.flac"
        make_audio(new, title=f"Nothing {number}", artist="The Band")
    shutil.rmtree(music / "old")
    assert scan().counts.moved == 4
    assert {path: pk for path, pk in ids().items() if "/" in path} == {
        path.replace("old", "new"): pk for path, pk in before.items() if "/" in path
    }


def test_one_new_silence_is_one_of_several_missing_ones(
    music: Path, scan: Scan, bystander: Path
) -> None:
    for name in ("one", "two", "three"):
        make_audio(music / f"{name}.flac", title="Silence", artist="Band", album=name)
    scan()
    before = ids()
    for name in ("one", "two", "three"):
        (music / f"{name}.flac").unlink()
    make_audio(music / "kept.flac", title="Silence", artist="Band", album="two")
    report = scan()
    assert (report.counts.moved, report.counts.missing, report.counts.added) == (1, 2, 0)
    assert ids()["kept.flac"] == before["two.flac"]


def test_equal_lengths_names_and_tags_are_not_enough(
    music: Path, scan: Scan, bystander: Path
) -> None:
    """A new rip of the same song at another place: the old one is missing, and may come back."""
    path = make_noise(music / "one" / "01 Song.wav", 1, **SONG)
    times = path.stat()
    scan()
    before = ids()["one/01 Song.wav"]
    os.rename(path, kept := music.parent / "kept.wav")
    other = make_noise(music / "two" / "01 Song.wav", 2, **SONG)
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert other.stat().st_size == kept.stat().st_size
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)
    os.rename(kept, music / "three.wav")
    assert scan().counts.moved == 1
    assert ids()["three.wav"] == before


@pytest.mark.parametrize("tags", [SONG, OTHER, {}], ids=["same tags", "other tags", "no tags"])
def test_another_sound_with_the_inode_of_a_deleted_file_is_another_track(
    music: Path, scan: Scan, bystander: Path, tags: dict[str, Any]
) -> None:
    path = make_noise(music / "a.wav", 1, **SONG)
    scan()
    before = ids()["a.wav"]
    inode = path.stat().st_ino
    os.rename(path, music / "z.wav")
    shutil.copyfile(make_noise(music.parent / "z.wav", 2, **tags), music / "z.wav")
    os.utime(music / "z.wav", (1_600_000_000, 1_600_000_000))
    assert (music / "z.wav").stat().st_ino == inode
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)
    assert ids()["z.wav"] != before


def test_copies_that_came_in_the_same_scan_stay_two(
    music: Path, scan: Scan, bystander: Path
) -> None:
    one = make_noise(music / "Record" / "song.wav", 1, **SONG)
    shutil.copy2(one, music / "best of.wav")
    scan()
    before = ids()
    one.unlink()
    report = scan()
    assert (report.counts.missing, report.counts.joined, report.counts.moved) == (1, 0, 0)
    assert missing() == {before["Record/song.wav"]}
    assert ids()["best of.wav"] == before["best of.wav"]


def test_copies_that_were_known_before_the_upgrade_stay_two(
    music: Path, scan: Scan, bystander: Path
) -> None:
    """It is not known which came first: 0 in both rows."""
    one = make_noise(music / "one.wav", 1, **SONG)
    shutil.copy2(one, music / "two.wav")
    scan()
    Track.objects.update(added_by_scan=0)
    before = ids()
    one.unlink()
    report = scan()
    assert (report.counts.missing, report.counts.joined) == (1, 0)
    assert ids()["two.wav"] == before["two.wav"]


def test_the_original_stays_when_its_copy_is_deleted(
    music: Path, scan: Scan, bystander: Path
) -> None:
    path = make_noise(music / "a.wav", 1, **SONG)
    scan()
    shutil.copy2(path, music / "copy.wav")
    scan()
    before = ids()
    (music / "copy.wav").unlink()
    report = scan()
    assert (report.counts.missing, report.counts.joined) == (1, 0)
    assert (missing(), ids()["a.wav"]) == ({before["copy.wav"]}, before["a.wav"])


def age(path: str, days: float) -> None:
    """As if the track had been added so long ago."""
    added_at = timezone.now() - timedelta(days=days)
    assert Track.objects.filter(path=path).update(added_at=added_at)


@pytest.mark.parametrize(
    ("tags", "days", "is_joined"),
    [
        (SONG, 0.1, True),
        (SONG, 30, True),
        (OTHER, 0.1, True),
        (OTHER, 0.9, True),
        (OTHER, 1.1, False),
        (OTHER, 30, False),
        ({**SONG, "title": "Song (live)"}, 30, False),
    ],
)
def test_a_copy_with_other_tags_for_longer_than_a_day_is_a_track_of_its_own(
    music: Path, scan: Scan, bystander: Path, tags: dict[str, Any], days: float, *, is_joined: bool
) -> None:
    path = make_noise(music / "a.wav", 1, **SONG)
    scan()
    before = ids()["a.wav"]
    shutil.copy2(path, music / "copy.wav")
    retag(music / "copy.wav", **tags)
    os.utime(music / "copy.wav", (1_600_000_000, 1_600_000_000))
    scan()
    copy = ids()["copy.wav"]
    age("copy.wav", days)
    path.unlink()
    report = scan()
    assert report.counts.joined == is_joined
    assert report.counts.missing == (not is_joined)
    assert ids()["copy.wav"] == (before if is_joined else copy)


def test_a_hard_link_beside_the_file_is_a_track_of_its_own(
    music: Path, scan: Scan, bystander: Path
) -> None:
    path = make_noise(music / "a.wav", 1, **SONG)
    os.link(path, music / "b.wav")
    scan()
    before = ids()
    path.unlink()
    assert scan().counts.missing == 1
    assert (missing(), ids()["b.wav"]) == ({before["a.wav"]}, before["b.wav"])


def louder(path: Path) -> None:
    """As mp3gain does it: the bytes of the sound change, its length and the tags do not."""
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 1_000, 100):
        data[at] ^= 0x04
    path.write_bytes(data)
    os.utime(path, (1_600_000_000, 1_600_000_000))


@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".wv", ".wma"])
def test_a_sound_that_changes_at_its_path_is_the_same_track(
    music: Path, scan: Scan, bystander: Path, suffix: str
) -> None:
    path = make_audio(music / f"a{suffix}", **SONG)
    scan()
    before = ids()[path.name]
    louder(path)
    report = scan()
    assert (report.counts.updated, report.counts.added, report.counts.missing) == (1, 0, 0)
    assert ids()[path.name] == before


def test_a_sound_that_changes_and_moves_is_another_track(
    music: Path, scan: Scan, bystander: Path
) -> None:
    path = make_noise(music / "a.wav", 1, **SONG)
    scan()
    before = ids()["a.wav"]
    os.rename(path, music / "b.wav")
    louder(music / "b.wav")
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)
    assert (missing(), ids()["b.wav"] == before) == ({before}, False)


@pytest.mark.parametrize("new", ["a.flac", "other/a.flac"])
def test_another_encoding_is_another_track(
    music: Path, scan: Scan, bystander: Path, new: str
) -> None:
    path = make_audio(music / "a.mp3", **SONG)
    scan()
    before = ids()["a.mp3"]
    make_audio(music / new, **SONG)
    path.unlink()
    report = scan()
    assert (report.counts.added, report.counts.missing, report.counts.moved) == (1, 1, 0)
    assert missing() == {before}


def test_another_encoding_beside_the_file_is_another_track(
    music: Path, scan: Scan, bystander: Path
) -> None:
    path = make_audio(music / "a.mp3", **SONG)
    scan()
    make_audio(music / "a.flac", **SONG)
    scan()
    before = ids()
    path.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)
    assert ids()["a.flac"] == before["a.flac"]


@pytest.mark.usefixtures("bystander")
@pytest.mark.parametrize("digest", ["", "0" * 32], ids=["none", "zeros"])
@pytest.mark.parametrize(
    ("tags", "is_kept"),
    [(SONG, True), (OTHER, False), ({}, False)],
    ids=["same tags", "other tags", "no tags"],
)
def test_without_a_digest_tags_have_to_agree(
    music: Path, scan: Scan, digest: str, tags: dict[str, Any], *, is_kept: bool
) -> None:
    path = make_noise(music / "a.wav", 1, **SONG)
    scan()
    before = ids()["a.wav"]
    Track.objects.update(audio_digest=digest)
    path.unlink()
    make_noise(music / "b.wav", 1, **tags)
    report = scan()
    assert (report.counts.moved, report.counts.missing) == (is_kept, not is_kept)
    assert (ids()["b.wav"] == before) is is_kept


def test_a_joined_pair_is_told(music: Path, scan: Scan, bystander: Path) -> None:
    path = make_noise(music / "a.wav", 1, **SONG)
    scan()
    before = ids()["a.wav"]
    shutil.copy2(path, music / "copy.wav")
    scan()
    copy = ids()["copy.wav"]
    path.unlink()
    report = scan()
    join = Join.objects.get()
    assert (join.track_id, join.replaced_id, join.lost_path) == (before, copy, "a.wav")
    assert join.scan_id == report.scan_id
    assert ScanRow.objects.get(pk=report.scan_id).joined == 1
