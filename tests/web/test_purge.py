"""Missing tracks are taken out for good, after a page that counts what goes."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from library.models.albums import Album
from library.models.catalogue import Artist, ArtistRole, Track, TrackArtist
from library.models.scan import Scan, ScanState
from tests.web.library_rows import make_album, make_artist, make_scan, make_track, make_tracks

TRACKS = "/admin/library/track/"


@pytest.mark.django_db
class TestPurge:
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
        assertContains(response, "Purged 2 missing tracks, and 1 album and 1 artist")
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

    def test_a_right_to_delete_tracks_makes_nobody_an_administrator(
        self, page: Client, listener: User
    ) -> None:
        listener.is_staff = True
        listener.save()
        rights = Permission.objects.filter(codename__in=["view_track", "delete_track"])
        listener.user_permissions.set(rights)
        assert page.get(TRACKS).status_code == 302
        assert page.post(f"{TRACKS}purge/").status_code == 302
        page.post(TRACKS, {
            "action": "purge_selected", "confirmed": "yes", "_selected_action": [self.gone.pk],
        })  # fmt: skip
        assert self.titles() == {"Here", "Gone", "Lost"}
