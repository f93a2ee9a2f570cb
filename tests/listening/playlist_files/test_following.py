"""Playlist files in music folders: taken by scans, and followed."""

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from events.marks import mark_numbers
from library.models.scan import Scan, ScanFailure
from library.scanning import ScanOptions, scan_library
from listening.models import Playlist, PlaylistEntry, Sharing, SourceState
from tests.listening.playlist_files.followed import back, entry_ids, scan, song, titles, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("admin")]


def test_files_in_music_folders_become_playlists_that_all_may_read(
    three: Path, admin: User
) -> None:
    write(three / "Lists" / "Häppy.m3u8", "#EXTM3U", "../A/b.mp3", "../A/a.mp3", "../A/b.mp3")
    write(three / "A" / "album.m3u", "#PLAYLIST:The Album", "a.mp3", "b.mp3", "c.mp3")
    write(three / "x.xspf", '<playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList><track>'
          "<location>A/c.mp3</location></track></trackList></playlist>")  # fmt: skip
    write(three / "y.jspf", '{"playlist": {"title": "Y", "track": [{"location": "A/a.mp3"}]}}')
    report = scan()
    assert report.counts.playlists == 4
    assert Scan.objects.latest("pk").playlists == 4
    assert report.counts.failed == 0
    made = {each.name: each for each in Playlist.objects.all()}
    assert {name: titles(each) for name, each in made.items()} == {
        "Häppy": ["b", "a", "b"],
        "The Album": ["a", "b", "c"],
        "x": ["c"],
        "Y": ["a"],
    }
    happy = made["Häppy"]
    assert (happy.user, happy.sharing) == (admin, Sharing.READ)
    assert (happy.source_path, happy.source_state) == ("Lists/Häppy.m3u8", SourceState.FOLLOWS)
    assert happy.entry_count == 3
    assert happy.duration_s > 0


def test_an_unchanged_file_is_not_read_again(three: Path) -> None:
    file = write(three / "l.m3u", "A/a.mp3")
    scan()
    file.chmod(0)
    before = Playlist.objects.values().get()
    assert scan().counts.playlists == 0
    assert Playlist.objects.values().get() == before


def test_a_changed_file_changes_its_entries_and_keeps_those_in_both(three: Path) -> None:
    file = write(three / "l.m3u", "A/a.mp3", "A/b.mp3", "gone/x.mp3", "A/c.mp3")
    scan()
    playlist = Playlist.objects.get()
    first = entry_ids(playlist)
    added_at = dict(PlaylistEntry.objects.values_list("pk", "added_at"))
    write(file, "#PLAYLIST:New", "A/c.mp3", "A/a.mp3", "gone/x.mp3", "A/a.mp3", age_s=30)
    assert scan().counts.playlists == 1
    again = Playlist.objects.get()
    assert again.name == "New"
    assert again.version > playlist.version
    assert titles(again) == ["c", "a", "lost x", "a"]
    second = entry_ids(again)
    assert second[:3] == [first[3], first[0], first[2]]
    assert second[3] not in first
    assert {
        pk: at for pk, at in PlaylistEntry.objects.values_list("pk", "added_at") if pk in first
    } == {pk: added_at[pk] for pk in second[:3]}
    assert again.entry_count == 4


def test_a_file_that_was_only_touched_changes_nothing_that_is_shown(three: Path) -> None:
    file = write(three / "l.m3u", "A/a.mp3", "gone/x.mp3")
    scan()
    before = Playlist.objects.get()
    ids = entry_ids(before)
    back(file, 20)
    assert scan().counts.playlists == 0
    after = Playlist.objects.get()
    assert (after.version, after.changed_at) == (before.version, before.changed_at)
    assert after.source_mtime_ns != before.source_mtime_ns
    assert entry_ids(after) == ids


def test_all_users_are_told(three: Path, admin: User) -> None:
    write(three / "l.m3u", "A/a.mp3")
    scan()
    assert all("playlists" in mark_numbers(user.pk) for user in User.objects.all())


def test_tracks_that_come_later_take_their_places(three: Path) -> None:
    write(three / "l.m3u", "A/a.mp3", "#EXTINF:-1,Somebody - d", "B/d.mp3", "A/b.mp3")
    scan()
    playlist = Playlist.objects.get()
    assert titles(playlist) == ["a", "lost d", "b"]
    ids = entry_ids(playlist)
    song(three / "B" / "d.mp3")
    scan()
    assert titles(playlist) == ["a", "d", "b"]
    assert entry_ids(playlist) == ids


def test_a_track_whose_file_moves_stays_in_its_place(three: Path) -> None:
    write(three / "l.m3u", "A/a.mp3", "A/b.mp3")
    scan()
    (three / "A" / "a.mp3").rename(three / "moved.mp3")
    scan()
    assert titles(Playlist.objects.get()) == ["a", "b"]
    assert Playlist.objects.get().source_state == SourceState.FOLLOWS


def test_a_renamed_file_is_the_same_playlist(three: Path) -> None:
    file = write(three / "l.m3u", "A/a.mp3", "A/b.mp3")
    scan()
    before = Playlist.objects.get()
    ids = entry_ids(before)
    (three / "Lists").mkdir()
    file.rename(three / "n.m3u")
    scan()
    after = Playlist.objects.get()
    assert (after.pk, after.name, after.source_path) == (before.pk, "n", "n.m3u")
    assert entry_ids(after) == ids
    # In another folder, relative paths mean other files.
    (three / "n.m3u").rename(three / "Lists" / "n.m3u")
    scan()
    assert Playlist.objects.get().pk == before.pk
    assert titles(Playlist.objects.get()) == ["a", "b"]  # below the music folder


def test_a_copy_is_another_playlist(three: Path) -> None:
    write(three / "l.m3u", "A/a.mp3")
    scan()
    write(three / "m.m3u", "A/a.mp3")
    scan()
    assert Playlist.objects.count() == 2


def test_a_playlist_whose_file_is_gone_stays_and_says_so(three: Path) -> None:
    file = write(three / "l.m3u", "A/a.mp3")
    scan()
    before = Playlist.objects.get()
    file.unlink()
    assert scan().counts.playlists == 1
    gone = Playlist.objects.get()
    assert gone.source_state == SourceState.GONE
    assert gone.version > before.version
    assert titles(gone) == ["a"]
    assert scan().counts.playlists == 0
    write(file, "A/a.mp3", "A/b.mp3")
    scan()
    back_again = Playlist.objects.get()
    assert (back_again.pk, back_again.source_state) == (before.pk, SourceState.FOLLOWS)
    assert titles(back_again) == ["a", "b"]


def test_limited_scans_and_folders_that_cannot_be_listed_take_nothing_away(
    three: Path, settings: Settings
) -> None:
    file = write(three / "Lists" / "l.m3u", "../A/a.mp3")
    scan()
    file.unlink()
    scan(three / "A")
    assert Playlist.objects.get().source_state == SourceState.FOLLOWS
    settings.PLAYLISTS_FROM_FOLDERS = False
    scan()
    settings.PLAYLISTS_FROM_FOLDERS = True
    assert Playlist.objects.get().source_state == SourceState.FOLLOWS
    scan(three / "Lists")
    assert Playlist.objects.get().source_state == SourceState.GONE


def test_a_music_folder_that_is_away_takes_nothing_away(three: Path) -> None:
    write(three / "l.m3u", "A/a.mp3")
    scan()
    three.rename(three.with_name("away"))
    assert scan_library(ScanOptions(workers=0)).state == "failed"
    three.mkdir()
    assert scan_library(ScanOptions(workers=0)).state == "failed"
    assert Playlist.objects.get().source_state == SourceState.FOLLOWS


def test_without_the_setting_nothing_is_taken(three: Path, settings: Settings) -> None:
    settings.PLAYLISTS_FROM_FOLDERS = False
    write(three / "l.m3u", "A/a.mp3")
    write(three / "bad.m3u", "\0" * 100)
    assert scan().counts.failed == 0
    assert not Playlist.objects.exists()


def test_hidden_files_and_second_names_of_a_file_are_left_out(three: Path) -> None:
    write(three / ".hidden.m3u", "A/a.mp3")
    write(three / "._l.m3u", "A/a.mp3")
    write(three / "l.m3u", "A/a.mp3")
    (three / "A" / "link.m3u").symlink_to(three / "l.m3u")
    (three / "A" / "broken.m3u").symlink_to(three / "nothing.m3u")
    (three / "A" / "loop.m3u").symlink_to(three / "A" / "loop.m3u")
    (three / "A" / "folder.m3u").mkdir()
    os.mkfifo(three / "A" / "pipe.m3u")
    scan_library(ScanOptions(workers=0))
    assert [each.name for each in Playlist.objects.all()] == ["l"]


def test_a_file_that_cannot_be_used_is_a_failure_with_its_reason(three: Path) -> None:
    file = write(three / "bad.m3u")
    file.write_bytes(b"ID3" + bytes(1000) + bytes(range(256)))
    back(file)
    odd = write(three / "odd.m3u")
    odd.write_bytes(b"\0\x01garbage")
    back(odd)
    large = write(three / "large.m3u", "x" * (8 * 1024 * 1024 + 1))
    assert scan().counts.failed == 3
    failures = {each.path: each for each in ScanFailure.objects.all()}
    assert failures["odd.m3u"].reason.startswith("The file is not a text")
    odd.unlink()
    assert failures["bad.m3u"].reason == "The file is not a text."
    assert "8 MiB" in failures["large.m3u"].reason
    file.chmod(0)  # unchanged, it is not read again
    assert scan().counts.failed == 2
    assert ScanFailure.objects.get(path="bad.m3u").pk == failures["bad.m3u"].pk
    file.chmod(0o600)
    write(file, "A/a.mp3", age_s=10)
    large.unlink()
    assert scan().counts.failed == 0
    assert not ScanFailure.objects.exists()
    assert titles(Playlist.objects.get()) == ["a"]


def test_a_file_that_is_being_written_waits_within_the_scan(three: Path) -> None:
    write(three / "l.m3u", "A/a.mp3", age_s=0)
    scan()
    assert titles(Playlist.objects.get()) == ["a"]


def test_many_files_are_matched_together(three: Path) -> None:
    for number in range(5):
        write(three / f"{number}.m3u", "/old/A/a.mp3", "#EXTINF:-1,Somebody - b")
    with CaptureQueriesContext(connection) as queries:
        scan()
    statements = [each["sql"] for each in queries if 'FROM "library_track"' in each["sql"]]
    whole = [sql for sql in statements if "WHERE" not in sql and "duration_s" in sql]
    assert len(whole) == 1
    assert all(titles(each) == ["a", "b"] for each in Playlist.objects.all())


def test_names_that_are_no_utf_8(three: Path) -> None:
    raw = os.fsencode(three) + b"/L\xefst.m3u"
    with open(raw, "wb") as file:
        file.write(b"A/a.mp3\nA/n\xf6.mp3\n")
    scan()
    assert titles(Playlist.objects.get())[0] == "a"
    assert scan().counts.playlists == 0
