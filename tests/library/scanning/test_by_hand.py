"""Albums that a person joins or parts, and that scans leave so."""

from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from events.storage import latest_id
from library.models.albums import Album
from library.models.catalogue import Track
from library.models.folders import Folder
from library.models.revision import Revision
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.models.tombstones import Tombstone
from library.scanning.by_hand import (
    MOST_ALBUMS,
    CannotJoin,
    join_albums,
    leave_to_rules,
    part_tracks,
)
from library.scanning.lease import acquire
from library.scanning.report import ScanOptions
from library.scanning.run import scan_library
from library.scanning.settle_now import settle_now
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall

ALBUMS = "/admin/library/album/"
TRACKS = "/admin/library/track/"


def albums() -> dict[str, set[str]]:
    """The file names on each album with tracks, by the album's title."""
    return {
        album.title: {Path(str(track.path)).name for track in album.tracks.all()}
        for album in Album.objects.listed()
    }


@pytest.fixture
def two(music: Path, scan: ScanCall) -> list[Album]:
    """Two albums in two folders, of the tracks 1 and 2."""
    make_audio(music / "Live" / "1.mp3", album="Live", album_artist="Y", track_number=1)
    make_audio(music / "More" / "2.mp3", album="Live, More", album_artist="Y", track_number=2)
    scan()
    return list(Album.objects.order_by("pk"))


def test_joined_albums_are_one_at_once_and_after_each_scan(
    music: Path, scan: ScanCall, two: list[Album]
) -> None:
    number = Revision.objects.get().number
    settled = settle_now(join_albums([each.pk for each in two]), ScanTrigger.ADMIN)
    assert settled is not None
    assert settled.event_id == latest_id()
    assert Revision.objects.get().number > number
    stays = Album.objects.get()
    assert stays.pk == two[0].pk
    assert stays.together_by == "by_hand"
    assert Tombstone.objects.get(row_id=two[1].pk).replaced_by == two[0].pk
    scan(full=True)
    assert albums() == {"Live": {"1.mp3", "2.mp3"}}
    make_audio(music / "More" / "3.mp3", album="Live, More", album_artist="Y", track_number=3)
    retag(music / "Live" / "1.mp3", album="Live!")
    scan()
    assert [each.pk for each in Album.objects.listed()] == [two[0].pk]
    assert sum(map(len, albums().values())) == 3


def test_parted_tracks_are_two_albums_until_the_rules_decide_again(
    music: Path, scan: ScanCall
) -> None:
    for number in range(1, 5):
        make_audio(music / "X" / f"{number}.mp3", album="X", album_artist="Y", track_number=number)
    scan()
    chosen = list(Track.objects.filter(track_number__gt=2).values_list("pk", flat=True))
    settle_now(part_tracks(chosen), ScanTrigger.ADMIN)
    parts = [set(each.tracks.values_list("path", flat=True)) for each in Album.objects.all()]
    assert {"X/1.mp3", "X/2.mp3"} in parts
    assert {"X/3.mp3", "X/4.mp3"} in parts
    assert set(Album.objects.values_list("apart_by", flat=True)) == {"by_hand"}
    scan(full=True)
    assert Album.objects.count() == 2
    settle_now(leave_to_rules([Album.objects.earliest("pk").pk]), ScanTrigger.ADMIN)
    assert albums() == {"X": {"1.mp3", "2.mp3", "3.mp3", "4.mp3"}}
    assert not Track.objects.exclude(album_by_hand="").exists()


def test_beside_a_running_scan_the_marks_are_written_and_the_scan_settles(
    scan: ScanCall, two: list[Album]
) -> None:
    lease = acquire(ScanOptions())
    assert settle_now(join_albums([each.pk for each in two]), ScanTrigger.ADMIN) is None
    assert Album.objects.listed().count() == 2
    assert Folder.objects.filter(albums_to_settle=True).count() == 2
    lease.give_back()
    scan()
    assert Album.objects.listed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_persons_at_once_wait_for_each_other(music: Path) -> None:
    make_audio(music / "Live" / "1.mp3", album="Live", album_artist="Y", track_number=1)
    make_audio(music / "More" / "2.mp3", album="Live, More", album_artist="Y", track_number=2)
    scan_library(ScanOptions(workers=0))
    lease = acquire(ScanOptions(), ScanKind.EDIT, "Albums are being worked out.")

    def end() -> None:
        lease.give_back()
        connection.close()

    other = Timer(0.3, end)
    other.start()
    settled = settle_now(join_albums(Album.objects.values_list("pk", flat=True)), ScanTrigger.ADMIN)
    other.join()
    assert settled is not None
    assert Album.objects.listed().count() == 1


def test_what_makes_no_sense_is_refused(two: list[Album]) -> None:
    tracks = list(Track.objects.values_list("pk", flat=True))
    for refused in (
        lambda: join_albums([two[0].pk]),
        lambda: join_albums([0, -1]),
        lambda: part_tracks([]),
        lambda: part_tracks(tracks),
        lambda: leave_to_rules([two[0].pk]),
    ):
        with pytest.raises(CannotJoin):
            refused()  # type: ignore[no-untyped-call]
    assert not Track.objects.exclude(album_by_hand="").exists()
    assert not Scan.objects.filter(kind=ScanKind.EDIT).exists()


class TestAdmin:
    def test_an_administrator_joins_and_undoes(
        self, admin_client: Client, two: list[Album]
    ) -> None:
        chosen = {"_selected_action": [each.pk for each in two]}
        response = admin_client.post(ALBUMS, {"action": "join", **chosen}, follow=True)
        assertContains(response, "2 albums are one now.")
        assert Album.objects.listed().count() == 1
        assert Scan.objects.get(kind=ScanKind.EDIT).state == ScanState.COMPLETED
        assertContains(admin_client.get(ALBUMS, {"by_hand": "yes"}), "1 album")
        one = {"_selected_action": [two[0].pk]}
        response = admin_client.post(ALBUMS, {"action": "leave", **one}, follow=True)
        assertContains(response, "The rules decide again.")
        assert Album.objects.listed().count() == 2

    def test_an_administrator_parts_tracks(
        self, admin_client: Client, music: Path, scan: ScanCall
    ) -> None:
        for number in range(1, 4):
            path = music / "X" / f"{number}.mp3"
            make_audio(path, album="X", album_artist="Y", track_number=number)
        scan()
        chosen = {"_selected_action": [Track.objects.get(track_number=3).pk]}
        response = admin_client.post(TRACKS, {"action": "part", **chosen}, follow=True)
        assertContains(response, "1 track is an album of its own now.")
        assert Album.objects.listed().count() == 2

    def test_the_page_of_an_album_says_why(
        self, admin_client: Client, music: Path, scan: ScanCall
    ) -> None:
        for folder, suffix in (("X", "flac"), ("X (MP3)", "mp3")):
            for number in (1, 2):
                path = music / folder / f"{number}.{suffix}"
                make_audio(
                    path, album="X<b>", album_artist="Y", title=f"T{number}", track_number=number
                )
        scan()
        one, other = Album.objects.order_by("pk")
        page = admin_client.get(f"{ALBUMS}{one.pk}/change/")
        assertContains(page, "The tracks have one title and one album artist.")
        assertContains(page, "They are the same tracks in different formats.")
        assertContains(page, f'href="{ALBUMS}{other.pk}/change/"')
        assertContains(page, str(music / "X (MP3)"))
        assertNotContains(page, "X<b>")

    def test_the_page_of_an_album_without_album_artist_says_why(
        self, admin_client: Client, music: Path, scan: ScanCall
    ) -> None:
        for number in (1, 2):
            make_audio(music / "X" / f"{number}.mp3", album="X", artist="Y", track_number=number)
        scan()
        page = admin_client.get(f"{ALBUMS}{Album.objects.get().pk}/change/")
        assertContains(page, "The tracks have one title and one artist")

    def test_the_page_says_of_each_album_of_the_name_why_it_is_another(
        self, admin_client: Client, music: Path, scan: ScanCall
    ) -> None:
        for folder, suffix, year in (("X", "flac", 1990), ("Y", "mp3", 1990), ("Z", "mp3", 2010)):
            for number in (1, 2):
                tags: dict[str, Any] = {
                    "title": f"T{number}",
                    "track_number": number,
                    "date": f"{year}",
                }
                path = music / folder / f"{number}.{suffix}"
                make_audio(path, album="X", album_artist="Y", **tags)
        scan()
        reissue = Album.objects.get(year=2010)
        page = admin_client.get(f"{ALBUMS}{reissue.pk}/change/")
        sentence = "They have the same track numbers and different years."
        assertContains(page, sentence, count=2)
        assertNotContains(page, "They are the same tracks in different formats.")

    def test_more_than_may_be_chosen_are_refused_rather_than_some_of_them_joined(
        self, admin_client: Client, two: list[Album]
    ) -> None:
        Album.objects.bulk_create(
            Album(key=f"k{number}", title=f"T{number}", title_key=f"t{number}")
            for number in range(MOST_ALBUMS)
        )
        everything = {
            "_selected_action": [two[0].pk],
            "select_across": "1",
            "index": "0",
        }
        for action in ("join", "leave"):
            page = admin_client.post(ALBUMS, {"action": action, **everything}, follow=True)
            assertContains(page, "These are more than 500 albums; choose fewer.")
        assert Album.objects.listed().count() == 2

    def test_listeners_may_not(self, client: Client, two: list[Album]) -> None:
        client.force_login(User.objects.create_user("listener"))
        chosen = {"_selected_action": [each.pk for each in two]}
        client.post(ALBUMS, {"action": "join", **chosen})
        assert Album.objects.listed().count() == 2
