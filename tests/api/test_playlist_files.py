"""Playlists come in and go out as files."""

import json
from os.path import normpath
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from listening.lost import Facts, lost_of_each
from listening.models import LostItem, Playlist, PlaylistEntry, SourceState
from listening.playlist_files.exporting import FileFormat, Paths, export_playlist
from listening.playlist_files.importing import import_playlist
from listening.playlists.contents import targets_of
from listening.playlists.editing import make
from tests.api.library import error
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/playlists"
FORMATS = [each for each in FileFormat if each is not FileFormat.NSP]
"""Those of lists of tracks."""


@pytest.fixture(autouse=True)
def roots(settings: Settings) -> None:
    settings.MUSIC_DIRS = (Path("/srv/music"),)


def track(path: str, title: str = "", **fields: Any) -> int:
    values = {"root": "/srv/music", "path": path, "duration_s": 200, **fields}
    return make_track(title=title or path.rpartition("/")[2], **values).pk


def send(client: Client, content: str | bytes, query: str = "") -> Any:
    return client.post(f"{ROOT}/import{query}", content, content_type="application/octet-stream")


def export(client: Client, playlist_id: int, name: str = "m3u8", query: str = "") -> Any:
    return client.get(f"{ROOT}/{playlist_id}/export.{name}{query}")


def test_an_imported_file_is_a_playlist_and_what_was_not_found_is_told(api: Client) -> None:
    first, third = track("A/1.mp3"), track("A/3.mp3")
    content = "#EXTM3U\n#PLAYLIST:Mine\nA/1.mp3\n#EXTINF:9,X - Lost\nA/2.mp3\nA/3.mp3\nA/1.mp3\n"
    response = send(api, content)
    assert response.status_code == 201, response.content
    body = response.json()
    assert body["playlist"]["name"] == "Mine"
    assert body["playlist"]["entry_count"] == 4
    assert (body["found"], body["not_found_count"]) == (3, 1)
    assert body["not_found"] == [{"position": 2, "title": "Lost", "artist": "X", "path": "A/2.mp3"}]
    entries = api.get(f"{ROOT}/{body['playlist']['id']}/entries").json()["results"]
    ids = [each["track"] and each["track"]["id"] for each in entries]
    assert ids == [first, None, third, first]
    assert entries[1]["lost"]["title"] == "Lost"


@pytest.mark.parametrize(
    "content",
    [
        "[playlist]\nFile1=A/1.mp3\nTitle2=Queen - Song\nNumberOfEntries=2\n",
        'Track Name,Artist Name(s)\nOne,Nobody\nSong,"Queen, David Bowie"\n',
        "Name\tArtist\nOne\tNobody\nSong\tQueen\n",
    ],
)
def test_playlists_of_other_programs_find_their_tracks(api: Client, content: str) -> None:
    ids = [track("A/1.mp3", "One", artist="Nobody"), track("B.mp3", "Song", artist="Queen")]
    body = send(api, content).json()
    assert (body["found"], body["not_found"]) == (2, [])
    entries = api.get(f"{ROOT}/{body['playlist']['id']}/entries").json()["results"]
    assert [each["track"]["id"] for each in entries] == ids


def test_the_name_is_asked_for_or_in_the_file_or_says_what_it_is(api: Client) -> None:
    for query, content, name in [
        ("?name=Chosen", "#PLAYLIST:Other\n", "Chosen"),
        ("?name=%20", "#PLAYLIST:Other\n", "Other"),
        ("", "", "Imported playlist"),
    ]:
        assert send(api, content, query).json()["playlist"]["name"] == name


def test_importing_twice_makes_no_lost_item_twice(api: Client) -> None:
    content = "#EXTINF:9,X - Lost\nA/2.mp3\n#EXTINF:9,X - Lost\nA/2.mp3\n"
    send(api, content)
    send(api, content)
    assert LostItem.objects.count() == 1
    assert PlaylistEntry.objects.count() == 4


def test_what_cannot_be_imported_says_why(api: Client) -> None:
    for content, reason in [
        (b"<html/>", "not a playlist"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><playlist/>', "entities"),
        (b"\0" * 50, "not a text"),
        (b"\0\x01garbage", "not a text"),
        (b"x\n" * 100_001, "100,000 entries"),
    ]:
        assert reason in error(send(api, content), 422, "bad_playlist_file")
    assert not Playlist.objects.exists()
    error(send(api, "", "?name=%00"), 422, "invalid")
    error(send(Client(), ""), 401, "not_logged_in")


def test_a_large_body_is_taken(api: Client) -> None:
    assert send(api, "#" * 60_000 + "\n" + ("\n" * 4_000_000)).status_code == 201


@pytest.mark.parametrize("file_format", FORMATS)
def test_the_file_is_sent_under_the_name_of_the_playlist(
    api: Client, listener: User, file_format: str
) -> None:
    names = {
        "Häppy": "filename*=utf-8''H%C3%A4ppy.",
        'a/b\\c"d\r\nSet-Cookie: x': "a_b_c_d__Set-Cookie_ x.",
        "..": "playlist.",
        "🎵" * 300: "filename*=utf-8''%F0",
    }
    for name, expected in names.items():
        response = export(api, make(listener.pk, {"name": name}), file_format)
        assert response.status_code == 200
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert expected in disposition
        assert "\n" not in disposition


def test_an_exported_m3u8(api: Client, listener: User) -> None:
    first = track("A/#1 é.mp3", "Song", artist="X", album_title="Album", duration_s=61.4)
    second = track("#2\n.mp3", "B - C", artist="A - B")
    (lost,) = lost_of_each([Facts(title="Gone", artist="Y", path="D:/Music/gone.mp3")])
    playlist_id = make(listener.pk, {"name": "My\nlist"}, [first, -lost.pk, second])
    response = export(api, playlist_id)
    assert response.headers["Content-Type"] == "audio/x-mpegurl; charset=utf-8"
    assert response.content.decode() == (
        "#EXTM3U\n#EXTENC:UTF-8\n#PLAYLIST:My list\n"
        "#EXTINF:61,X - Song\n#EXTALB:Album\nA/#1 é.mp3\n"
        "#EXTINF:-1,Y - Gone\nD:/Music/gone.mp3\n"
        "#EXTINF:200,A - B - B - C\n#EXTART:A - B\n./%232%0A.mp3\n"
    )
    without = export(api, playlist_id, query="?paths=none").content.decode()
    assert ".mp3" not in without
    assert "#EXTINF:-1,Y - Gone\n" in without


def test_only_administrators_see_where_files_are(
    api: Client, staff: Client, listener: User
) -> None:
    (lost,) = lost_of_each([Facts(title="Gone", path="/srv/music/gone.mp3")])
    targets = [track("A/1.mp3"), -lost.pk]
    playlist_id = make(listener.pk, {"name": "x", "sharing": "read"}, targets)
    error(export(api, playlist_id, query="?paths=absolute"), 403, "not_staff")
    for file_format in FORMATS:
        assert b"/srv" not in export(api, playlist_id, file_format).content
    absolute = export(staff, playlist_id, query="?paths=absolute").content.decode()
    assert "\n/srv/music/A/1.mp3\n" in absolute
    assert "\n/srv/music/gone.mp3\n" in absolute


def test_several_music_folders_are_told_apart(
    api: Client, listener: User, settings: Settings
) -> None:
    settings.MUSIC_DIRS = (Path("/a/Music"), Path("/b/Music"))
    same = [track("X/1.mp3", "One", root=root) for root in ("/a/Music", "/b/Music")]
    playlist_id = make(listener.pk, {"name": "x"}, same)
    content = export(api, playlist_id).content.decode()
    assert "\na/Music/X/1.mp3\n" in content
    imported = send(api, content).json()["playlist"]["id"]
    assert targets_of(Playlist.objects.get(pk=imported)) == same


def test_other_formats_and_playlists_are_not_there(api: Client, staff: Client) -> None:
    owner = User.objects.get(username="stella").pk
    private = make(owner, {"name": "x"})
    error(export(api, private), 404, "not_found")
    error(export(api, 10**9), 404, "not_found")
    assert export(staff, private, "pls").status_code == 422
    error(export(staff, private, query="?paths=all"), 422, "invalid")


def test_jspf_is_json_and_xspf_takes_any_text(api: Client, listener: User) -> None:
    ids = [track("A/1 & <2>.mp3", "A & <B> \x01 ]]>", artist='"Q"', musicbrainz_recording_id="r")]
    playlist_id = make(listener.pk, {"name": "<&>", "description": "\x02 & more"}, ids)
    playlist = json.loads(export(api, playlist_id, "jspf").content)["playlist"]
    assert playlist["title"] == "<&>"
    assert playlist["track"][0]["title"] == "A & <B> \x01 ]]>"
    imported = send(api, export(api, playlist_id, "xspf").content).json()
    assert imported["playlist"]["name"] == "<&>"
    assert imported["found"] == 1


def test_a_playlist_that_follows_a_file_is_made_ones_own(
    api: Client, staff: Client, listener: User
) -> None:
    values = {"name": "x", "sharing": "read", "source_key": "k", "source_path": "x.m3u"}
    playlist_id = make(listener.pk, {**values, "source_state": SourceState.FOLLOWS})
    assert api.get(f"{ROOT}/{playlist_id}").json()["source"] == "x.m3u"

    def patch(**values: str) -> Any:
        return api.patch(f"{ROOT}/{playlist_id}", values, "application/json")

    error(patch(name="y"), 409, "follows_file")
    assert patch(sharing="read").status_code == 200
    error(staff.post(f"{ROOT}/{playlist_id}/detach"), 403, "not_allowed")
    assert api.post(f"{ROOT}/{playlist_id}/detach").json()["source"] is None
    assert api.post(f"{ROOT}/{playlist_id}/detach").status_code == 200
    assert patch(name="y").json()["name"] == "y"


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0/") | st.sampled_from("%#\\ .:2é\udcff\n\r"),
    min_size=1,
    max_size=8,
).filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=5)
TEXTS = st.lists(WORDS | st.just("-"), max_size=4).map(" ".join)


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PATHS, min_size=1, max_size=5, unique=True), st.data())
def test_export_then_import_gives_the_same_playlist(
    listener: User, paths: list[str], data: st.DataObject
) -> None:
    with transaction.atomic():  # each example has rows of its own
        files = {f"{number}/{path}": data.draw(TEXTS) or "x" for number, path in enumerate(paths)}
        tracks = [track(path, title) for path, title in files.items()]
        described = [(path, data.draw(TEXTS).strip(), data.draw(TEXTS)) for path in paths]
        facts = [Facts(each[1], each[2], "", 3.0, path=f"x/{each[0]}.gone") for each in described]
        lost = lost_of_each([each for each in facts if each.title])
        choices = [*tracks, *(-each.pk for each in lost)]
        targets = data.draw(st.lists(st.sampled_from(choices), max_size=8))
        playlist = Playlist.objects.get(pk=make(listener.pk, {"name": "x"}, targets))
        for file_format in FORMATS:
            content = b"".join(export_playlist(playlist, file_format, Paths.RELATIVE))
            imported = import_playlist(listener.pk, content)
            again = targets_of(Playlist.objects.get(pk=imported.playlist_id))
            assert _known(again) == _known(targets), (file_format, content)
        transaction.set_rollback(True)


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _known(targets: Any) -> list[Any]:
    """Lost items by what is known of them: which row that is makes no difference."""
    rows = LostItem.objects.values_list("pk", "title", "artist", "path")
    lost = {}
    for pk, title, artist, path in rows:
        lost[-pk] = [*map(_in_one_line, (title, artist)), normpath(path)]
    return [lost.get(each, each) for each in targets]
