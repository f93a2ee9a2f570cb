"""What administrators see of tracks, scans and failures."""

import os
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from library.models import (
    Album,
    Artist,
    ArtistRole,
    PlayerState,
    Scan,
    ScanFailure,
    ScanState,
    Track,
    TrackArtist,
)
from library.models.folding import sort_key
from tests.web.library_rows import make_failure, make_scan, make_track, make_tracks

TRACKS = "/admin/library/track/"
LISTS = ["track", "album", "artist", "scan", "scanfailure", "playerstate"]


def make_album(title: str) -> Album:
    return Album.objects.create(key=title, title=title, title_key=sort_key(title))


def make_artist(name: str) -> Artist:
    return Artist.objects.create(key=name, name=name, sort_key=sort_key(name))


@pytest.mark.parametrize("model", LISTS)
def test_each_list_can_be_looked_at_and_searched_while_it_is_empty(
    admin_client: Client, model: str
) -> None:
    for query in ("", "?q=x"):
        assert admin_client.get(f"/admin/library/{model}/{query}").status_code == 200


def test_the_administration_is_called_mus(admin_client: Client) -> None:
    response = admin_client.get("/admin/")
    assertContains(response, "/static/library/favicon.")
    assertContains(response, "Administration | mus")


def test_what_a_scan_owns_can_be_neither_added_changed_nor_deleted(
    admin_client: Client,
) -> None:
    track = make_track(title="As it was")
    scan = make_scan()
    for row in (track, scan, make_failure(scan=scan), make_album("A"), make_artist("B")):
        url = f"/admin/library/{row._meta.model_name}/"
        assert admin_client.get(f"{url}{row.pk}/change/").status_code == 200
        assert admin_client.post(f"{url}{row.pk}/change/", {"title": "x"}).status_code == 403
        assert admin_client.get(f"{url}{row.pk}/delete/").status_code == 403
        assert admin_client.get(f"{url}add/").status_code == 403
    track.refresh_from_db()
    assert track.title == "As it was"
    assertNotContains(admin_client.get(TRACKS), "delete_selected")


def test_tracks_are_found_blind_to_case_and_accents(admin_client: Client) -> None:
    make_track(title="Jóga", artist="Björk")
    make_track(title="So What")
    response = admin_client.get(f"{TRACKS}?q=BJORK+joga")
    assertContains(response, "Jóga")
    assertNotContains(response, "So What")


def test_albums_and_artists_are_found_blind_to_case_and_accents(admin_client: Client) -> None:
    make_album("Ágætis byrjun")
    make_artist("Sigur Rós")
    assertContains(admin_client.get("/admin/library/album/?q=BYRJUN+agæ"), "Ágætis byrjun")
    assertContains(admin_client.get("/admin/library/artist/?q=ros"), "Sigur Rós")


def test_tracks_are_filtered_by_file_codec_and_cover(admin_client: Client) -> None:
    make_track(title="Here", codec="flac", has_cover=True, cover_id="c")
    make_track(title="Away", codec="mp3", missing=True)
    for query, shown, hidden in (
        ("file=present", "Here", "Away"),
        ("file=missing", "Away", "Here"),
        ("codec=mp3", "Away", "Here"),
        ("has_cover__exact=1", "Here", "Away"),
    ):
        response = admin_client.get(f"{TRACKS}?{query}")
        assertContains(response, shown)
        assertNotContains(response, hidden)


def test_tracks_are_filtered_by_folder_where_there_are_several(
    admin_client: Client, settings: Settings
) -> None:
    odd = os.fsdecode(b"/b\xe9")
    settings.MUSIC_DIRS = ("/a", odd)
    make_track(title="First", root="/a")
    make_track(title="Second", root=odd)
    assertContains(admin_client.get(TRACKS), "By music folder")
    response = admin_client.get(TRACKS, {"root": "/b\N{REPLACEMENT CHARACTER}e9"})
    assertContains(response, "Second")
    assertNotContains(response, "First")


def test_a_track_shows_its_credits_its_file_and_its_cover(admin_client: Client) -> None:
    track = make_track(
        root="/music", path="caf\udce9/1.flac", has_cover=True, cover_id="c", duration_s=125
    )
    TrackArtist.objects.create(
        track=track, artist=make_artist("Björk"), role=ArtistRole.COMPOSER, position=0
    )
    response = admin_client.get(f"{TRACKS}{track.pk}/change/")
    for text in ("caf\N{REPLACEMENT CHARACTER}/1.flac", "embedded in the file", "2:05", "Björk"):
        assertContains(response, text)


def test_lists_are_a_fixed_number_of_queries(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(120, artist="Björk")
    scan = make_scan()
    for number in range(20):
        make_failure(path=f"{number}.mp3", scan=scan)
    # Session, user, count, rows, the codecs to filter by; one more for a search.
    for url in (TRACKS, f"{TRACKS}?q=bjork", "/admin/library/scanfailure/"):
        with django_assert_max_num_queries(6):
            assert admin_client.get(url).status_code == 200


def test_an_album_and_an_artist_lead_to_their_tracks(admin_client: Client) -> None:
    album, artist = make_album("Post"), make_artist("Björk")
    track = make_track(title="Hyperballad", album=album)
    make_track(title="So What")
    TrackArtist.objects.create(track=track, artist=artist, role=ArtistRole.ARTIST, position=0)
    for list_url, link in (
        ("/admin/library/album/", f"{TRACKS}?album__id__exact={album.pk}"),
        ("/admin/library/artist/", f"{TRACKS}?contributors__id__exact={artist.pk}"),
    ):
        assertContains(admin_client.get(list_url), link)
        response = admin_client.get(link)
        assertContains(response, "Hyperballad")
        assertNotContains(response, "So What")


def test_a_scan_shows_its_counts_its_duration_and_leads_to_its_failures(
    admin_client: Client,
) -> None:
    started = timezone.now()
    scan = make_scan(
        seen=1234,
        added=5678,
        missing=3,
        started_at=started,
        finished_at=started + timedelta(minutes=2),
    )
    make_failure(path="mine.mp3", scan=scan)
    make_failure(path="other.mp3")
    assertContains(admin_client.get("/admin/library/scan/"), "1234")
    assertContains(admin_client.get("/admin/library/scan/"), "5,678 added, 3 missing")
    response = admin_client.get(f"/admin/library/scan/{scan.pk}/change/")
    assertContains(response, "0:02:00")
    link = f"/admin/library/scanfailure/?scan__id__exact={scan.pk}"
    assertContains(response, link)
    failures = admin_client.get(link)
    assertContains(failures, "mine.mp3")
    assertNotContains(failures, "other.mp3")


def test_failures_are_found_by_path_and_shown_whatever_bytes_it_has(admin_client: Client) -> None:
    failure = make_failure(path="caf\udce9/broken.mp3", stage=ScanFailure.Stage.OPEN)
    make_failure(path="other.mp3")
    response = admin_client.get("/admin/library/scanfailure/?q=BROKEN")
    assertContains(response, "caf\N{REPLACEMENT CHARACTER}/broken.mp3")
    assertContains(response, "open file")
    assertNotContains(response, "other.mp3")
    detail = admin_client.get(f"/admin/library/scanfailure/{failure.pk}/change/")
    assert detail.status_code == 200


def test_a_user_who_has_a_player_can_be_deleted(admin_client: Client, listener: User) -> None:
    PlayerState.objects.create(user=listener)
    response = admin_client.post(f"/admin/auth/user/{listener.pk}/delete/", {"post": "yes"})
    assertRedirects(response, "/admin/auth/user/")
    assert not User.objects.filter(pk=listener.pk).exists()


def test_who_is_no_staff_does_not_get_in(page: Client) -> None:
    assert page.get(TRACKS).status_code == 302
    assert page.get(f"{TRACKS}purge/").status_code == 302


@pytest.mark.django_db
class TestPurge:
    """Missing tracks are taken out for good, after a page that counts what goes."""

    @pytest.fixture(autouse=True)
    def library(self) -> None:
        lonely, shared = make_album("Lonely"), make_album("Shared")
        ghost, both = make_artist("Ghost"), make_artist("Both")
        self.here = make_track(title="Here", album=shared)
        self.gone = make_track(title="Gone", album=lonely, missing=True)
        self.lost = make_track(title="Lost", album=shared, missing=True)
        for track, artist in ((self.gone, ghost), (self.lost, both), (self.here, both)):
            TrackArtist.objects.create(
                track=track, artist=artist, role=ArtistRole.ARTIST, position=0
            )

    def titles(self) -> set[str]:
        return set(Track.objects.values_list("title", flat=True))

    def test_the_button_above_the_list_leads_to_a_page_that_counts(
        self, admin_client: Client
    ) -> None:
        assertContains(admin_client.get(TRACKS), f'href="{TRACKS}purge/"')
        response = admin_client.get(f"{TRACKS}purge/")
        for text in ("2 missing tracks", "1 album without", "1 artist without", "Purge 2 tracks"):
            assertContains(response, text)
        assert self.titles() == {"Here", "Gone", "Lost"}

    def test_once_confirmed_they_go_and_what_went_is_said(self, admin_client: Client) -> None:
        response = admin_client.post(f"{TRACKS}purge/", follow=True)
        assertContains(response, "Purged 2 missing tracks, 1 albums and 1 artists")
        assert self.titles() == {"Here"}
        assert list(Album.objects.values_list("title", flat=True)) == ["Shared"]
        assert list(Artist.objects.values_list("name", flat=True)) == ["Both"]

    def test_of_selected_tracks_only_the_missing_go_and_the_others_are_said_to_stay(
        self, admin_client: Client
    ) -> None:
        selection = {
            "action": "purge_selected",
            "_selected_action": [self.here.pk, self.gone.pk],
        }
        response = admin_client.post(TRACKS, selection)
        assertContains(response, "1 missing track<")
        assertContains(response, "1 of the selected tracks is present and stays.")
        assert self.titles() == {"Here", "Gone", "Lost"}
        admin_client.post(TRACKS, {**selection, "confirmed": "yes"})
        assert self.titles() == {"Here", "Lost"}

    def test_all_pages_selected_are_purged_with_the_filter_of_the_list(
        self, admin_client: Client
    ) -> None:
        make_tracks(250, artist="Somebody else", missing=True)
        across = {
            "action": "purge_selected",
            "select_across": "1",
            "_selected_action": [self.gone.pk],
        }
        response = admin_client.post(f"{TRACKS}?q=else&file=missing", across)
        assertContains(response, "250 missing tracks")
        assert response.content.count(b'name="_selected_action"') == 1
        admin_client.post(f"{TRACKS}?q=else&file=missing", {**across, "confirmed": "yes"})
        assert self.titles() == {"Here", "Gone", "Lost"}

    def test_where_none_of_the_selected_is_missing_that_is_said(self, admin_client: Client) -> None:
        selection = {"action": "purge_selected", "_selected_action": [self.here.pk]}
        response = admin_client.post(TRACKS, selection, follow=True)
        assertContains(response, "None of these tracks is missing.")

    def test_with_nothing_missing_there_is_nothing_to_confirm(self, admin_client: Client) -> None:
        Track.objects.update(missing_since=None)
        response = admin_client.get(f"{TRACKS}purge/")
        assertContains(response, "there is nothing to purge")
        assertNotContains(response, 'type="submit" value="Purge')

    def test_while_a_scan_runs_nothing_goes_and_that_is_said(self, admin_client: Client) -> None:
        Scan.objects.all().delete()
        make_scan(state=ScanState.RUNNING)
        response = admin_client.post(f"{TRACKS}purge/", follow=True)
        assertContains(response, "purge when it is over")
        assert self.titles() == {"Here", "Gone", "Lost"}

    def test_it_takes_the_permission_to_delete_tracks(self, page: Client, listener: User) -> None:
        listener.is_staff = True
        listener.save()
        listener.user_permissions.add(Permission.objects.get(codename="view_track"))
        response = page.get(TRACKS)
        assertNotContains(response, "Purge missing")
        assert page.post(f"{TRACKS}purge/").status_code == 403
        page.post(TRACKS, {
            "action": "purge_selected", "confirmed": "yes", "_selected_action": [self.gone.pk],
        })  # fmt: skip
        assert self.titles() == {"Here", "Gone", "Lost"}
        listener.user_permissions.add(Permission.objects.get(codename="delete_track"))
        assertContains(page.get(TRACKS), "Purge missing")


class TestScanControl:
    """The buttons for scans: who has them, when, and what they refuse. tests/scan_process has what
    they do."""

    SCANS = "/admin/library/scan/"
    START = f"{SCANS}start/"

    @pytest.fixture
    def staff(self, page: Client, listener: User) -> Client:
        """A browser of somebody who may look at scans, and no more."""
        listener.is_staff = True
        listener.save()
        may_look = Permission.objects.filter(codename__in=["view_scan", "view_scanfailure"])
        listener.user_permissions.set(may_look)
        return page

    def test_the_list_has_buttons_to_scan_while_none_runs(self, admin_client: Client) -> None:
        response = admin_client.get(self.SCANS)
        for text in ("Rescan library</button>", "Full rescan</button>", f'action="{self.START}"'):
            assertContains(response, text)
        assertNotContains(response, "Cancel scan")

    def test_while_one_runs_list_and_page_show_it_and_can_cancel_it(
        self, admin_client: Client
    ) -> None:
        scan = make_scan(state=ScanState.RUNNING, seen=900, to_read=800, read=500, total=3000)
        for url in (self.SCANS, f"{self.SCANS}{scan.pk}/change/"):
            response = admin_client.get(url)
            assertContains(response, f"Cancel scan {scan.pk}</button>")
            assertContains(response, "600 of 3,000 files")
            assertContains(response, 'max="3000" value="600"')
            assertContains(response, 'type="module"')
            assertNotContains(response, "Full rescan")

    def test_the_page_of_a_scan_that_is_over_has_nothing_to_cancel(
        self, admin_client: Client
    ) -> None:
        over = make_scan()
        make_scan(state=ScanState.RUNNING)
        response = admin_client.get(f"{self.SCANS}{over.pk}/change/")
        assertNotContains(response, "Cancel scan")
        assertNotContains(response, "<progress")

    @pytest.mark.parametrize(
        ("fields", "text"),
        [
            ({}, "Starting."),
            ({"seen": 900, "to_read": 900, "read": 1}, "900 files found, 1 of 900 read"),
            ({"seen": 900, "total": 3000}, "900 of 3,000 files"),
            ({"seen": 31, "total": 30}, "30 of 30 files"),  # one came after they were counted
            ({"seen": 900, "total": 3000, "cancel_requested": True}, "Ending."),
        ],
    )
    def test_progress_is_told_as_json(
        self, staff: Client, fields: dict[str, int], text: str
    ) -> None:
        scan = make_scan(state=ScanState.RUNNING, **fields)
        response = staff.get(f"{self.SCANS}{scan.pk}/progress/")
        assert "no-store" in response.headers["cache-control"]
        told = response.json()
        assert told["is_running"] is True
        assert told["text"] == text
        assert told["counts"]["seen"] == fields.get("seen", 0)

    def test_the_end_of_a_scan_is_told_with_its_message(self, staff: Client) -> None:
        scan = make_scan(message="Music library scan completed. 3 items processed.")
        told = staff.get(f"{self.SCANS}{scan.pk}/progress/").json()
        assert (told["is_running"], told["message"]) == (False, scan.message)

    def test_a_scan_that_there_is_not_is_not_found(self, admin_client: Client) -> None:
        assert admin_client.get(f"{self.SCANS}7/progress/").status_code == 404
        assert admin_client.post(f"{self.SCANS}7/cancel/").status_code == 404

    def test_who_may_only_look_begins_and_cancels_nothing(self, staff: Client) -> None:
        assertNotContains(staff.get(self.SCANS), "Rescan library")
        running = make_scan(state=ScanState.RUNNING)
        failure = make_failure()
        assertNotContains(staff.get(self.SCANS), "Cancel scan")
        assert staff.post(self.START).status_code == 403
        assert staff.post(f"{self.SCANS}{running.pk}/cancel/").status_code == 403
        assert staff.post(self.SCANS, {"action": "rescan_library"}).status_code == 403
        again = {"action": "try_again", "_selected_action": [failure.pk]}
        staff.post("/admin/library/scanfailure/", again)
        assert not Scan.objects.exclude(pk=failure.scan.pk).filter(cancel_requested=True).exists()
        assert Scan.objects.count() == 2

    def test_who_is_no_staff_gets_nothing(self, page: Client) -> None:
        scan = make_scan(state=ScanState.RUNNING)
        for url in (self.START, f"{self.SCANS}{scan.pk}/cancel/"):
            assert page.post(url).headers["location"].startswith("/admin/login/")
        assert page.get(f"{self.SCANS}{scan.pk}/progress/").status_code == 302
        assert not Scan.objects.filter(cancel_requested=True).exists()

    def test_a_link_begins_no_scan_and_neither_does_a_form_of_another_site(
        self, admin_client: Client, admin_user: User
    ) -> None:
        scan = make_scan(state=ScanState.RUNNING)
        cancel = f"{self.SCANS}{scan.pk}/cancel/"
        stranger = Client(enforce_csrf_checks=True)
        stranger.force_login(admin_user)
        for url in (self.START, cancel):
            assert admin_client.get(url).status_code == 405
            assert stranger.post(url).status_code == 403
        assert not Scan.objects.filter(cancel_requested=True).exists()
        assert Scan.objects.count() == 1

    def test_another_scan_is_a_warning_and_not_an_error(self, admin_client: Client) -> None:
        running = make_scan(state=ScanState.RUNNING, host_name="elsewhere")
        response = admin_client.post(self.START, follow=True)
        assertContains(response, 'class="warning"')
        assertContains(response, f'<a href="{self.SCANS}{running.pk}/change/">Show it</a>')
