"""`GET folders`, also by id: what people put where."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from library.models.folders import Folder, MusicFolder
from library.models.revision import Revision
from library.models.tombstones import Tombstone
from library.queries.revision import library_revision
from library.scanning import ScanOptions, purge_missing, scan_library
from tests.api.library import error, get
from tests.audio_files import JPEG, make_audio

LIST_QUERIES = 7
"""Session, user, revision, count, ids, then three for the rows; one less without any folder."""
CONTENT_QUERIES = 12


def scan() -> None:
    scan_library(ScanOptions(workers=0, allow_empty=True))


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


def id_of(path: str) -> int:
    return Folder.objects.get(path=path).pk


def content(api: Client, path: str, query: str = "") -> Any:
    return get(api, f"folders/{id_of(path)}{query}")


@pytest.fixture
def library(music: Path, db: None) -> Path:
    make_audio(music / "Miles" / "CD 10" / "c.mp3", title="Ten")
    make_audio(music / "Miles" / "CD 2" / "02 b.mp3", title="Two")
    make_audio(music / "Miles" / "CD 2" / "01 a.mp3", title="One", cover=JPEG)
    make_audio(music / "Miles" / "z.mp3", title="Z")
    make_audio(music / "äther" / "x.mp3", title="X")
    (music / "Nothing").mkdir()
    scan()
    return music


def test_the_list_has_the_music_folders(api: Client, library: Path) -> None:
    body = get(api, "folders")
    row = {
        "id": id_of(""),
        "name": library.name,
        "path": "",
        "root": str(library),
        "music_folder_id": MusicFolder.objects.get().pk,
        "parent_id": None,
        "folder_count": 2,
        "track_count": 0,
        "total_track_count": 5,
        "cover_id": "",
        "cover_track_id": None,
        "revision": Folder.objects.get(path="").revision,
    }
    assert body == {"count": 1, "revision": library_revision()[0], "results": [row]}


def test_folders_of_a_folder_stand_in_the_order_that_people_count(
    api: Client, library: Path
) -> None:
    assert names(get(api, f"folders?parent={id_of('')}")["results"]) == ["äther", "Miles"]
    rows = get(api, f"folders?parent={id_of('Miles')}")["results"]
    assert names(rows) == ["CD 2", "CD 10"]
    assert [row["track_count"] for row in rows] == [2, 1]


def test_a_folder_shows_its_folders_tracks_and_the_way_up(api: Client, library: Path) -> None:
    body = content(api, "Miles")
    assert body["folder"]["total_track_count"] == 4
    assert body["parents"] == [{"id": id_of(""), "name": library.name}]
    assert names(body["folders"]) == ["CD 2", "CD 10"]
    assert [(row["title"], row["file_name"]) for row in body["tracks"]] == [("Z", "z.mp3")]
    assert body["count"] == 3
    disc = content(api, "Miles/CD 2")
    assert names(disc["parents"]) == [library.name, "Miles"]
    assert [row["file_name"] for row in disc["tracks"]] == ["01 a.mp3", "02 b.mp3"]


def test_pages_have_the_folders_first(api: Client, library: Path) -> None:
    def page(query: str) -> list[str]:
        body = content(api, "Miles", query)
        assert body["count"] == 3
        return names(body["folders"]) + [row["title"] for row in body["tracks"]]

    assert page("?limit=1") == ["CD 2"]
    assert page("?limit=2&offset=1") == ["CD 10", "Z"]
    assert page("?limit=2&offset=2") == ["Z"]
    assert page("?offset=3") == []


def test_the_cover_is_the_folders_own_or_that_of_a_track(api: Client, library: Path) -> None:
    embedded = Track.objects.get(title="One")
    row = content(api, "Miles/CD 2")["folder"]
    assert (row["cover_id"], row["cover_track_id"]) == (embedded.cover_id, embedded.pk)
    (library / "Miles" / "CD 2" / "cover.jpg").write_bytes(b"a picture")
    scan()
    row = content(api, "Miles/CD 2")["folder"]
    shown = Track.objects.get(title="Two")
    assert (row["cover_id"], row["cover_track_id"]) == (shown.cover_id, shown.pk)


def test_queries_do_not_depend_on_the_number_of_rows(
    api: Client, music: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (2, 9):
        for number in range(count):
            make_audio(music / f"{count}" / f"{number}" / "a.mp3", title=f"{count} {number}")
            make_audio(music / f"{count}" / f"{number}.mp3", title=f"{count} own {number}")
        scan()
        pk = id_of(f"{count}")
        with django_assert_num_queries(LIST_QUERIES + 1):
            api.get(f"/api/v1/folders?parent={pk}")
        with django_assert_num_queries(CONTENT_QUERIES):
            api.get(f"/api/v1/folders/{pk}")


def test_304_if_nothing_changed(api: Client, library: Path) -> None:
    for path in ("/api/v1/folders", f"/api/v1/folders/{id_of('Miles')}"):
        tag = api.get(path).headers["ETag"]
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
        Revision.objects.raised()
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_a_folder_that_lost_its_tracks_is_404(api: Client, library: Path) -> None:
    pk = id_of("äther")
    (library / "äther" / "x.mp3").unlink()
    scan()
    assert names(content(api, "")["folders"]) == ["Miles"]
    assert "with tracks that are present" in error(
        api.get(f"/api/v1/folders/{pk}"), 404, "not_found"
    )
    purge_missing()
    for unknown in (pk, 10**9, 2**63 - 1):
        error(api.get(f"/api/v1/folders/{unknown}"), 404, "not_found")
        assert get(api, f"folders?parent={unknown}")["results"] == []


def test_a_folder_is_found_by_the_id_of_one_that_was_joined_with_it(
    api: Client, library: Path
) -> None:
    pk = id_of("Miles")
    Tombstone.objects.bury(Folder, [700], Revision.objects.raised(), {700: pk})
    assert get(api, "folders/700")["folder"]["id"] == pk
    assert names(get(api, "folders?parent=700")["results"]) == ["CD 2", "CD 10"]


def test_an_empty_library(api: Client) -> None:
    body = get(api, "folders")
    assert (body["count"], body["results"]) == (0, [])


def test_names_of_any_bytes_and_roots_of_one_name(
    api: Client, music: Path, settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "another place" / music.name
    settings.MUSIC_DIRS = [music, other]
    make_audio(music / "\udcff" / "\udcfe.mp3", title="A")
    make_audio(other / "<b>" / "b.mp3", title="B")
    scan()
    roots = get(api, "folders")["results"]
    assert {row["root"] for row in roots} == {str(music), str(other)}
    assert len({row["music_folder_id"] for row in roots}) == 2
    (odd,) = Folder.objects.filter(root=str(music)).exclude(path="")
    body = get(api, f"folders/{odd.pk}")
    assert body["folder"]["name"] == "\ufffdff"
    assert body["tracks"][0]["file_name"] == "\ufffdfe.mp3"


def test_who_is_not_logged_in_sees_nothing(client: Client, db: None) -> None:
    for path in ("folders", "folders/1"):
        assert client.get(f"/api/v1/{path}").status_code == 401


@pytest.mark.parametrize("query", ["parent=0", "parent=x", "limit=0", "limit=501", "q=x"])
def test_bad_parameters_are_422(api: Client, query: str) -> None:
    assert api.get(f"/api/v1/folders?{query}").status_code == 422


def test_tracks_stand_in_the_order_that_people_count(
    api: Client, music: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("10 ten", "1 one", "2 two", "B", "a"):
        make_audio(music / "Album" / f"{name}.mp3", title=name)
    scan()

    def found() -> list[str]:
        return [row["title"] for row in content(api, "Album")["tracks"]]

    assert found() == ["1 one", "2 two", "10 ten", "a", "B"]
    monkeypatch.setattr("library.queries.folders.MOST_IN_ORDER", 3)
    assert sorted(found()) == found()


def test_the_tracks_of_a_folder_come_folder_by_folder(api: Client, library: Path) -> None:
    titles = dict(Track.objects.values_list("pk", "title"))
    body = get(api, f"folders/{id_of('Miles')}/track-ids")
    assert [titles[pk] for pk in body["ids"]] == ["Z", "One", "Two", "Ten"]
    assert body["count"] == 4


def test_the_tracks_of_no_folder(api: Client, library: Path) -> None:
    assert api.get("/api/v1/folders/999/track-ids").status_code == 404
