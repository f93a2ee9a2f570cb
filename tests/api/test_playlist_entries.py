"""The entries of playlists: what is added where, moved, removed and restored."""

from pathlib import Path as FilePath

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from library.models.folders import Folder
from listening.models import LostItem, Playlist, PlaylistEntry
from listening.playlists import entries as changes
from listening.playlists import sources
from listening.playlists.counting import recount_of_tracks
from listening.playlists.places import GAP
from tests.api.library import credit, error, get, make_album, make_artist, on_album
from tests.api.playlists import add, change, entry_ids, make, post, rows, titles, totals
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db


def test_entries_are_added_at_the_end_or_before_another(api: Client) -> None:
    playlist = make(api, titles="AB")
    _, b = entry_ids(api, playlist)
    add(api, playlist, track_ids=[make_track(title="C").pk])
    answer = add(api, playlist, track_ids=[make_track(title=each).pk for each in "XY"], before=b)
    assert titles(api, playlist) == "A X Y B C"
    assert answer["entry_ids"] == entry_ids(api, playlist)[1:3]
    assert (answer["added"], answer["known"], answer["entry_count"]) == (2, 0, 5)
    assert answer["version"] == get(api, f"playlists/{playlist}")["version"]


def test_several_are_moved_in_the_order_in_which_they_are_given(api: Client) -> None:
    playlist = make(api, titles="ABCDE")
    a, b, c, _, e = entry_ids(api, playlist)
    assert change(api, playlist, "move", [e, a], before=c)["entry_ids"] == [e, a]
    assert titles(api, playlist) == "B E A C D"
    change(api, playlist, "move", [b, c], before=None)
    assert titles(api, playlist) == "E A D B C"
    change(api, playlist, "move", [a, e], before=a)  # before one that moves itself
    assert titles(api, playlist) == "A E D B C"
    assert totals(api, playlist)[0] == 5


def test_removed_entries_are_restored_to_where_they_were(api: Client) -> None:
    playlist = make(api, titles="ABCDE")
    a, b, _, _, e = entry_ids(api, playlist)
    assert change(api, playlist, "remove", [b, e, a])["entry_ids"] == [a, b, e]
    assert titles(api, playlist) == "C D"
    add(api, playlist, track_ids=[make_track(title="F").pk])
    add(api, playlist, track_ids=[make_track(title="G").pk], before=entry_ids(api, playlist)[0])
    assert change(api, playlist, "restore", [a, b, e])["entry_count"] == 7
    assert titles(api, playlist) == "A B G C D E F"


def test_a_place_before_an_entry_that_was_removed_meanwhile_is_still_there(api: Client) -> None:
    playlist = make(api, titles="ABC")
    a, b, c = entry_ids(api, playlist)
    change(api, playlist, "remove", [b])
    change(api, playlist, "move", [c], before=b)
    add(api, playlist, track_ids=[make_track(title="X").pk], before=b)
    assert titles(api, playlist) == "A C X"
    change(api, playlist, "move", [a], before=b)
    assert titles(api, playlist) == "C X A"


def test_a_change_of_what_others_have_removed_is_no_error(api: Client) -> None:
    playlist, other = make(api, titles="AB"), make(api, titles="C")
    a, b = entry_ids(api, playlist)
    change(api, playlist, "remove", [a])
    foreign = entry_ids(api, other)[0]
    assert change(api, playlist, "remove", [a, b, foreign, 10**6])["entry_ids"] == [b]
    assert change(api, playlist, "move", [a, b, foreign])["entry_ids"] == []
    assert change(api, playlist, "restore", [a, foreign])["entry_ids"] == [a]
    assert (titles(api, playlist), titles(api, other)) == ("A", "C")
    path = f"/api/v1/playlists/{playlist}/entries/move"
    body = {"entry_ids": [a], "before": foreign}
    answer = api.post(path, body, content_type="application/json")
    assert str(foreign) in error(answer, 422, "invalid")


def test_places_are_counted_anew_when_there_is_no_room(api: Client) -> None:
    playlist = make(api, titles="AZ")
    first, last = PlaylistEntry.objects.order_by("place")
    removed = add(api, playlist, track_ids=[make_track(title="R").pk], before=last.pk)
    change(api, playlist, "remove", removed["entry_ids"])
    PlaylistEntry.objects.filter(pk=last.pk).update(place=first.place + 1)
    PlaylistEntry.objects.filter(pk=removed["entry_ids"][0]).update(place=first.place)
    for title in "BCD":
        add(api, playlist, track_ids=[make_track(title=title).pk], before=last.pk)
    assert titles(api, playlist) == "A B C D Z"
    change(api, playlist, "restore", removed["entry_ids"])
    assert titles(api, playlist) == "A R B C D Z"


def test_places_stay_within_what_the_database_holds(api: Client) -> None:
    playlist = make(api, titles="ABC")
    a, b, c = entry_ids(api, playlist)
    PlaylistEntry.objects.filter(pk=c).update(place=2**62 - 5)
    change(api, playlist, "move", [a], before=None)
    assert titles(api, playlist) == "B C A"
    PlaylistEntry.objects.filter(pk=b).update(place=5 - 2**62)
    change(api, playlist, "move", [a], before=b)
    assert titles(api, playlist) == "A B C"
    assert max(PlaylistEntry.objects.values_list("place", flat=True)) <= 4 * GAP


def test_albums_artists_folders_and_searches_are_added_in_their_order(api: Client) -> None:
    albums = [make_album(name) for name in ("Second", "First")]
    folder = Folder.objects.create(root="/music", name="music", total_track_count=4)
    below = Folder.objects.create(root="/music", path="b", name="b", parent=folder)
    for number, album in ((2, albums[0]), (1, albums[0]), (1, albums[1]), (2, albums[1])):
        title = f"{album.title[0]}{number}"
        track = on_album(album, title=title, track_number=number, album_key=album.title_key)
        place = folder if number == 2 else below
        path = f"{place.path}/{10 - number} {title}.flac".lstrip("/")
        Track.objects.filter(pk=track.pk).update(folder=place, path=path)
    make_track(title="S9", missing=True, album=albums[0])
    artist = make_artist("Somebody")
    for track in Track.objects.all():
        credit(track, artist)
    playlist = make(api)
    add(api, playlist, album_ids=[each.pk for each in albums])
    assert titles(api, playlist) == "S1 S2 F1 F2"
    for what, wanted in (
        ({"artist_ids": [artist.pk]}, "F1 F2 S1 S2"),
        ({"folder_ids": [folder.pk]}, "F2 S2 F1 S1"),
        ({"search": {"q": "second", "sort": "-title"}}, "S2 S1"),
        ({"playlist_ids": [playlist]}, "S1 S2 F1 F2"),
    ):
        other = make(api)
        answer = add(api, other, **what)
        assert titles(api, other) == wanted
        assert answer["not_found"] == []


def test_an_album_that_was_joined_is_the_other_one_and_what_is_unknown_is_named(
    api: Client,
) -> None:
    gone, stays = make_track(title="Gone"), make_track(title="Stays")
    join_tracks({gone.pk: stays.pk})
    playlist = make(api)
    answer = add(api, playlist, track_ids=[gone.pk, 10**9], album_ids=[10**9 + 1])
    assert titles(api, playlist) == "Stays"
    assert answer["not_found"] == [10**9, 10**9 + 1]
    path = f"/api/v1/playlists/{playlist}/entries"
    for body, told in (({"track_ids": [10**9]}, "1000000000"), ({}, "nothing to add")):
        answer = api.post(path, body, content_type="application/json")
        assert told in error(answer, 422, "invalid")
    misspelt = {"search": {"artst": 1}}
    answer = api.post(path, misspelt, content_type="application/json")
    assert "artst" in error(answer, 422, "invalid")
    assert titles(api, playlist) == "Stays"


def test_duplicates_are_told_and_can_be_left_out(api: Client) -> None:
    playlist = make(api, titles="AB")
    known = [row["track"]["id"] for row in rows(api, playlist)]
    new = make_track(title="C").pk
    answer = add(api, playlist, track_ids=[known[0], new, new])
    assert (answer["added"], answer["known"]) == (3, 1)
    answer = add(api, playlist, track_ids=[known[1], new], skip_known=True)
    assert (answer["added"], answer["known"]) == (0, 2)
    assert titles(api, playlist) == "A B A C C"
    other = make(api)
    assert add(api, other, track_ids=[new, new], skip_known=True)["added"] == 1
    first_of_two = entry_ids(api, playlist)[0]
    change(api, playlist, "remove", [first_of_two])  # not the other entry of the same track
    assert titles(api, playlist) == "B A C C"


def test_missing_and_lost_tracks_stay_at_their_places_and_say_so(api: Client) -> None:
    playlist = make(api, titles="ABC")
    a, b, _ = rows(api, playlist)
    lost = LostItem.objects.create(title="B", artist="X", album="Y", duration_s=3.0, path="b.mp3")
    PlaylistEntry.objects.filter(pk=b["entry_id"]).update(track=None, lost=lost)
    Track.objects.filter(pk=a["track"]["id"]).update(missing_since="2020-01-01T00:00Z")
    assert titles(api, playlist) == "A [B] C"
    assert [row["is_missing"] for row in rows(api, playlist)] == [True, True, False]
    facts = {"title": "B", "artist": "X", "album": "Y", "duration_s": 3.0, "path": "b.mp3"}
    assert rows(api, playlist)[1]["lost"] == facts
    present = Track.objects.get(title="C").pk
    assert get(api, f"playlists/{playlist}/track-ids")["ids"] == [present]
    copy = make(api)
    add(api, copy, playlist_ids=[playlist, playlist])
    assert titles(api, copy) == "A [B] C A [B] C"
    assert totals(api, copy) == (6, 6.0)


def test_only_administrators_see_in_which_music_folder_a_lost_track_was(
    api: Client, staff: Client, settings: Settings
) -> None:
    settings.MUSIC_DIRS = [FilePath("/srv/music")]
    playlist = make(api, sharing="read")
    paths = (
        "/srv/music/A/b.mp3",
        "/srv/other/A/B/c.mp3",
        "/srv/other/A/B/d\ufffdfc.mp3",
        "D:/e.mp3",
    )
    for number, path in enumerate(paths):
        former_id = None if path.startswith("D:") else 1_000_000 + number
        lost = LostItem.objects.create(title="x", path=path, former_id=former_id)
        PlaylistEntry.objects.create(playlist_id=playlist, lost=lost, place=number)
    Playlist.objects.update(entry_count=len(paths))
    assert [row["lost"]["path"] for row in rows(staff, playlist)] == [*paths]
    assert [row["lost"]["path"] for row in rows(api, playlist)] == [
        *("A/b.mp3", "A/B/c.mp3", "A/B/d\ufffdfc.mp3", "D:/e.mp3")
    ]
    exported = api.get(f"/api/v1/playlists/{playlist}/export.m3u")
    assert b"/srv" not in exported.content


def test_totals_are_right_after_each_change(api: Client) -> None:
    tracks = [make_track(duration_s=seconds) for seconds in (0.1, 0.2)]
    playlist = make(api)
    add(api, playlist, track_ids=[tracks[0].pk, tracks[1].pk, tracks[0].pk])
    assert totals(api, playlist) == (3, pytest.approx(0.4))
    everything = entry_ids(api, playlist)
    change(api, playlist, "remove", everything[:2])
    assert totals(api, playlist) == (1, pytest.approx(0.1))
    change(api, playlist, "remove", everything)
    assert totals(api, playlist) == (0, 0.0)
    change(api, playlist, "restore", everything)
    assert totals(api, playlist) == (3, pytest.approx(0.4))


def test_totals_follow_joins_and_lengths_that_change(api: Client) -> None:
    gone, stays = make_track(duration_s=10.0), make_track(duration_s=30.0)
    playlist = make(api)
    add(api, playlist, track_ids=[gone.pk, stays.pk])
    before = get(api, f"playlists/{playlist}")
    join_tracks({gone.pk: stays.pk})
    after = get(api, f"playlists/{playlist}")
    assert (after["entry_count"], after["duration_s"]) == (2, 60.0)
    assert after["version"] > before["version"]
    Track.objects.filter(pk=stays.pk).update(duration_s=31.0)
    recount_of_tracks([stays.pk])
    assert totals(api, playlist) == (2, 62.0)


def test_a_stale_version_is_refused_with_the_present_one(api: Client) -> None:
    playlist = make(api, titles="AB")
    a, b = entry_ids(api, playlist)
    known = get(api, f"playlists/{playlist}/entries")["version"]
    change(api, playlist, "move", [b], before=a, version=known)
    body = {"entry_ids": [a], "version": known}
    for path in ("remove", "restore", "move"):
        told = post(api, f"playlists/{playlist}/entries/{path}", body, 409)["error"]
        assert (told["code"], told["version"]) == ("stale_version", known + 1)
    adding = {"track_ids": [make_track().pk], "version": known}
    assert post(api, f"playlists/{playlist}/entries", adding, 409)["error"]["version"] == known + 1
    assert titles(api, playlist) == "B A"
    change(api, playlist, "move", [a], before=b)  # without a version, by ids alone
    assert titles(api, playlist) == "A B"


def test_entries_of_smart_playlists_and_of_files_are_not_changed(api: Client) -> None:
    playlist = make(api, titles="A")
    entry = entry_ids(api, playlist)
    for fields, code in (
        ({"rules": {}, "source_key": ""}, "is_smart"),
        ({"rules": None, "source_key": "x", "source_path": "a.m3u"}, "follows_file"),
    ):
        Playlist.objects.filter(pk=playlist).update(**fields)
        for path, body in (
            ("", {"track_ids": [make_track().pk]}),
            *((f"/{how}", {"entry_ids": entry}) for how in ("remove", "restore", "move")),
        ):
            answer = post(api, f"playlists/{playlist}/entries{path}", body, 409)
            assert answer["error"]["code"] == code


def test_more_entries_than_a_playlist_holds_are_refused_whole(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_ENTRIES", 3)
    playlist = make(api, titles="AB")
    body = {"track_ids": [make_track().pk, make_track().pk]}
    answer = post(api, f"playlists/{playlist}/entries", body, 409)["error"]
    assert (answer["code"], totals(api, playlist)[0]) == ("too_many_entries", 2)


@pytest.mark.parametrize("kind", ["playlist_ids", "album_ids"])
def test_gathering_ends_with_the_first_that_does_not_fit(
    api: Client, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(sources, "MOST_ENTRIES", 5)
    monkeypatch.setattr(sources, "IDS_AT_ONCE", 2)
    playlist, several = make(api), [make(api, titles="AB") for _ in range(9)]
    if kind == "album_ids":
        albums = [make_album(f"Album {each}") for each in range(9)]
        several = [each.pk for each in albums]
        for album in albums * 2:
            on_album(album)
    with CaptureQueriesContext(connection) as asked:
        answer = post(api, f"playlists/{playlist}/entries", {kind: several}, 409)["error"]
    assert answer["code"] == "too_many_entries"
    assert "at most 5 entries" in answer["message"]
    marks = {"playlist_ids": "AS target", "album_ids": "missing_since"}
    gathering = [each for each in asked if marks[kind] in each["sql"]]
    assert len(gathering) <= 3
    assert post(api, f"playlists/{playlist}/entries", {kind: several[:2]})["added"] == 4
