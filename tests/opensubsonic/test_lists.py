"""Lists of albums and songs: which are in them, in which order, in pages of any size."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder, MusicFolder
from library.models.revision import Revision
from listening.favourites import change_favourites
from listening.plays import NewPlay, store_plays
from listening.ratings import change_ratings
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.rows import make_folder, place
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
ALBUMS = (
    ("Coda", "Zero", 1982, "Rock"),
    ("Abbey Road", "The Beatles", 1969, "Rock"),
    ("Blue", "Mitchell", 1971, "Folk"),
    ("Blue", "Zero", 1999, "Jazz"),
    ("Untitled", "Somebody", None, "jazz"),
)


@pytest.fixture
def made() -> list[Album]:
    """Two tracks on each of ALBUMS; the first was added last, and the last is in a folder of
    another root. Of one more album the only track is missing."""
    albums = []
    roots = [make_folder(root="/music"), make_folder(root="/more")]
    for number, (title, artist, year, genre) in enumerate(ALBUMS):
        album = make_album(title, artist, year=year)
        by = Artist.objects.filter(name=artist).first() or make_artist(artist)
        for _ in range(2):
            at = BEGAN - timedelta(days=number)
            names = {"artist": artist, "album_artist": artist, "genre": genre}
            track = on_album(album, year=year, added_at=at, **names)
            place(credit(track, by), roots[number == len(ALBUMS) - 1])
        albums.append(album)
    on_album(make_album("Lost"), missing=True)
    Revision.objects.raised()
    return albums


@pytest.fixture
def on_no_album(made: list[Album]) -> list[Folder]:
    """Two folders whose tracks are on no album, by name. The second is in the other root, and was
    added between the first and the second of the albums."""
    by, folders = make_artist("Nobody"), []
    for path, root, at in (("Demos", "/music", 9), ("Bootlegs", "/more", 0.5)):
        folder = make_folder(path, root)
        track = make_track(artist="Nobody", added_at=BEGAN - timedelta(days=at))
        place(credit(track, by), folder)
        folders.append(folder)
    assert made
    Revision.objects.raised()
    return [*reversed(folders)]


def test_folders_of_files_on_no_album_are_among_the_albums(
    rest: Rest, made: list[Album], on_no_album: list[Folder]
) -> None:
    bootlegs, demos = (f"fo-{each.pk}" for each in on_no_album)
    by_name = [*ids_of(made, 1, 2, 3, 0, 4), bootlegs, demos]
    assert ids_in(rest, "alphabeticalByName") == by_name
    assert ids_in(rest, "alphabeticalByArtist")[5:] == [bootlegs, demos]
    newest = [*ids_of(made, 0), bootlegs, *ids_of(made, 1, 2, 3, 4), demos]
    assert ids_in(rest, "newest") == newest
    assert ids_in(rest, "newest", size=2, offset=1) == newest[1:3]
    assert sorted(ids_in(rest, "random", size=500)) == sorted(by_name)
    pages = [ids_in(rest, "alphabeticalByName", size=2, offset=at) for at in range(0, 9, 2)]
    assert [each for page in pages for each in page] == by_name
    other = MusicFolder.objects.get(root="/more").pk
    assert ids_in(rest, "newest", musicFolderId=other) == [bootlegs, *ids_of(made, 4)]


def test_a_folder_of_files_on_no_album_that_is_starred_is_an_album(
    rest: Rest, made: list[Album], on_no_album: list[Folder]
) -> None:
    bootlegs, _ = (f"fo-{each.pk}" for each in on_no_album)
    rest("star", albumId=ids_of(made, 3)[0])
    rest("star", id=bootlegs)
    rest("star", id=f"fo-{make_folder('Of albums alone').pk}")
    rest("star", albumId=ids_of(made, 0)[0])
    starred = [*ids_of(made, 0), bootlegs, *ids_of(made, 3)]
    assert ids_in(rest, "starred") == starred
    for name, answer in (("getStarred", "starred"), ("getStarred2", "starred2")):
        found = rest(name)[answer]["album"]
        assert [each["id"] for each in found] == starred
        assert all(each["starred"] for each in found)


def ids_in(rest: Rest, kind: str, **wanted: Any) -> list[str]:
    """The ids of a list of albums, which both forms of the endpoint give."""
    new = rest("getAlbumList2", type=kind, **wanted)["albumList2"]["album"]
    old = rest("getAlbumList", type=kind, **wanted)["albumList"]["album"]
    if kind != "random":
        assert [each["id"] for each in old] == [each["id"] for each in new]
    assert all(each["isDir"] and each["title"] == each["name"] for each in old)
    return [each["id"] for each in new]


def ids_of(albums: Sequence[Album], *places: int) -> list[str]:
    return [f"al-{albums[each].pk}" for each in places]


def test_albums_by_what_they_are(rest: Rest, made: list[Album]) -> None:
    lists: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
        "newest": ({}, (0, 1, 2, 3, 4)),
        "alphabeticalByName": ({}, (1, 2, 3, 0, 4)),
        "alphabeticalByArtist": ({}, (1, 2, 4, 0, 3)),
        "byGenre": ({"genre": "JAZZ"}, (3, 4)),
        "byYear": ({"fromYear": 1969, "toYear": 1982}, (1, 2, 0)),
    }
    for kind, (wanted, places) in lists.items():
        assert ids_in(rest, kind, **wanted) == ids_of(made, *places), kind
    descending = ids_in(rest, "byYear", fromYear=1999, toYear=1971)
    assert descending == ids_of(made, 3, 0, 2)
    assert ids_in(rest, "byGenre", genre="Polka") == []
    assert sorted(ids_in(rest, "random", size=500)) == sorted(ids_of(made, 0, 1, 2, 3, 4))


def test_albums_by_what_listeners_made_of_them(
    rest: Rest, made: list[Album], listener: User, administrator: User
) -> None:
    lee, other = listener.pk, administrator.pk
    for kind in ("highest", "frequent", "recent", "starred"):
        assert ids_in(rest, kind) == []
    plays = [(0, 0), (0, 1), (2, 5), (1, 3)]
    store_plays(lee, [_play(made[place], day) for place, day in plays])
    change_ratings(lee, {"album": {made[0].pk: 3, made[1].pk: 5, made[2].pk: 3}}, {})
    change_ratings(other, {"album": {made[0].pk: 1, made[3].pk: 5, made[4].pk: 2}}, {})
    change_favourites(lee, {"album": [made[4].pk]}, {}, BEGAN)
    change_favourites(lee, {"album": [made[1].pk]}, {}, BEGAN + timedelta(days=1))
    assert ids_in(rest, "frequent") == ids_of(made, 0, 2, 1)
    assert ids_in(rest, "recent") == ids_of(made, 2, 1, 0)
    assert ids_in(rest, "highest") == ids_of(made, 1, 2, 0, 3, 4)
    assert ids_in(rest, "highest", size=2, offset=1) == ids_of(made, 2, 0)
    assert ids_in(rest, "starred") == ids_of(made, 1, 4)
    others = Rest(administrator)
    assert ids_in(others, "frequent") == ids_in(others, "starred") == []


def _play(album: Album, day: int) -> NewPlay:
    track = album.tracks.order_by("pk")[0]
    return NewPlay(track_id=track.pk, started_at=BEGAN + timedelta(days=day))


def test_lists_of_one_music_folder(rest: Rest, made: list[Album]) -> None:
    """Ultrasonic 4 sends it to getAlbumList (supysonic#235)."""
    roots = dict(Track.objects.present().values_list("root", "folder__root"))
    assert len(roots) == 2
    second = rest("getAlbumList2", type="newest", musicFolderId=_folder("/more"))
    assert [each["id"] for each in second["albumList2"]["album"]] == ids_of(made, 4)
    assert ids_in(rest, "highest", musicFolderId=_folder("/more")) == []
    assert len(ids_in(rest, "newest", musicFolderId=-1)) == len(ALBUMS)
    songs = rest("getRandomSongs", musicFolderId=_folder("/more"))["randomSongs"]["song"]
    assert {each["albumId"] for each in songs} == {*ids_of(made, 4)}
    assert rest.error("getAlbumList2", type="newest", musicFolderId=99)["code"] == 70


def _folder(root: str) -> int:
    return MusicFolder.objects.get(root=root).pk


def test_pages_hold_the_same_rows_whatever_their_size(rest: Rest, made: list[Album]) -> None:
    """A server whose order was not total gave the same rows twice (oc-music#1131). Clients page
    until a page is empty, so behind the end there is an empty list, which has to be there
    (airsonic-advanced#665, tempus#965)."""
    for kind in ("newest", "alphabeticalByName", "alphabeticalByArtist"):
        whole = ids_in(rest, kind, size=500)
        for size in (1, 2, 3):
            pages = [ids_in(rest, kind, size=size, offset=at) for at in range(0, 6, size)]
            assert [pk for page in pages for pk in page] == whole
    assert rest("getAlbumList2", type="newest", offset=99)["albumList2"] == {"album": []}
    assert rest("getAlbumList", type="newest", size=0)["albumList"] == {"album": []}


def test_sizes_of_pages(rest: Rest, made: list[Album]) -> None:
    for _ in range(10):
        on_album(make_album("More"))
    Revision.objects.raised()
    assert len(ids_in(rest, "newest")) == len(ids_in(rest, "random")) == 10
    assert len(ids_in(rest, "newest", size=100_000)) == 15


def test_refused_lists(rest: Rest) -> None:
    assert rest.error("getAlbumList2")["code"] == 10
    assert rest.error("getAlbumList2", type="best")["code"] == 0
    assert rest.error("getAlbumList2", type="byYear", fromYear=1970)["code"] == 10
    assert rest.error("getAlbumList", type="byYear", toYear=1970)["code"] == 10
    assert rest.error("getAlbumList2", type="byGenre")["code"] == 10
    assert rest.error("getSongsByGenre")["code"] == 10
    assert rest.error("getAlbumList2", type="newest", size="many")["code"] == 0


def test_random_songs(rest: Rest, made: list[Album]) -> None:
    def found(**wanted: Any) -> list[Any]:
        songs: list[Any] = rest("getRandomSongs", **wanted)["randomSongs"]["song"]
        ids = [each["id"] for each in songs]
        assert len(ids) == len({*ids})
        assert all(each["isDir"] is False for each in songs)
        return songs

    assert len(found()) == len(found(size=500)) == 10
    assert len(found(size=3)) == 3
    orders = {tuple(each["id"] for each in found(size=10)) for _ in range(4)}
    assert len(orders) > 1
    assert {each["genre"] for each in found(genre="jazz")} == {"Jazz", "jazz"}
    assert {each["year"] for each in found(fromYear=1971, toYear=1982)} == {1971, 1982}
    assert {each["year"] for each in found(fromYear=1999)} == {1999}
    assert {each["year"] for each in found(toYear=1969)} == {1969}
    assert found(genre="Polka") == []


def test_songs_by_genre(rest: Rest, made: list[Album]) -> None:
    def found(**wanted: Any) -> list[str]:
        songs = rest("getSongsByGenre", **wanted)["songsByGenre"]["song"]
        return [each["id"] for each in songs]

    whole = found(genre="Rock", count=500)
    assert len(whole) == 4
    assert [found(genre="rock", count=3, offset=at) for at in (0, 3, 6)] == [
        whole[:3],
        whole[3:],
        [],
    ]
    assert found(genre="Polka") == []


def test_favourites(rest: Rest, made: list[Album], listener: User) -> None:
    """All of them at once, the newest first, each kind in a list that is there if it is empty."""
    nothing: dict[str, list[Any]] = {"artist": [], "album": [], "song": []}
    assert rest("getStarred2")["starred2"] == rest("getStarred")["starred"] == nothing
    artists = [*Artist.objects.order_by("pk")[:2]]
    tracks = [*Track.objects.present().order_by("pk")]
    for number in range(2):
        ids = {
            "artist": [artists[number].pk],
            "album": [made[number].pk],
            "track": [tracks[number].pk],
        }
        change_favourites(listener.pk, ids, {}, BEGAN + timedelta(days=number))
    lost = Track.objects.missing().get()
    change_favourites(listener.pk, {"track": [lost.pk]}, {})
    for endpoint, name in (("getStarred2", "starred2"), ("getStarred", "starred")):
        found = rest(endpoint)[name]
        assert [each["id"] for each in found["album"]] == ids_of(made, 1, 0)
        assert [each["id"] for each in found["artist"]] == [
            f"ar-{artists[1].pk}",
            f"ar-{artists[0].pk}",
        ]
        assert [each["id"] for each in found["song"]] == [
            f"tr-{tracks[1].pk}",
            f"tr-{tracks[0].pk}",
        ]
        for kind in nothing:
            starred = [each["starred"] for each in found[kind]]
            assert all(later > earlier for later, earlier in pairwise(starred))
            assert starred[0].endswith("Z")
    elsewhere = rest("getStarred2", musicFolderId=_folder("/more"))["starred2"]
    assert elsewhere == nothing


def test_what_clients_need_of_albums_and_songs(rest: Rest, made: list[Album]) -> None:
    """AlbumID3 without `created` or `duration` stopped octo#35 and AudioMuse#23, numbers as ids
    sublime-music#265 and feishin#773."""
    for kind in ("newest", "random"):
        for album in rest("getAlbumList2", type=kind)["albumList2"]["album"]:
            needed = ("id", "name", "artist", "songCount", "duration", "created")
            assert all(name in album for name in needed)
            assert isinstance(album["id"], str)
    for album in rest("getAlbumList", type="newest")["albumList"]["album"]:
        assert album["isDir"] is True
        assert {"title", "name", "songCount", "duration", "created"} <= album.keys()


@pytest.mark.parametrize("size", [2, 5])
def test_the_number_of_statements_is_fixed(rest: Rest, made: list[Album], size: int) -> None:
    statements: dict[str, int] = {}
    for kind in ("newest", "alphabeticalByName", "random", "highest", "frequent", "starred"):
        for _ in range(2):  # what is kept of a list is asked once
            rest("getAlbumList2", type=kind, size=size)
        statements[kind] = len(rest.statements)
    assert max(statements.values()) <= 14, statements
