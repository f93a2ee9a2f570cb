"""The admin's pages of tracks that scans joined."""

import shutil
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from library.models.catalogue import Track
from library.models.joins import Join
from library.models.scan import Scan, ScanTrigger
from listening.models import PlayerState
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.conftest import scan

__all__ = ["scan"]

JOINS = "/admin/library/join/"
SCANS = "/admin/library/scan/"


@pytest.fixture
def join(music: Path, scan: ScanCall) -> Join:
    make_audio(music / "other.mp3", title="Other")
    make_audio(music / "in" / "a.flac", title="Army of Me", artist="<b>Björk</b>")
    scan()
    (music / "out").mkdir()
    shutil.copy2(music / "in" / "a.flac", music / "out" / "b.flac")
    retag(music / "out" / "b.flac", title="Army of Me, again")
    scan()
    user = User.objects.create(username="ada")
    PlayerState.objects.create(user=user, current_track=Track.objects.get(path="out/b.flac"))
    (music / "in" / "a.flac").unlink()
    assert scan().counts.joined == 1
    return Join.objects.get()


def test_the_page_of_the_scan_lists_what_was_joined_with_what_and_why(
    admin_client: Client, music: Path, join: Join
) -> None:
    page = admin_client.get(f"{SCANS}{join.scan_id}/change/")
    assertContains(page, "Army of Me \N{EN DASH} &lt;b&gt;Björk&lt;/b&gt;</a>")
    assertContains(page, f"{music}/in/a.flac, which is gone, lives on with {music}/out/b.flac")
    assertContains(page, "(Army of Me, again \N{EN DASH} &lt;b&gt;Björk&lt;/b&gt;)")
    assertContains(page, "because one was copied less than a day before the other was deleted.")
    assertContains(page, f'href="{JOINS}{join.pk}/part/">Part…</a>')
    assertContains(admin_client.get(SCANS), "1 joined")
    first = Scan.objects.earliest("pk")
    assertNotContains(admin_client.get(f"{SCANS}{first.pk}/change/"), "Part…")


def test_there_is_a_list_of_all_joins(admin_client: Client, music: Path, join: Join) -> None:
    page = admin_client.get(JOINS)
    assertContains(page, f"{music}/in/a.flac")
    assertContains(page, f"{music}/out/b.flac")
    assertContains(page, "one track")
    assertContains(admin_client.get(f"{JOINS}?q=Army"), "1 join")
    assertContains(admin_client.get(f"{JOINS}?q=nothing"), "0 joins")
    assertContains(admin_client.get(f"{JOINS}?scan__id__exact={join.scan_id}"), "1 join")
    page = admin_client.get(f"{JOINS}{join.pk}/change/")
    assertContains(page, f'href="{JOINS}{join.pk}/part/">Part…</a>')
    assertContains(page, f"/admin/library/track/{join.track_id}/change/")


def test_before_they_are_parted_the_page_says_what_will_happen(
    admin_client: Client, music: Path, join: Join
) -> None:
    page = admin_client.get(f"{JOINS}{join.pk}/part/")
    assertContains(page, f"Track {join.replaced_id} is there again, as Army of Me, again")
    assertContains(page, f"Track {join.track_id} is missing: its file was {music}/in/a.flac.")
    assertContains(page, f"Track {join.replaced_id} is again the current track of 1 player.")
    assertContains(page, "csrfmiddlewaretoken")
    assert Join.objects.live().exists()


def test_they_are_parted_by_the_button(admin_client: Client, join: Join) -> None:
    done = admin_client.post(f"{JOINS}{join.pk}/part/", follow=True)
    assertRedirects(done, f"{SCANS}{join.scan_id}/change/")
    assertContains(done, f"Tracks {join.replaced_id} and {join.track_id} are two again.")
    assertContains(done, "by a person")
    assertNotContains(done, "Part…")
    again = admin_client.get(f"{JOINS}{join.pk}/part/")
    assertContains(again, "They cannot be parted. These tracks are not joined any more: somebody")
    assertContains(
        admin_client.post(f"{JOINS}{join.pk}/part/", follow=True), "somebody has parted them"
    )


def test_a_scan_that_runs_is_in_the_way(admin_client: Client, join: Join) -> None:
    running = Scan.objects.create(trigger=ScanTrigger.API, host_name="elsewhere")
    done = admin_client.post(f"{JOINS}{join.pk}/part/", follow=True)
    assertContains(done, f"Another scan runs: number {running.pk}")
    assertContains(done, "The tracks were not parted; try again later.")


def test_listeners_and_forged_requests_part_nothing(
    client: Client, join: Join, admin_user: User
) -> None:
    url = f"{JOINS}{join.pk}/part/"
    client.force_login(User.objects.create_user("lee"))
    assert client.post(url).status_code in {302, 403}
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(admin_user)
    assert forged.post(url).status_code == 403
    assert Join.objects.live().exists()


def test_there_is_no_page_of_a_join_that_is_not_there(admin_client: Client, join: Join) -> None:
    assert admin_client.get(f"{JOINS}{join.pk + 1}/part/").status_code == 404
    assert admin_client.put(f"{JOINS}{join.pk}/part/").status_code == 405
