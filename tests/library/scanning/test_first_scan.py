"""A folder of audio files becomes a library."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from library.files.listings import Unlisted
from library.files.walk import walk
from library.models.catalogue import Artist, Track, TrackArtist
from library.models.revision import NextRevision, Revision
from library.models.scan import Scan, ScanState
from library.scanning import ScanOptions, ScanProgress, scan_library, store
from library.scanning.track_rows import Change, TrackWrite
from library.tags.file import read_file
from tests.audio_files import JPEG, SAMPLES, make_audio
from tests.library.scanning.conftest import Scan as ScanCall

RELEASE = "11111111-2222-4333-8444-555555555555"


def test_every_format_becomes_a_track(music: Path, scan: ScanCall) -> None:
    for suffix in SAMPLES:
        make_audio(music / f"song of {suffix[1:]}{suffix}", title=f"A {suffix} song")
    report = scan()
    assert report.state == ScanState.COMPLETED
    assert (report.counts.added, report.counts.failed) == (len(SAMPLES), 0)
    assert set(Track.objects.values_list("title", flat=True)) == {f"A {s} song" for s in SAMPLES}


def test_suffixes_count_in_any_case_and_other_files_do_not(music: Path, scan: ScanCall) -> None:
    make_audio(music / "LOUD.MP3")
    make_audio(music / "Mixed.FlaC")
    (music / "notes.txt").write_text("no music")
    (music / "mp3").write_text("no suffix")
    assert scan().counts.added == 2


def test_a_credit_is_split_as_the_setting_says(
    music: Path, scan: ScanCall, settings: Settings
) -> None:
    path = make_audio(music / "a.mp3", artist="Ann feat. Bob; AC/DC")
    scan()
    assert Track.objects.get().artists == ["Ann", "Bob", "AC/DC"]
    settings.ARTIST_SEPARATORS = ()
    os.utime(path, (1, 1))
    scan()
    assert Track.objects.get().artists == ["Ann feat. Bob; AC/DC"]


def test_what_the_tags_say_is_stored(music: Path, scan: ScanCall) -> None:
    path = make_audio(
        music / "Björk" / "Post" / "02 Hyperballad.flac",
        title="Hyperballad",
        artists=["Björk", "Guest"],
        artist="Björk feat. Guest",
        album="Post",
        album_artist="Björk",
        track_number=2,
        track_total=11,
        disc_number=1,
        year=1995,
        genre="Electronic",
        composer="Björk Guðmundsdóttir",
        musicbrainz_release_id=RELEASE,
        replaygain_track_gain_db=-7.5,
        cover=JPEG,
    )
    scan()
    track = Track.objects.get()
    assert track.root == str(music)
    assert track.path == "Björk/Post/02 Hyperballad.flac"
    assert track.mtime_ns == path.stat().st_mtime_ns
    assert track.size_bytes == path.stat().st_size
    assert track.artist == "Björk feat. Guest"
    assert track.artists == ["Björk", "Guest"]
    assert (track.track_number, track.track_total, track.disc_number) == (2, 11, 1)
    assert (track.year, track.genre, track.composer) == (1995, "Electronic", "Björk Guðmundsdóttir")
    assert track.replaygain_track_gain_db == pytest.approx(-7.5)
    assert track.codec == "flac"
    assert track.duration_s > 0
    assert track.has_cover
    assert track.album is not None
    assert track.album.title == "Post"
    assert track.album.musicbrainz_release_id == RELEASE
    assert track.revision == Revision.objects.get().number == Scan.objects.get().revision


def test_credits_keep_order_and_role(music: Path, scan: ScanCall) -> None:
    make_audio(
        music / "a.flac", artists=["Zoe", "Ann"], artist="Zoe & Ann", album_artist="Zoe",
        composer="Bob",
    )  # fmt: skip
    scan()
    credited = Track.objects.get().track_artists.order_by("role", "position")
    assert [(each.role, each.artist.name) for each in credited] == [
        ("albumartist", "Zoe"),
        ("artist", "Zoe"),
        ("artist", "Ann"),
        ("composer", "Bob"),
    ]
    assert Artist.objects.count() == 3


def test_audio_without_tags_is_named_after_its_file(music: Path, scan: ScanCall) -> None:
    make_audio(music / "Some Demo Tape.wav")
    scan()
    track = Track.objects.get()
    assert (track.title, track.artist, track.artists) == (
        "Some Demo Tape",
        "Unknown Artist",
        ["Unknown Artist"],
    )
    assert track.album is None


def test_search_is_blind_to_case_and_accents(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3", title="Jóga", artist="Björk", album="Homogenic")
    make_audio(music / "b.mp3", title="Other", artist="Nobody")
    scan()
    found = Track.objects.search("BJORK homo")
    assert [track.title for track in found] == ["Jóga"]


def test_the_report_says_what_was_done(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    report = scan()
    row = Scan.objects.get()
    assert report.scan_id == row.pk
    assert report.message == "Music library scan completed. 1 items processed."
    assert (row.state, row.seen, row.added, row.message) == ("completed", 1, 1, report.message)
    assert row.finished_at is not None


def test_an_empty_folder_is_an_empty_library(music: Path, scan: ScanCall) -> None:
    report = scan()
    assert report.state == ScanState.COMPLETED
    assert report.counts.seen == 0


def test_two_roots_are_one_library(tmp_path: Path, settings: Settings, scan: ScanCall) -> None:
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    make_audio(tmp_path / "one" / "song.mp3")
    make_audio(tmp_path / "two" / "song.mp3")
    scan()
    assert sorted(Track.objects.values_list("root", "path")) == [
        (str(tmp_path / "one"), "song.mp3"),
        (str(tmp_path / "two"), "song.mp3"),
    ]


def test_progress_is_told_while_the_scan_runs(music: Path, scan: ScanCall, db: None) -> None:
    for number in range(5):
        make_audio(music / f"{number}.mp3")
    told: list[ScanProgress] = []
    scan_library(ScanOptions(workers=0, count_first=True), told.append)
    assert told[-1].read == told[-1].to_read == told[-1].seen == told[-1].done == 5
    assert [each.done for each in told] == sorted(each.done for each in told)
    assert {each.total for each in told} == {5}


def test_a_row_that_nobody_knew_of_is_met_by_its_path(music: Path, scan: ScanCall) -> None:
    """As where a scan of another machine stored the file between this one's look and its write."""
    path = make_audio(music / "a.flac", title="Title", artist="Artist")
    scan()
    known = Track.objects.get()
    TrackArtist.objects.all().delete()
    (folder,) = [each for each in walk(str(music)) if not isinstance(each, Unlisted)]
    read = read_file(str(path))
    assert read.tags is not None
    write = TrackWrite(Change.ADDED, None, folder.found_file(folder.files[0]), read, read.tags)
    store.store_tracks(store.prepare([write], timezone.now()), NextRevision())
    assert Track.objects.get().pk == known.pk
    assert [credit.artist.name for credit in known.track_artists.all()] == ["Artist"]
