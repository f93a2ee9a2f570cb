"""Playlists: `getPlaylists`, `getPlaylist`, and changes by places in the list."""

import random
import string
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from library.models.catalogue import Track
from library.scanning import purge_missing
from listening.models import Playlist, PlaylistEntry
from listening.playlist_updates import with_unseen
from listening.playlists import entries
from listening.playlists.editing import make
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.test_plays import tr
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def tracks(db: None) -> list[Track]:
    return [make_track(title=each, duration_s=60) for each in "ABCDE"]


@pytest.fixture
def other(administrator: User, rest: Rest) -> Rest:
    """The client of another user, who is an administrator."""
    return Rest(administrator)


def ids(tracks: list[Track], places: str) -> list[str]:
    return [tr(tracks["ABCDE".index(each)]) for each in places]


def made(rest: Any, tracks: list[Track], places: str, **others: Any) -> str:
    """The id of a new playlist."""
    playlist = rest("createPlaylist", name="Mine", songId=ids(tracks, places), **others)["playlist"]
    assert titles(playlist) == places
    return str(playlist["id"])


def titles(playlist: Any) -> str:
    return "".join(entry["title"] for entry in playlist["entry"])


def shown(rest: Any, playlist_id: str) -> str:
    return titles(rest("getPlaylist", id=playlist_id)["playlist"])


def listed(rest: Any, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rest("getPlaylists", **parameters)["playlists"]["playlist"]
    return found


class TestLists:
    def test_none(self, rest: Any) -> None:
        assert listed(rest) == []

    def test_what_a_list_says(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "ABA")
        (row,) = listed(rest)
        assert row.pop("created") <= row.pop("changed")
        assert row == {
            "id": playlist_id,
            "name": "Mine",
            "owner": "lee",
            "public": False,
            "songCount": 3,
            "duration": 180,
        }

    def test_by_name_own_and_shared(self, rest: Any, other: Rest) -> None:
        for client, name, public in (
            *((rest, "b", False), (rest, "A", True), (other, "a2", True), (other, "c", False)),
        ):
            playlist = client("createPlaylist", name=name)["playlist"]
            client("updatePlaylist", playlistId=playlist["id"], public=public)
        assert [each["name"] for each in listed(rest)] == ["A", "a2", "b"]
        assert ["readonly" in each for each in listed(rest)] == [False, True, False]
        assert [each["name"] for each in listed(other)] == ["A", "a2", "c"]
        assert [each["name"] for each in listed(other, username="LEE")] == ["A"]
        assert [each["name"] for each in listed(rest, username="Lee")] == ["A", "a2", "b"]
        assert rest.error("getPlaylists", username="stella")["code"] == 50

    def test_the_number_of_statements_does_not_grow(self, rest: Any, tracks: list[Track]) -> None:
        made(rest, tracks, "AB")
        listed(rest)
        few = len(rest.statements)
        for _ in range(5):
            made(rest, tracks, "ABC")
        assert len(listed(rest)) == 6
        assert len(rest.statements) == few

    def test_a_cover_that_changes_with_the_pictures(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "ABCDE")
        assert "coverArt" not in listed(rest)[0]
        for number, track in enumerate(tracks):
            cover = f"{number:032x}"[::-1]
            Track.objects.filter(pk=track.pk).update(has_cover=True, cover_id=cover)
        rest("updatePlaylist", playlistId=playlist_id, songIndexToRemove=4)
        before = listed(rest)[0]["coverArt"]
        assert before.startswith(f"{playlist_id}_")
        rest("updatePlaylist", playlistId=playlist_id, songIndexToRemove=0, name="Else")
        rest("updatePlaylist", playlistId=playlist_id, songIdToAdd=ids(tracks, "E"))
        assert listed(rest)[0]["coverArt"] not in {before, ""}

    def test_smart_ones_are_worked_out_and_readonly(
        self, rest: Any, listener: User, tracks: list[Track]
    ) -> None:
        rules = {
            "all": [{"field": "title", "operator": "is", "value": "B"}],
        }
        playlist_id = f"pl-{make(listener.pk, {'name': 'Bs', 'rules': rules})}"
        (row,) = listed(rest)
        assert (row["readonly"], row["songCount"], row["duration"]) == (True, 1, 60)
        assert shown(rest, playlist_id) == "B"
        for given in ({"songIdToAdd": tr(tracks[0])}, {"songIndexToRemove": 0}):
            error = rest.error("updatePlaylist", playlistId=playlist_id, **given)
            assert error["code"] == 50
        error = rest.error("createPlaylist", playlistId=playlist_id, songId=tr(tracks[0]))
        assert error["code"] == 50
        rest("updatePlaylist", playlistId=playlist_id, name="All Bs", comment="of the alphabet")
        (row,) = listed(rest)
        assert (row["name"], row["comment"]) == ("All Bs", "of the alphabet")

    def test_one_that_follows_a_file_is_readonly(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "AB")
        Playlist.objects.update(source_key="key", source_path="a.m3u", source_state="follows")
        assert listed(rest)[0]["readonly"]
        for given in ({"songIdToAdd": tr(tracks[0])}, {"name": "Else"}):
            assert rest.error("updatePlaylist", playlistId=playlist_id, **given)["code"] == 50
        rest("updatePlaylist", playlistId=playlist_id, name="Mine", public=True)
        assert listed(rest)[0]["public"]


class TestCreating:
    def test_the_same_name_twice_makes_two(self, rest: Any, tracks: list[Track]) -> None:
        assert made(rest, tracks, "AAB") != made(rest, tracks, "AAB")
        assert len(listed(rest)) == 2

    def test_without_songs(self, rest: Any) -> None:
        playlist = rest("createPlaylist", name="  Empty ")["playlist"]
        assert (playlist["name"], playlist["songCount"], playlist["entry"]) == ("Empty", 0, [])

    def test_neither_name_nor_id(self, rest: Any, tracks: list[Track]) -> None:
        assert rest.error("createPlaylist", songId=ids(tracks, "A"))["code"] == 10
        assert rest.error("createPlaylist", name=" ")["code"] == 10
        assert rest.error("updatePlaylist", name="x")["code"] == 10

    def test_an_id_replaces_all_songs(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "ABC")
        kept = {*PlaylistEntry.objects.values_list("pk", flat=True)}
        answer = rest("createPlaylist", playlistId=playlist_id, songId=ids(tracks, "CDA"))
        assert titles(answer["playlist"]) == "CDA"
        assert (answer["playlist"]["name"], answer["playlist"]["songCount"]) == ("Mine", 3)
        live = PlaylistEntry.objects.filter(removed_at=None)
        assert len(kept & {*live.values_list("pk", flat=True)}) == 2
        answer = rest("createPlaylist", playlistId=playlist_id, name="Else")["playlist"]
        assert (answer["name"], answer["entry"], answer["duration"]) == ("Else", [], 0)

    def test_what_was_replaced_can_be_restored(
        self, rest: Any, listener: User, tracks: list[Track]
    ) -> None:
        playlist_id = made(rest, tracks, "ABC")
        rest("createPlaylist", playlistId=playlist_id, songId=ids(tracks, "B"))
        gone = PlaylistEntry.objects.filter(removed_at__isnull=False)
        pks = [*gone.values_list("pk", flat=True)]
        entries.restore(listener.pk, Playlist.objects.get().pk, pks)
        assert shown(rest, playlist_id) == "ABC"

    def test_songs_of_which_nothing_is_known(self, rest: Any, tracks: list[Track]) -> None:
        given = ["tr-99999999", "al-1", "rubbish", *ids(tracks, "AB")]
        playlist = rest("createPlaylist", name="Some", songId=given)["playlist"]
        assert titles(playlist) == "AB"
        error = rest.error("createPlaylist", name="None", songId=["tr-99999999", "x"])
        assert error["code"] == 70
        assert len(listed(rest)) == 1
        error = rest.error("createPlaylist", playlistId=playlist["id"], songId="tr-99999999")
        assert error["code"] == 70
        assert shown(rest, playlist["id"]) == "AB"

    def test_a_joined_track_is_the_one_that_stayed(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "AB")
        join_tracks({tracks[1].pk: tracks[2].pk})
        assert shown(rest, playlist_id) == "AC"
        rest("updatePlaylist", playlistId=playlist_id, songIdToAdd=tr(tracks[1]))
        assert shown(rest, playlist_id) == "ACC"

    def test_twenty_thousand_by_post(self, rest: Any, tracks: list[Track]) -> None:
        given = ids(tracks, "ABCDE") * 4_000
        made = rest("createPlaylist", method="POST", name="Long", songId=given, in_xml=False)
        assert made["playlist"]["songCount"] == 20_000
        assert [each["id"] for each in made["playlist"]["entry"]] == given

    def test_more_than_a_playlist_holds(
        self, rest: Any, tracks: list[Track], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(entries, "MOST_ENTRIES", 3)
        playlist_id = made(rest, tracks, "AB")
        error = rest.error("updatePlaylist", playlistId=playlist_id, songIdToAdd=ids(tracks, "AB"))
        assert (error["code"], "at most 3" in error["message"]) == (0, True)
        assert shown(rest, playlist_id) == "AB"


class TestUpdating:
    def test_places_are_those_of_before_and_additions_come_last(
        self, rest: Any, tracks: list[Track]
    ) -> None:
        playlist_id = made(rest, tracks, "ABCDE")
        rest(
            "updatePlaylist",
            playlistId=playlist_id,
            name="Else",
            comment="A comment",
            public=True,
            songIdToAdd=ids(tracks, "AB"),
            songIndexToRemove=[0, 1, 3, 3],
        )
        assert shown(rest, playlist_id) == "CEAB"
        row = listed(rest)[0]
        assert (row["name"], row["comment"], row["public"]) == ("Else", "A comment", True)
        assert (row["songCount"], row["duration"]) == (4, 240)

    def test_places_out_of_range_are_passed_over(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "AB")
        out = [2, 99, -1, "9" * 30, 1]
        rest("updatePlaylist", playlistId=playlist_id, songIndexToRemove=out)
        assert shown(rest, playlist_id) == "A"
        error = rest.error("updatePlaylist", playlistId=playlist_id, songIndexToRemove="x")
        assert error["code"] == 0

    def test_one_of_two_that_are_the_same(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "ABA")
        rest("updatePlaylist", playlistId=playlist_id, songIndexToRemove=2)
        assert shown(rest, playlist_id) == "AB"

    def test_the_time_of_a_change(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "A")
        Playlist.objects.update(changed_at=F("changed_at") - timedelta(days=1))
        before = listed(rest)[0]["changed"]
        rest("updatePlaylist", playlistId=playlist_id, songIdToAdd=tr(tracks[1]))
        assert listed(rest)[0]["changed"] > before

    def test_appending_costs_the_same_however_long_the_list_is(
        self, rest: Any, tracks: list[Track]
    ) -> None:
        """DSub2000 makes a playlist of 45 songs, and adds the others by many calls."""
        playlist_id = made(rest, tracks, "A")
        numbers = set()
        for _ in range(30):
            given = ids(tracks, "ABCDE") * 9
            rest("updatePlaylist", playlistId=playlist_id, songIdToAdd=given)
            numbers.add(len(rest.statements))
        assert len(numbers) == 1
        assert listed(rest)[0]["songCount"] == 1 + 30 * 45

    def test_deleting(self, rest: Any, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "A")
        rest("deletePlaylist", id=playlist_id)
        assert listed(rest) == []
        for endpoint in ("getPlaylist", "deletePlaylist"):
            assert rest.error(endpoint, id=playlist_id)["code"] == 70
        assert rest.error("updatePlaylist", playlistId=playlist_id)["code"] == 70


class TestRights:
    def calls(self, playlist_id: str, tracks: list[Track]) -> list[tuple[str, dict[str, Any]]]:
        song = tr(tracks[0])
        return [
            ("updatePlaylist", {"playlistId": playlist_id, "songIdToAdd": song}),
            ("updatePlaylist", {"playlistId": playlist_id, "songIndexToRemove": 0}),
            ("updatePlaylist", {"playlistId": playlist_id, "name": "Theirs"}),
            ("createPlaylist", {"playlistId": playlist_id, "songId": song}),
            ("updatePlaylist", {"playlistId": playlist_id, "public": "false"}),
            ("deletePlaylist", {"id": playlist_id}),
        ]

    def test_nobody_sees_a_private_one(self, rest: Any, other: Rest, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "AB")
        assert other.error("getPlaylist", id=playlist_id)["code"] == 70
        for endpoint, given in self.calls(playlist_id, tracks):
            assert other.error(endpoint, **given)["code"] == 70

    def test_a_shared_one_is_read(self, rest: Any, other: Rest, tracks: list[Track]) -> None:
        playlist_id = made(rest, tracks, "AB")
        rest("updatePlaylist", playlistId=playlist_id, public=True)
        assert shown(other, playlist_id) == "AB"
        for endpoint, given in self.calls(playlist_id, tracks):
            assert other.error(endpoint, **given)["code"] == 50, endpoint
        assert shown(rest, playlist_id) == "AB"

    def test_one_shared_to_write_is_changed(
        self, rest: Any, other: Rest, tracks: list[Track]
    ) -> None:
        playlist_id = made(rest, tracks, "AB")
        Playlist.objects.update(sharing="write")
        assert "readonly" not in listed(other)[0]
        *allowed, unshare, delete = self.calls(playlist_id, tracks)
        for endpoint, given in allowed:
            other(endpoint, **given)
        assert listed(rest)[0]["name"] == "Theirs"
        for endpoint, given in (unshare, delete):
            assert other.error(endpoint, **given)["code"] == 50
        rest("updatePlaylist", playlistId=playlist_id, public=True)
        assert Playlist.objects.get().sharing == "write"
        rest("updatePlaylist", playlistId=playlist_id, public=False)
        assert Playlist.objects.get().sharing == "private"


class TestWhatIsNotThere:
    """Files that are gone for a while keep their places, which no app sees."""

    @pytest.fixture
    def playlist(self, rest: Any, tracks: list[Track]) -> str:
        """A, B, C, D and E, of which B and D are missing."""
        found = made(rest, tracks, "ABCDE")
        Track.objects.filter(title__in="BD").update(missing_since=F("added_at"))
        return found

    def all_titles(self) -> str:
        Track.objects.update(missing_since=None)
        live = PlaylistEntry.objects.filter(removed_at=None).order_by("place", "pk")
        return "".join(live.values_list("track__title", flat=True))

    def test_the_list_has_the_others(self, rest: Any, playlist: str) -> None:
        row = rest("getPlaylist", id=playlist)["playlist"]
        assert (titles(row), row["songCount"], row["duration"]) == ("ACE", 3, 180)
        row = listed(rest)[0]
        assert (row["songCount"], row["duration"]) == (3, 180)
        purge_missing()
        row = listed(rest)[0]
        assert (row["songCount"], row["duration"], shown(rest, playlist)) == (3, 180, "ACE")

    def test_places_are_those_of_what_is_seen(self, rest: Any, playlist: str) -> None:
        rest("updatePlaylist", playlistId=playlist, songIndexToRemove=[1, 3])
        assert shown(rest, playlist) == "AE"
        assert self.all_titles() == "ABDE"

    def test_replacing_keeps_what_is_not_seen_behind_what_it_stood_behind(
        self, rest: Any, tracks: list[Track], playlist: str
    ) -> None:
        rest("createPlaylist", playlistId=playlist, songId=ids(tracks, "ECA"))
        assert shown(rest, playlist) == "ECA"
        assert self.all_titles() == "ECDAB"

    def test_replacing_random_lists_loses_nothing_that_is_not_seen(self) -> None:
        draw = random.Random(5)
        for _ in range(300):
            letters = [draw.choice(string.ascii_letters[:8]) for _ in range(draw.randrange(12))]
            before = [(ord(each), draw.random() < 0.7) for each in letters]
            after = [ord(draw.choice(string.ascii_letters[:8])) for _ in range(draw.randrange(12))]
            unseen = [target for target, is_seen in before if not is_seen]
            found = with_unseen(before, after)
            assert sorted(found) == sorted([*unseen, *after])
            same = [target for target, is_seen in before if is_seen]
            assert with_unseen(before, same) == [target for target, _ in before]
