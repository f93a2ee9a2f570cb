"""Browsing by folders."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from library.models.catalogue import ArtistRole
from library.models.tombstones import Tombstone
from listening.favourites import change_favourites
from listening.ratings import change_ratings
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.rows import done_at, make_folder, place
from tests.web.library_rows import make_scan, make_track

pytestmark = pytest.mark.django_db


def filled(path: str, root: str = "/music", **fields: Any) -> Any:
    """A folder with one track."""
    folder = make_folder(path, root)
    place(make_track(**fields), folder)
    return make_folder(path, root)


def listed(answer: Any) -> dict[str, list[str]]:
    return {
        each["name"]: [artist["name"] for artist in each["artist"]]
        for each in answer["indexes"]["index"]
    }


def test_music_folders_have_numbers_and_names_of_their_own(rest: Rest, settings: Settings) -> None:
    """ampache#4220: the number is one, also in JSON."""
    settings.MUSIC_DIRS = ("/c/empty",)
    for root in ("/a/music", "/b/music", "/c/empty", "/d/gone"):
        make_folder("", root)
    for root in ("/a/music", "/b/music"):
        filled("A", root)
    found = rest("getMusicFolders")["musicFolders"]["musicFolder"]
    assert [each["name"] for each in found] == ["a/music", "b/music", "c/empty"]
    assert all(isinstance(each["id"], int) for each in found)


def test_top_folders_are_listed_by_letter(rest: Rest, settings: Settings) -> None:
    settings.IGNORED_ARTICLES = ("The",)
    for name in ("The Beatles", "beck", "10 Years", "9 Lives", "Ärzte"):
        filled(f"{name}/Album")
    root = make_folder("")
    place(make_track(title="Loose"), root)
    answer = rest("getIndexes")
    assert listed(answer) == {
        "A": ["Ärzte"],
        "B": ["The Beatles", "beck"],
        "#": ["9 Lives", "10 Years"],
    }
    assert [each["title"] for each in answer["indexes"]["child"]] == ["Loose"]
    assert answer["indexes"]["ignoredArticles"] == "The"


def test_a_library_without_folders_has_its_containers(rest: Rest) -> None:
    """navidrome#4143."""
    assert rest("getMusicFolders")["musicFolders"] == {"musicFolder": []}
    indexes = rest("getIndexes")["indexes"]
    assert (indexes["index"], indexes["child"], indexes["shortcut"]) == ([], [], [])


def test_one_music_folder_alone(rest: Rest) -> None:
    filled("A", "/one")
    filled("B", "/other")
    [one, other] = rest("getMusicFolders")["musicFolders"]["musicFolder"]
    assert listed(rest("getIndexes", musicFolderId=one["id"])) == {"A": ["A"]}
    assert listed(rest("getIndexes", musicFolderId=other["id"])) == {"B": ["B"]}
    found = rest("getMusicDirectory", id=other["id"])["directory"]
    assert [each["title"] for each in found["child"]] == ["B"]


def test_nothing_is_sent_to_a_client_that_has_the_last_change(rest: Rest) -> None:
    filled("A")
    scan = make_scan(revision=3)
    at = round(done_at(scan).timestamp() * 1000)
    assert listed(rest("getIndexes", ifModifiedSince=at - 1)) == {"A": ["A"]}
    answer = rest("getIndexes", ifModifiedSince=at)
    assert listed(answer) == {}
    assert answer["indexes"]["lastModified"] == at


def test_a_directory_has_folders_first_then_songs(rest: Rest, listener: User) -> None:
    for name in ("CD 10", "CD 2", "empty"):
        make_folder(f"Box/{name}")
    for name in ("CD 10", "CD 2"):
        filled(f"Box/{name}")
    box = make_folder("Box")
    for number, path in ((None, "10.mp3"), (None, "2.mp3"), (1, "z.mp3")):
        place(make_track(title=path, path=path, track_number=number), box)
    change_favourites(listener.pk, {"folder": [box.pk]}, {})
    change_ratings(listener.pk, {"folder": {box.pk: 3}}, {})
    found = rest("getMusicDirectory", id=f"fo-{box.pk}")["directory"]
    titles = [(each["title"], each["isDir"]) for each in found["child"]]
    assert titles == [
        *(("CD 2", True), ("CD 10", True)),
        *(("2.mp3", False), ("10.mp3", False), ("z.mp3", False)),
    ]
    assert {each["parent"] for each in found["child"]} == {f"fo-{box.pk}"}
    assert (found["name"], found["parent"]) == ("Box", f"fo-{box.parent_id}")
    assert (found["userRating"], found["averageRating"], "starred" in found) == (3, 3, True)
    above = rest("getMusicDirectory", id=found["parent"])["directory"]
    assert "parent" not in above
    assert [each["title"] for each in above["child"]] == ["Box"]


def test_an_artist_and_an_album_are_directories_as_well(rest: Rest) -> None:
    """aurral#754: an album that was said to be no directory was streamed."""
    artist, album = make_artist("Miles"), make_album("Blue", "Miles")
    track = credit(on_album(album, title="So"), artist, ArtistRole.ALBUM_ARTIST)
    credit(track, artist)
    found = rest("getMusicDirectory", id=f"ar-{artist.pk}")["directory"]
    [child] = found["child"]
    assert (child["id"], child["isDir"], child["title"]) == (f"al-{album.pk}", True, "Blue")
    assert {"name", "songCount", "duration", "created"} <= child.keys()
    below = rest("getMusicDirectory", id=child["id"])["directory"]
    assert [each["id"] for each in below["child"]] == [f"tr-{track.pk}"]
    assert below["parent"] == found["id"]


def test_the_id_of_a_joined_folder_is_answered_by_the_living_one(rest: Rest) -> None:
    folder = filled("A")
    Tombstone.objects.create(kind="folder", row_id=900, revision=1, replaced_by=folder.pk)
    assert rest("getMusicDirectory", id="fo-900")["directory"]["id"] == f"fo-{folder.pk}"


def test_names_may_be_of_any_bytes(rest: Rest) -> None:
    folder = filled("B\udcff")
    answer = rest("getIndexes")
    [name] = listed(answer)["B"]
    assert rest("getMusicDirectory", id=f"fo-{folder.pk}")["directory"]["name"] == name


def test_the_number_of_statements_is_fixed(rest: Rest) -> None:
    counts = []
    for number in (1, 2, 20):
        for each in range(number):
            filled(f"Top/{number} {each}")
            filled(f"{number} {each}")
            place(make_track(), make_folder("Top"))
        top = make_folder("Top")
        rest("getMusicDirectory", id=f"fo-{top.pk}")
        statements = len(rest.statements)
        rest("getIndexes")
        counts.append((statements, len(rest.statements)))
    assert counts[1] == counts[2]
