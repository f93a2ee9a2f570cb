"""The endpoint by which a client keeps a copy of the library."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.revision import Revision, new_epoch
from library.models.scan import Scan
from library.models.tombstones import KEPT, Tombstone
from library.queries.revision import library_revision
from library.scanning import purge_missing
from library.scanning.old_rows import delete_old_rows
from tests.api.library import credit, error, get, make_artist, on_album
from tests.api.library import make_album as album_row
from tests.api.syncing import SyncedCopy, assert_same
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db(transaction=True)
EMPTY: dict[str, Any] = {
    "own": None,
    "folders": [], "artists": [], "albums": [], "tracks": [], "removed": []
}  # fmt: skip


def changed() -> int:
    return Revision.objects.raised()


def add_track(**fields: Any) -> Track:
    return make_track(revision=changed(), **fields)


def lose(*tracks: Track) -> None:
    """The files of these tracks are gone."""
    Track.objects.filter(pk__in=[each.pk for each in tracks]).update(
        missing_since=timezone.now(), revision=changed()
    )


def removed(copy: SyncedCopy) -> list[tuple[str, int, int | None]]:
    return [
        (each["kind"], each["id"], each["replaced_by"])
        for page in copy.pages
        for each in page["removed"]
    ]


@pytest.fixture
def copy(api: Client) -> SyncedCopy:
    Revision.objects.begin()
    return SyncedCopy(api)


def test_an_empty_library_is_whole_and_empty(copy: SyncedCopy) -> None:
    copy.sync()
    token = library_revision()[1]
    assert copy.pages == [{"token": token, "is_whole": True, "cursor": None, **EMPTY}]


def test_the_first_sync_fetches_everything_and_the_next_ones_what_changed(
    copy: SyncedCopy,
) -> None:
    first = add_track()
    copy.sync()
    assert copy.pages[0]["is_whole"]
    second = add_track()
    copy.sync()
    assert not copy.pages[0]["is_whole"]
    assert [row["id"] for row in copy.pages[0]["tracks"]] == [second.pk]
    lose(first)
    copy.sync()
    assert copy.received == 1
    assert removed(copy) == [("track", first.pk, None)]
    assert_same(copy)


def test_what_a_server_of_an_older_version_changed_is_fetched_with_everything(
    copy: SyncedCopy,
) -> None:
    """It does not say of all rows that they changed. Its scans are those without this column."""
    add_track()
    copy.sync()
    ended = {"trigger": "api", "state": "completed", "finished_at": timezone.now()}
    Scan.objects.create(**ended, revision=changed())
    Scan.objects.create(**ended, newest_folder_before=0)
    copy.sync()
    assert copy.pages[0]["is_whole"]
    copy.sync()
    assert not copy.pages[0]["is_whole"]


def test_rows_are_those_of_the_lists(copy: SyncedCopy) -> None:
    root = Folder.objects.create(root="/music", name="music", track_count=1, total_track_count=1)
    album = album_row("Album", "Artist", revision=changed())
    credit(on_album(album, revision=changed(), folder=root), make_artist("Artist"))
    copy.sync()
    assert {kind: len(rows) for kind, rows in copy.rows.items()} == dict.fromkeys(copy.rows, 1)
    assert_same(copy)


def test_nothing_changed_costs_a_few_bytes_and_queries(
    copy: SyncedCopy, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_track()
    copy.sync()
    path = f"/api/v1/sync?own=false&since={copy.token}"
    with django_assert_num_queries(5):  # session, user, the revision twice, what is forgotten
        answer = copy.api.get(path)
    assert answer.json() == {"token": copy.token, "is_whole": False, "cursor": None, **EMPTY}
    assert len(answer.content) < 200
    with django_assert_num_queries(3):
        again = copy.api.get(path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    add_track()
    assert copy.api.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_pages_of_any_length_hold_everything_once(api: Client, limit: int) -> None:
    for number in range(5):
        album = album_row(f"Album {number}", revision=changed())
        credit(on_album(album, revision=changed()), make_artist(f"Artist {number}"))
    copy = SyncedCopy(api, limit)
    copy.sync()
    assert copy.received == 15
    assert_same(copy)
    Track.objects.update(revision=changed())
    Album.objects.update(revision=changed())
    lose(*Track.objects.all()[:2])
    copy.sync()
    assert copy.received == 15
    assert all(sum(len(page[name] or ()) for name in EMPTY) <= limit for page in copy.pages)


def test_changes_between_two_pages_come_with_the_next_sync(api: Client) -> None:
    tracks = [add_track() for _ in range(6)]
    copy = SyncedCopy(api, limit=2)
    copy.sync()
    for each in tracks:
        Track.objects.filter(pk=each.pk).update(revision=changed())
    cursor = copy.first_page()
    assert cursor is not None
    late = add_track()
    for each, title in ((tracks[0], "sent already"), (tracks[5], "not sent yet")):
        Track.objects.filter(pk=each.pk).update(title=title, revision=changed())
    lose(tracks[1], tracks[4])
    while cursor:
        cursor = copy.next_page(cursor)
    assert late.pk not in copy.rows["track"]
    copy.sync()
    assert_same(copy)


def test_a_whole_sync_keeps_rows_that_change_meanwhile(api: Client) -> None:
    """A client that forgets what came on no page must not lose a track that was there always."""
    tracks = [add_track() for _ in range(6)]
    copy = SyncedCopy(api, limit=2)
    cursor = copy.first_page()
    Track.objects.filter(pk=tracks[5].pk).update(title="new", revision=changed())
    while cursor:
        cursor = copy.next_page(cursor)
    assert copy.rows["track"].keys() == {each.pk for each in tracks}
    assert copy.rows["track"][tracks[5].pk]["title"] == "new"


def test_what_is_removed_is_told_with_the_row_that_lives(copy: SyncedCopy) -> None:
    first, second, third, gone = (add_track() for _ in range(4))
    copy.sync()
    old = [first.pk, second.pk]
    join_tracks({first.pk: second.pk})
    join_tracks({old[1]: third.pk})
    lose(gone)
    copy.sync()
    assert sorted(removed(copy)) == sorted(
        [("track", old[0], third.pk), ("track", old[1], third.pk), ("track", gone.pk, None)]
    )
    purge_missing()
    copy.sync()
    assert removed(copy) == [("track", gone.pk, None)]
    assert_same(copy)


def test_albums_artists_and_folders_without_present_tracks_are_removed(copy: SyncedCopy) -> None:
    folder = Folder.objects.create(
        root="/music", path="a", name="a", total_track_count=1, revision=changed()
    )
    album, artist = album_row("Album", revision=changed()), make_artist("Artist")
    track = on_album(album, revision=changed(), folder=folder)
    credit(track, artist)
    copy.sync()
    lose(track)
    number = changed()
    Album.objects.update(track_count=0, revision=number)
    Folder.objects.update(total_track_count=0, revision=number)
    copy.sync()
    gone = {("folder", folder.pk), ("artist", artist.pk), ("album", album.pk), ("track", track.pk)}
    assert {each[:2] for each in removed(copy)} == gone
    assert_same(copy)


def test_an_artist_who_composes_only_is_in_no_list_of_artists(copy: SyncedCopy) -> None:
    track, artist = add_track(), make_artist("Composer")
    credit(track, artist)
    copy.sync()
    assert artist.pk in copy.rows["artist"]
    artist.track_artists.update(role="composer")
    Artist.objects.filter(pk=artist.pk).update(revision=changed())
    copy.sync()
    assert removed(copy) == [("artist", artist.pk, None)]


def test_a_token_of_another_epoch_fetches_everything(copy: SyncedCopy) -> None:
    """As after a restore, which gives the library a new one."""
    track, other = add_track(), add_track()
    copy.sync()
    Revision.objects.update(epoch=new_epoch())
    Track.objects.filter(pk=track.pk).delete()  # the backup did not have it
    copy.sync()
    assert copy.pages[0]["is_whole"]
    assert copy.rows["track"].keys() == {other.pk}


def test_a_token_that_is_too_old_fetches_everything(copy: SyncedCopy) -> None:
    tracks = [add_track() for _ in range(3)]
    copy.sync()
    old, ids = copy.token, [each.pk for each in tracks]
    join_tracks({ids[0]: ids[1]})
    copy.sync()
    newer = copy.token
    Tombstone.objects.update(deleted_at=timezone.now() - KEPT - timedelta(days=1))
    delete_old_rows()
    assert not Tombstone.objects.exists()
    assert Revision.objects.get().forgotten == library_revision()[0]
    copy.token = newer
    copy.sync()
    assert not copy.pages[0]["is_whole"]
    copy.token, copy.rows["track"][ids[0]] = old, {"id": ids[0]}
    copy.sync()
    assert copy.pages[0]["is_whole"]
    assert_same(copy)


def test_deletions_that_are_forgotten_between_two_pages_end_the_sync(api: Client) -> None:
    tracks = [add_track() for _ in range(3)]
    copy = SyncedCopy(api, limit=1)
    copy.sync()
    for each in tracks[1:]:
        Track.objects.filter(pk=each.pk).update(revision=changed())
    join_tracks({tracks[0].pk: tracks[1].pk})
    cursor = copy.first_page()
    Revision.objects.update(forgotten=library_revision()[0])
    error(api.get(f"/api/v1/sync?cursor={cursor}"), 422, "cursor_expired")
    Revision.objects.update(forgotten=0, epoch=new_epoch())
    message = error(api.get(f"/api/v1/sync?cursor={cursor}"), 422, "cursor_expired")
    assert "begin again" in message


def test_a_token_of_the_future_fetches_everything(copy: SyncedCopy) -> None:
    """As after a database file was copied back without a restore."""
    track = add_track()
    epoch = Revision.objects.get().epoch
    body = get(copy.api, f"sync?since={epoch}-{10**17}")
    assert body["is_whole"]
    assert [row["id"] for row in body["tracks"]] == [track.pk]


@pytest.mark.parametrize("since", ["7", "", "a-b", "é-1", "abc-1\0", "x-" + "9" * 30, "-", "a--1"])
def test_a_malformed_token_is_refused(api: Client, since: str) -> None:
    error(api.get("/api/v1/sync", {"since": since}), 422, "invalid")


def test_a_cursor_is_only_taken_as_it_was_given(api: Client) -> None:
    for _ in range(3):
        add_track()
    cursor = get(api, "sync?limit=1")["cursor"]
    user = User.objects.get(username="lee")
    others = [
        *("", "x", "0", "a:b:c", "é", "\0", cursor[:-1], f"{cursor}x", cursor.swapcase()),
        signing.dumps(["", None, 1, 0, [0, 0]], salt="mus.sync.0"),
        signing.dumps(["", None, 1, 0, [0, 0]]),
        signing.dumps({}, salt=f"mus.sync.{user.pk + 1}"),
        "x" * 100_000,
    ]
    for each in others:
        error(api.get("/api/v1/sync", {"cursor": each}), 422, "invalid")
    stranger = Client()
    stranger.force_login(User.objects.create_user("sam"))
    error(stranger.get("/api/v1/sync", {"cursor": cursor}), 422, "invalid")
    error(api.get("/api/v1/sync", {"cursor": cursor, "since": "a-1"}), 422, "invalid")
    assert get(api, f"sync?limit=1&cursor={cursor}")["tracks"]


@pytest.mark.parametrize("limit", ["0", "2001", "-1", "x", ""])
def test_a_limit_has_its_bounds(api: Client, limit: str) -> None:
    error(api.get(f"/api/v1/sync?limit={limit}"), 422, "invalid")


def test_unknown_parameters_and_people_without_login_are_refused(
    api: Client, client: Client
) -> None:
    error(api.get("/api/v1/sync?sinse=a-1"), 422, "invalid")
    error(Client().get("/api/v1/sync"), 401, "not_logged_in")


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    folder = Folder.objects.create(root="/music", name="music", total_track_count=1)
    for number in range(30):
        album = album_row(f"Album {number}", revision=changed())
        credit(on_album(album, revision=changed(), folder=folder), make_artist(f"A{number}"))
        if number in (0, 29):
            with django_assert_num_queries(14):
                get(api, "sync?own=false")
