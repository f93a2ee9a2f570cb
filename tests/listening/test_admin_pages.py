"""What administrators see and export of people's things, and what a user's deletion takes along."""

import csv
import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import User
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from library.scanning import purge_missing
from listening import exporting
from listening.models import (
    Device,
    Favourite,
    OutboxItem,
    Play,
    Playlist,
    PlaylistEntry,
    PlayQueue,
    Rating,
    ScrobbleAccount,
    Share,
    ShareItem,
)
from tests.listening.own_things import NOON, make_things
from tests.web.library_rows import make_album, make_artist, make_track

pytestmark = pytest.mark.django_db

PAGES = (
    *("favourite", "rating", "play", "playcount", "bookmark", "playlist", "playlistentry"),
    *("device", "playqueue", "scrobbleaccount", "outboxitem", "lostitem", "share", "shareitem"),
)
EXPORTED = tuple(table.model._meta.model_name for table in exporting.TABLES)


@pytest.fixture
def ada() -> User:
    """A user with a row in each table; one of her two tracks is purged."""
    ada = User.objects.create(username="ada")
    tracks = [
        make_track(title="=Hyperballad", artist="Björk"),
        make_track(title="Lost", missing=True),
    ]
    make_things(ada, [track.pk for track in tracks])
    Favourite.objects.create(user=ada, album=make_album("Post"))
    Rating.objects.create(user=ada, artist=make_artist("Björk"), stars=5)
    Device.objects.create(user=ada, key="k", name="Phone")
    PlayQueue.objects.create(user=ada, title="Lost")
    share = Share.objects.create(user=ada, selector="aaaaaaaa", nonce="s3cret-nonce")
    ShareItem.objects.create(share=share, track=tracks[0])
    account = ScrobbleAccount.objects.create(
        user=ada, service="listenbrainz", name="ada", secret="s3cret-token"
    )
    OutboxItem.objects.create(account=account, kind="listen", reason="no such track")
    purge_missing()
    return ada


def body(response: Any) -> str:
    assert isinstance(response, StreamingHttpResponse)

    async def collect() -> bytes:
        return b"".join([chunk async for chunk in response])

    return async_to_sync(collect)().decode()


def export(client: Client, page: str, name: str, model: type[Any]) -> str:
    chosen = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
    data = {"action": name, "_selected_action": chosen, "select_across": "1"}
    return body(client.post(page, data))


@pytest.mark.parametrize("page", PAGES)
def test_each_list_can_be_looked_at_and_searched(
    admin_client: Client, ada: User, page: str
) -> None:
    url = f"/admin/listening/{page}/"
    assert admin_client.get(url).context["cl"].result_count > 0
    found = admin_client.get(f"{url}?q=ada").context["cl"].result_count
    assert found > 0 or page == "lostitem"
    assert admin_client.get(f"{url}?q=nobody").context["cl"].result_count == 0
    first = admin_client.get(url).context["cl"].result_list[0]
    row = admin_client.get(f"{url}{first.pk}/change/")
    assertNotContains(row, "s3cret-token")
    assert admin_client.post(f"{url}{first.pk}/change/", {}).status_code == 403


@pytest.mark.parametrize("page", ["favourite", "play", "playlistentry"])
def test_lists_take_a_fixed_number_of_queries(admin_client: Client, page: str) -> None:
    def queries(name: str, count: int) -> int:
        make_things(User.objects.create(username=name), [make_track().pk for _ in range(count)])
        with CaptureQueriesContext(connection) as captured:
            assertContains(admin_client.get(f"/admin/listening/{page}/"), "Track ")
        return len(captured)

    assert queries("ada", 2) == queries("bob", 20)


def test_lists_say_what_is_lost(admin_client: Client, ada: User) -> None:
    page = admin_client.get("/admin/listening/favourite/")
    for said in ("=Hyperballad", "Lost, not in the library", "Post (album)"):
        assertContains(page, said)


@pytest.mark.usefixtures("ada")
def test_rows_are_exported(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 1)
    page = "/admin/listening/favourite/"
    rows = [*csv.DictReader(export(admin_client, page, "export_csv", Favourite).splitlines())]
    assert [row["title"] for row in rows] == ["'=Hyperballad", "Lost", "Post"]
    assert {row["user"] for row in rows} == {"ada"}
    rows = json.loads(export(admin_client, page, "export_json", Favourite))
    assert [row["title"] for row in rows] == ["=Hyperballad", "Lost", "Post"]
    assert [row["path"].startswith("/music/") for row in rows] == [True, True, False]
    assert rows[0]["favourited_at"] == NOON.isoformat()


def test_everything_of_users_is_exported_without_secrets(
    admin_client: Client, admin_user: User, ada: User
) -> None:
    data = {"action": "export_everything", "_selected_action": [admin_user.pk, ada.pk]}
    text = body(admin_client.post("/admin/auth/user/", data))
    assert "s3cret" not in text
    found = json.loads(text)
    assert not any(found["admin"].values())
    assert all(found["ada"].values())
    assert found["ada"].keys() == {table.name for table in exporting.TABLES}
    assert [play["title"] for play in found["ada"]["plays"]] == ["=Hyperballad", "Lost"]


class TestDeletion:
    def test_it_is_said_what_goes_with_a_user(self, admin_client: Client, ada: User) -> None:
        page = admin_client.get(f"/admin/auth/user/{ada.pk}/delete/")
        for said in ("2 plays", "3 favourites", "1 playlist", "2 playlist entries", "1 device"):
            assertContains(page, said)
        admin_client.post(f"/admin/auth/user/{ada.pk}/delete/", {"post": "yes"})
        assert not any(
            model.objects.exists() for model in (Play, Favourite, Playlist, PlaylistEntry, Device)
        )

    def test_several_are_deleted_alike(self, admin_client: Client, ada: User) -> None:
        data = {"action": "delete_selected", "_selected_action": [ada.pk]}
        assertContains(admin_client.post("/admin/auth/user/", data), "2 plays")
        admin_client.post("/admin/auth/user/", {**data, "post": "yes"})
        assert not User.objects.filter(pk=ada.pk).exists()

    def test_no_rows_are_loaded_for_that(self, admin_client: Client, ada: User) -> None:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(f"/admin/auth/user/{ada.pk}/delete/")
        of_plays = [each["sql"] for each in captured if 'listening_play"' in each["sql"]]
        assert of_plays
        assert all("COUNT" in sql for sql in of_plays)
