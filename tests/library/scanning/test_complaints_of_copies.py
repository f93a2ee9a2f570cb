"""What people complain of elsewhere about copies and duplicates, tried on mus.

Each test names the thread in which somebody describes the case.
"""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F
from django.test import Client
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from library.models.joins import Join
from library.models.scan import ScanTrigger
from library.scanning.parting import part
from listening.models import PlayerState
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall

SUFFIXES = (".mp3", ".flac", ".ogg", ".opus", ".m4a", ".wv")


def ids_by_title() -> dict[str, int]:
    return dict(Track.objects.present().values_list("title", "pk"))


def album(folder: Path) -> list[Path]:
    """Tracks of different sounds."""
    return [
        make_audio(
            folder / f"{number}{suffix}",
            title=f"Song {number}",
            artist="Band",
            album="Album",
            track_number=number,
        )
        for number, suffix in enumerate(SUFFIXES, start=1)
    ]


def a_week_passes() -> None:
    Track.objects.update(added_at=F("added_at") - timedelta(days=7))


def test_a_library_that_is_rearranged_elsewhere_and_synchronised_for_hours(
    music: Path, scan: ScanCall
) -> None:
    """navidrome/navidrome 5514: the new files come one by one, the old ones go one by one later,
    in any order, and the server scans all the time."""
    old = album(music / "Unsorted")
    scan()
    before = ids_by_title()
    user = User.objects.create(username="ada")
    PlayerState.objects.create(user=user, current_track_id=before["Song 3"])
    for path in old:
        (music / "Band" / "Album").mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, music / "Band" / "Album" / f"0{path.name}")
        scan()
    a_week_passes()
    for path in reversed(old):
        path.unlink()
        scan()
    assert ids_by_title() == before
    assert not Track.objects.missing().exists()
    assert PlayerState.objects.get().current_track_id == before["Song 3"]
    assert Track.objects.exclude(path__startswith="Band/Album/").count() == 0


def test_the_new_file_comes_while_the_old_one_is_there(music: Path, scan: ScanCall) -> None:
    """jellyfin/jellyfin 16149: both exist for a while; what was made of the old one is lost when
    that is deleted."""
    make_audio(music / "other.mp3")
    old = make_audio(music / "song.flac", title="Song", artist="Band")
    scan()
    pk = ids_by_title()["Song"]
    shutil.copy(old, music / "Band - Song (2011).flac")
    retag(music / "Band - Song (2011).flac", title="Song (2011 Remaster)", year=2011)
    scan()
    old.unlink()
    assert scan().counts.joined == 1
    assert ids_by_title()["Song (2011 Remaster)"] == pk


def test_from_the_quick_disk_to_the_large_one(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    """jellyfin/jellyfin 1999, navidrome/navidrome 6166, clementine-player/Clementine 1241: two
    music folders; files are copied from one to the other, and deleted some time later."""
    settings.MUSIC_DIRS = (tmp_path / "quick", tmp_path / "large")
    old = album(tmp_path / "quick" / "Album")
    make_audio(tmp_path / "quick" / "stays.mp3", title="Stays")
    make_audio(tmp_path / "large" / "other.mp3", title="Other")
    scan()
    before = ids_by_title()
    added = dict(Track.objects.values_list("pk", "added_at"))
    shutil.copytree(tmp_path / "quick" / "Album", tmp_path / "large" / "Album")
    scan()
    shutil.rmtree(old[0].parent)
    assert scan().counts.joined == len(old)
    assert ids_by_title() == before
    # beetbox/beets 984: the date when it was added is kept
    assert dict(Track.objects.values_list("pk", "added_at")) == added


def test_a_phone_moves_files_by_copying_them_without_their_times(
    music: Path, scan: ScanCall
) -> None:
    """RetroMusicPlayer/RetroMusicPlayer 1429: MTP copies and deletes."""
    old = album(music / "DCIM")
    scan()
    before = ids_by_title()
    (music / "Music").mkdir()
    for path in old:
        shutil.copyfile(path, music / "Music" / path.name)
    scan()
    for path in old:
        path.unlink()
    make_audio(music / "DCIM" / "new.aiff", title="New")
    assert scan().counts.joined == len(old)
    assert ids_by_title() == {**before, "New": ids_by_title()["New"]}


def test_two_lost_ones_never_take_the_same_file(music: Path, scan: ScanCall) -> None:
    """navidrome/navidrome 5169 and 5183: two rows came to be on one path."""
    tags: dict[str, Any] = {"title": "Song", "artist": "Band", "album": "Album", "track_number": 1}
    for folder in ("one", "two"):
        make_audio(music / folder / "01.flac", **tags)
    make_audio(music / "other.mp3")
    scan()
    make_audio(music / "three" / "01.flac", **tags)
    scan()
    shutil.rmtree(music / "one")
    shutil.rmtree(music / "two")
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (1, 1)
    paths = Track.objects.values("root", "path").annotate(rows=Count("pk"))
    assert {row["rows"] for row in paths} == {1}


def test_what_lies_in_a_recycle_bin_is_no_copy(music: Path, scan: ScanCall) -> None:
    """navidrome/navidrome 1467: tracks are listed five times, since the NAS keeps what is deleted.
    Here the deleted track is missing, and lives on in the copy that somebody kept."""
    make_audio(music / "other.mp3")
    path = make_audio(music / "a.flac", title="Song", artist="Band")
    scan()
    bin_ = music / "#recycle"
    bin_.mkdir()
    shutil.copy2(path, bin_ / "a.flac")
    scan()
    path.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)


def test_versions_with_the_same_tags_are_not_joined(music: Path, scan: ScanCall) -> None:
    """Arthi-chaud/Meelo 1196, strawberrymusicplayer/strawberry 1710, NeptuneHub/AudioMuse-AI 773:
    different recordings are taken for one, by their tags or because they sound alike."""
    tags: dict[str, Any] = {
        "title": "Avaritia",
        "artist": "deadmau5",
        "album": "7",
        "track_number": 2,
    }
    one = make_audio(music / "piano" / "02.flac", **tags)
    make_audio(music / "other.mp3")
    scan()
    make_audio(music / "dance" / "02.wv", **tags)
    scan()
    one.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)


def test_what_was_joined_wrongly_can_be_parted(music: Path, scan: ScanCall) -> None:
    """gabehf/Koito 87, Arthi-chaud/Meelo 1196: there is no way back from a merge."""
    make_audio(music / "other.mp3")
    one = make_audio(music / "a.flac", title="Silence", artist="Band")
    scan()
    shutil.copy2(one, music / "b.flac")
    scan()
    before = dict(Track.objects.values_list("path", "pk"))
    one.unlink()
    scan()
    part(Join.objects.get().pk, ScanTrigger.ADMIN)
    assert dict(Track.objects.values_list("path", "pk")) == before


def test_ids_that_a_client_keeps_go_on_working(music: Path, scan: ScanCall, client: Client) -> None:
    """perminder-klair/subwave 1699, finamp-app/finamp 97: clients hold ids that the server does not
    know any more, and cannot play what is there."""
    make_audio(music / "other.mp3")
    one = make_audio(music / "a.flac", title="Song", artist="Band")
    scan()
    shutil.copy2(one, music / "b.flac")
    scan()
    held = dict(Track.objects.values_list("path", "pk"))
    one.unlink()
    scan()
    client.force_login(User.objects.create(username="ada"))
    for pk in held.values():
        assert client.get(f"/api/v1/tracks/{pk}").status_code == 200
    row = client.get(f"/api/v1/tracks/{held['b.flac']}").json()
    assert row["id"] == held["a.flac"]
    assert Track.objects.get(pk=row["id"]).path == "b.flac"


def test_duplicates_that_came_together_stay_two(music: Path, scan: ScanCall) -> None:
    """clementine-player/Clementine 4891 asks that counts of duplicates be added when one of them is
    deleted. mus leaves such a pair alone, because two files that were always there are two."""
    one = make_audio(music / "one" / "a.flac", title="Song", artist="Band")
    (music / "two").mkdir()
    shutil.copy2(one, music / "two" / "a.flac")
    scan()
    one.unlink()
    assert scan().counts.joined == 0
