"""`manage.py import_listening navidrome`: from a database of Navidrome."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import models

from library.models.catalogue import Track
from library.models.folding import identity_key
from listening.lost import found_again
from listening.models import (
    Bookmark,
    Favourite,
    LostItem,
    LostKind,
    Play,
    PlayCount,
    Playlist,
    PlaylistEntry,
    Rating,
    RemovedItem,
    Sharing,
)
from tests.listening.moving_in.navidrome_database import NavidromeDatabase
from tests.web.library_rows import make_album, make_artist, make_track, unsaved_track

pytestmark = pytest.mark.django_db

TIME = "2025-03-04 05:06:07.123456789+01:00"
TRACKS = 2_000


@pytest.fixture
def ada() -> User:
    return User.objects.create(username="ada")


@pytest.fixture
def navidrome(tmp_path: Path) -> NavidromeDatabase:
    database = NavidromeDatabase(tmp_path / "navidrome.db")
    database.add_user("ada")
    return database


def bring_in(database: NavidromeDatabase, *options: str) -> str:
    said = StringIO()
    call_command("import_listening", "navidrome", str(database.path), *options, stdout=said)
    return said.getvalue()


def media_file(number: int, **values: Any) -> dict[str, Any]:
    album = number // 10
    return {
        "id": f"track {number}",
        "path": f"Artist {album % 50}/Album {album}/{number % 10:02} Song {number}.flac",
        "title": f"Song {number}" if number % 10 else "Intro",
        "album": f"Album {album}",
        "artist": f"Artist {album % 50}",
        "album_artist": f"Artist {album % 50}",
        "album_id": f"album {album}",
        "duration": 120 + number % 7 + (number % 10) * 20.0,
        "mbz_recording_id": f"recording {number}" if number % 4 == 1 else "",
        **values,
    }


def track_of(row: dict[str, Any], **values: Any) -> Track:
    """The same track as mus knows it."""
    return unsaved_track(
        **{
            "root": "/here",
            "path": row["path"],
            "title": row["title"],
            "artist": row["artist"],
            "album_title": row["album"],
            "duration_s": row["duration"] + 0.02,
            "musicbrainz_recording_id": row["mbz_recording_id"],
            **values,
        }
    )


def annotation(item_id: str, kind: str = "media_file", **values: Any) -> dict[str, Any]:
    return {"user_id": "id of ada", "item_id": item_id, "item_type": kind, **values}


def changed_since(number: int, row: dict[str, Any]) -> dict[str, Any]:
    """What became of every tenth track since Navidrome read it."""
    new_path = f"New folder {number}/renamed {number}.mp3"
    changes: list[dict[str, Any]] = [
        {"path": new_path},
        {"title": f"{row['title']} (Remastered)"},
        {"path": new_path, "album_title": f"{row['album']} (Deluxe Edition)"},
        {"artist": "Somebody else", "album_title": "Best of", "title": "Retagged"},
        # The path has another song now, and the old one is gone.
        {"title": "Quite another", "duration_s": 999.0, "musicbrainz_recording_id": ""},
        {"path": new_path, "title": "Retagged and moved"},
    ]
    return changes[number // 10 % 6]


def test_of_two_thousand_tracks_of_which_a_tenth_changed_none_is_matched_wrongly(
    navidrome: NavidromeDatabase, ada: User
) -> None:
    rows = [media_file(number) for number in range(TRACKS)]
    tracks, gone, untold = [], set(), set()
    for number, row in enumerate(rows):
        changes = changed_since(number, row) if number % 10 == 3 else {}
        tracks.append(track_of(row, **changes))
        if changes.get("title") == "Quite another":
            gone.add(number)
        if changes.get("title") == "Retagged and moved" and not row["mbz_recording_id"]:
            untold.add(number)
    for number in range(5, TRACKS, 200):  # two files that were exchanged
        one, other = tracks[number], tracks[number + 1]
        one.path, other.path = other.path, one.path
    Track.objects.bulk_create(tracks)
    navidrome.add("media_file", rows)
    navidrome.add(
        "annotation", [annotation(row["id"], play_count=n + 1) for n, row in enumerate(rows)]
    )
    said = bring_in(navidrome)
    counts = dict(PlayCount.objects.filter(track__isnull=False).values_list("count", "track"))
    ids = [track.pk for track in tracks]
    wrongly = [n for n in range(TRACKS) if counts.get(n + 1, ids[n]) != ids[n]]
    assert wrongly == []
    assert not {*counts} & {number + 1 for number in gone}
    assert said.startswith(f"{len(counts):,} of 2,000 tracks were found:")
    assert len(counts) == TRACKS - len(gone) - len(untold)
    assert PlayCount.objects.count() == TRACKS
    before = rows_now()
    assert "ada: nothing new." in bring_in(navidrome)
    assert rows_now() == before


def rows_now() -> list[Any]:
    made = (Favourite, Rating, PlayCount, Play, Bookmark, Playlist, PlaylistEntry, LostItem)
    return [row for model in made for row in models.QuerySet(model).order_by("pk").values()]


@pytest.fixture
def made(navidrome: NavidromeDatabase, ada: User) -> dict[str, Track]:
    """Something of everything; the second of three tracks is not in the library."""
    rows = [media_file(number) for number in (1, 2, 3)]
    album, artist = make_album("Album 0"), make_artist("Artist 0")
    type(artist).objects.update(key=identity_key("Artist 0"))
    there = [track_of(row, album=album) for row in rows if row["id"] != "track 2"]
    for track in there:
        track.save()
    navidrome.add("media_file", rows)
    navidrome.add("album", [{"id": "album 0", "name": "Album 0", "album_artist": "Artist 0"}])
    navidrome.add("artist", [{"id": "a0", "name": "Artist 0"}, {"id": "a1", "name": "Nobody"}])
    add_opinions(navidrome)
    add_playlists(navidrome)
    scrobble = {"media_file_id": "track 3", "user_id": "id of ada"}
    navidrome.add(
        "scrobbles", [{**scrobble, "submission_time": at} for at in (1_700_000_000, 1_700_001_000)]
    )
    return {"one": there[0], "three": there[1]}


def add_opinions(navidrome: NavidromeDatabase) -> None:
    """Favourites, ratings, plays and a bookmark."""
    starred: dict[str, Any] = {"starred": True, "starred_at": TIME}
    navidrome.add(
        "annotation",
        [
            annotation("track 1", rating=4, play_count=7, play_date=TIME, **starred),
            annotation("track 2", **starred),
            annotation("track 3", play_count=1, play_date=TIME, rated_at=TIME, rating=0),
            annotation("album 0", "album", **starred),
            annotation("a0", "artist", rating=5, **starred),
            annotation("a1", "artist", **starred),
            annotation("p", "playlist", **starred),
        ],
    )
    navidrome.add(
        "bookmark",
        [
            {"user_id": "id of ada", "item_id": "track 3", "item_type": "media_file",
             "comment": "here", "position": 61_500, "created_at": TIME, "updated_at": TIME},
        ],
    )  # fmt: skip


def add_playlists(navidrome: NavidromeDatabase) -> None:
    navidrome.add(
        "playlist",
        [
            {"id": "p", "name": "Mine", "comment": "c", "public": True, "owner_id": "id of ada"},
            {"id": "q", "name": "Mine", "owner_id": "id of ada"},
        ],
    )
    order = ("track 3", "track 2", "track 1", "track 3")
    navidrome.add(
        "playlist_tracks",
        [{"id": n + 1, "playlist_id": "p", "media_file_id": each} for n, each in enumerate(order)],
    )


def test_everything_comes(navidrome: NavidromeDatabase, made: dict[str, Track]) -> None:
    said = bring_in(navidrome)
    assert "2 of 3 tracks were found:" in said
    assert "2 were not found; what belongs to them waits until they come:" in said
    assert (
        "ada: 5 favourites, 2 ratings, 2 plays, 2 play counts, 1 bookmarks, 2 playlists new."
        in said
    )
    one, three = made["one"], made["three"]
    favourite = Favourite.objects.get(track=one)
    assert favourite.favourited_at.isoformat() == "2025-03-04T04:06:07.123456+00:00"
    assert Favourite.objects.filter(album__title="Album 0").exists()
    assert Favourite.objects.filter(artist__name="Artist 0").exists()
    lost = Favourite.objects.filter(lost__isnull=False).values_list("lost__title", flat=True)
    assert {*lost} == {"Song 2", "Nobody"}
    assert Rating.objects.get(track=one).stars == 4
    assert Rating.objects.get(artist__name="Artist 0").stars == 5
    counts = PlayCount.objects.values_list("track", "count")
    assert dict(counts) == {one.pk: 7, three.pk: 2}
    assert Play.objects.filter(track=three, client="Navidrome").count() == 2
    bookmark = Bookmark.objects.get()
    assert (bookmark.track, bookmark.position_s, bookmark.comment) == (three, 61.5, "here")
    playlist = Playlist.objects.get(sharing=Sharing.READ)
    entries = PlaylistEntry.objects.filter(playlist=playlist).values_list("track", "lost__title")
    assert [*entries] == [(three.pk, None), (None, "Song 2"), (one.pk, None), (three.pk, None)]
    assert playlist.entry_count == 4


def test_twice_changes_nothing_and_a_dry_run_neither(
    navidrome: NavidromeDatabase, made: dict[str, Track]
) -> None:
    said = bring_in(navidrome, "--dry-run")
    assert "nothing was changed" in said
    assert "5 favourites" in said
    assert rows_now() == []
    bring_in(navidrome)
    before = rows_now()
    assert "ada: nothing new." in bring_in(navidrome)
    assert rows_now() == before


def test_what_was_not_found_finds_its_track_when_that_comes(
    navidrome: NavidromeDatabase, made: dict[str, Track]
) -> None:
    bring_in(navidrome)
    track = track_of(media_file(2), path="Else/where.mp3")
    track.save()
    assert [pk for _, pk in found_again(LostKind.TRACK, [track.pk])] == [track.pk]
    assert "1 tracks were found that an earlier import had not found" in bring_in(navidrome)
    assert Favourite.objects.filter(track=track).exists()
    assert PlaylistEntry.objects.filter(track=track).exists()
    assert not LostItem.objects.filter(kind=LostKind.TRACK).exists()


def test_what_a_user_has_here_stays_as_it_is(
    navidrome: NavidromeDatabase, made: dict[str, Track], ada: User
) -> None:
    Rating.objects.create(user=ada, track=made["one"], stars=1)
    PlayCount.objects.create(user=ada, track=made["one"], count=9)
    Playlist.objects.create(user=ada, name="Mine")
    bring_in(navidrome)
    assert Rating.objects.get(track=made["one"]).stars == 1
    assert PlayCount.objects.get(track=made["one"]).count == 9
    assert Playlist.objects.filter(name="Mine").count() == 2


def test_users_are_those_of_the_same_name_or_of_the_one_that_is_said(
    navidrome: NavidromeDatabase, made: dict[str, Track]
) -> None:
    User.objects.create(username="bob")
    User.objects.filter(username="ada").delete()
    assert "No user here is called ada" in bring_in(navidrome)
    assert rows_now() == []
    assert "bob: 5 favourites" in bring_in(navidrome, "--user", "ada=Bob")
    for wrong in ("ada=eve", "eve=bob"):
        with pytest.raises(CommandError, match="eve"):
            bring_in(navidrome, "--user", wrong)


def test_an_older_schema_can_be_read(navidrome: NavidromeDatabase, made: dict[str, Track]) -> None:
    for sql in (
        "DROP TABLE scrobbles",
        "DROP TABLE bookmark",
        "ALTER TABLE annotation DROP COLUMN rated_at",
        "ALTER TABLE media_file RENAME COLUMN mbz_recording_id TO mbz_track_id",
        "ALTER TABLE media_file DROP COLUMN library_id",
        "UPDATE media_file SET path = '/there/music/' || path",
    ):
        navidrome.execute(sql)
    assert "2 of 3 tracks were found:\n         2  by path" in bring_in(navidrome)


def test_what_is_no_database_of_navidrome_is_refused(tmp_path: Path) -> None:
    for name, text in (("none", None), ("text", "not a database"), ("empty", "")):
        path = tmp_path / name
        if text is not None:
            path.write_text(text)
        with pytest.raises(CommandError):
            call_command("import_listening", "navidrome", str(path))
    make_track()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE annotation SET rating = 'many'",
        "UPDATE annotation SET rating = 9e999",
        "UPDATE annotation SET play_count = x'ff'",
        "UPDATE media_file SET duration = 'long'",
        "UPDATE media_file SET path = x'ff00'",
        "UPDATE media_file SET title = CAST(x'ff' AS TEXT)",
        "ALTER TABLE annotation RENAME COLUMN starred TO is_starred",
    ],
)
def test_a_database_with_other_values_than_navidrome_writes_is_refused(
    navidrome: NavidromeDatabase, ada: User, statement: str
) -> None:
    navidrome.add("media_file", [media_file(1)])
    navidrome.add("annotation", [annotation("track 1", rating=3, starred=True)])
    navidrome.execute(statement)
    with pytest.raises(CommandError, match="cannot be read"):
        bring_in(navidrome)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("count", [2**31, 2**62])
def test_counts_that_no_column_takes_are_the_highest_that_it_takes(
    navidrome: NavidromeDatabase, ada: User, count: int
) -> None:
    navidrome.add("media_file", [media_file(1)])
    navidrome.add("annotation", [annotation("track 1", play_count=count, play_date=TIME)])
    bring_in(navidrome)
    assert PlayCount.objects.get().count == 2**31 - 1


def test_clients_are_not_told_any_more_that_what_comes_was_removed(
    navidrome: NavidromeDatabase, made: dict[str, Track], ada: User
) -> None:
    one, other = made["one"].pk, 10**6
    for what in ("favourite", "rating", "bookmark"):
        for pk in (one, made["three"].pk, other):
            RemovedItem.objects.create(user=ada, what=what, kind="track", item_id=pk, number=1)
    bring_in(navidrome)
    left = RemovedItem.objects.exclude(item_id=other).values_list("what", "item_id")
    assert {*left} == {
        ("favourite", made["three"].pk),
        ("rating", made["three"].pk),
        ("bookmark", one),
    }
