"""What administrators see of tracks, scans and failures."""

import os
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from pytest_django.fixtures import Settings

from library.models.catalogue import ArtistRole, TrackArtist
from library.models.genres import Genre, Label
from library.models.scan import ScanFailure
from listening.models import PlayerState
from tests.web.library_rows import (
    make_album,
    make_artist,
    make_failure,
    make_scan,
    make_track,
    make_tracks,
)

TRACKS = "/admin/library/track/"
OF_LIBRARY = ["track", "album", "artist", "scan", "scanfailure"]
LISTS = [*(f"library/{model}" for model in OF_LIBRARY), "listening/playerstate"]


@pytest.mark.parametrize("place", LISTS)
def test_each_list_can_be_looked_at_and_searched_while_it_is_empty(
    admin_client: Client, place: str
) -> None:
    for query in ("", "?q=x"):
        assert admin_client.get(f"/admin/{place}/{query}").status_code == 200


def test_the_administration_is_called_mus(admin_client: Client) -> None:
    response = admin_client.get("/admin/")
    assertContains(response, "/static/web/favicon.")
    assertContains(response, "Administration | mus")


def test_what_a_scan_owns_can_be_neither_added_changed_nor_deleted(
    admin_client: Client,
) -> None:
    track = make_track(title="As it was")
    scan = make_scan()
    genre = make_track(genres=["Jazz"]).track_genres.get().genre
    label = Label.objects.create(key="ecm", name="ECM", sort_key="ecm")
    rows = (track, scan, make_failure(scan=scan), make_album("A"), make_artist("B"), genre, label)
    for row in rows:
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
    for text in ("caf\\xe9/1.flac", "embedded in the file", "2:05", "Björk"):
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
    track = make_track(title="Hyperballad", album=album, genres=["Pop", "Trip Hop"])
    genre = Genre.objects.get(name="Trip Hop")
    make_track(title="So What")
    TrackArtist.objects.create(track=track, artist=artist, role=ArtistRole.ARTIST, position=0)
    for list_url, link in (
        ("/admin/library/album/", f"{TRACKS}?album__id__exact={album.pk}"),
        ("/admin/library/artist/", f"{TRACKS}?contributors__id__exact={artist.pk}"),
        ("/admin/library/genre/", f"{TRACKS}?track_genres__genre__id__exact={genre.pk}"),
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
    assertContains(response, "caf\\xe9/broken.mp3")
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
