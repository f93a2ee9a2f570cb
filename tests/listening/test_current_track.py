"""Where a player stands outlives that its track is joined to another, purged, and found again."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from library.models.albums import Album
from library.models.catalogue import Track
from library.models.revision import Revision
from library.scanning import count_purgeable, purge_missing
from listening.models import NO_LOST_TRACK, PlayerState
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan, scan
from tests.web.library_rows import join_tracks, make_album, make_track, make_tracks

__all__ = ["scan"]

pytestmark = pytest.mark.django_db

RECORDING = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"

TAGS: dict[str, Any] = {"title": "Hyperballad", "artist": "Björk", "album": "Post"}


def player(track: Track | None = None, name: str = "ada", **fields: Any) -> PlayerState:
    user = User.objects.create(username=name)
    return PlayerState.objects.create(user=user, current_track=track, **fields)


def lost(state: PlayerState) -> dict[str, Any]:
    state.refresh_from_db()
    return {name: getattr(state, name) for name in NO_LOST_TRACK}


class TestJoin:
    def test_a_player_stands_at_the_track_that_stays(self) -> None:
        goes, stays, other = make_track(), make_track(), make_track()
        states = [
            player(track, name, progress_seconds=61.5)
            for track, name in ((goes, "ada"), (other, "bob"), (stays, "eve"))
        ]
        join_tracks({goes.pk: stays.pk})
        assert [PlayerState.objects.get(pk=each.pk).current_track for each in states] == [
            *(stays, other, stays)
        ]
        assert {each.progress_seconds for each in PlayerState.objects.all()} == {61.5}
        assert not Track.objects.filter(pk=goes.pk).exists()

    def test_many_go_by_a_fixed_number_of_queries(self) -> None:
        def queries(number: int) -> int:
            make_tracks(2 * number)
            ids = list(Track.objects.order_by("-pk").values_list("pk", flat=True)[: 2 * number])
            replaced = dict(zip(ids[:number], ids[number:], strict=True))
            user = User.objects.create(username=f"user {number}")
            PlayerState.objects.create(user=user, current_track_id=ids[0])
            with CaptureQueriesContext(connection) as captured, transaction.atomic():
                join_tracks(replaced)
            assert PlayerState.objects.get(user=user).current_track_id == ids[number]
            return len(captured)

        Revision.objects.raised()
        assert queries(2) == queries(40)

    def test_an_album_is_described_by_the_tracks_that_stay(self) -> None:
        album = make_album("Post")
        stays = make_track(album=album, album_title="Post", year=1995)
        goes = make_track(album=album, album_title="Post", year=1990)
        join_tracks({goes.pk: stays.pk})
        assert Album.objects.get().year == 1995

    def test_no_track_is_joined_twice_at_once(self) -> None:
        one, two, three = make_track(), make_track(), make_track()
        with pytest.raises(ValueError, match="joined twice"):
            join_tracks({one.pk: two.pk, two.pk: three.pk})
        assert Track.objects.count() == 3


class TestPurge:
    def test_the_player_remembers_what_it_was_and_how_far(self) -> None:
        track = make_track(
            title="Hyperballad",
            artist="Björk",
            album_title="Post",
            duration_s=321.5,
            musicbrainz_recording_id=RECORDING,
            audio_digest="ab" * 16,
            missing=True,
        )
        state = player(track, progress_seconds=61.5, volume_level=0.25)
        purge_missing()
        assert lost(state) == {
            "lost_title": "Hyperballad",
            "lost_artist": "Björk",
            "lost_album": "Post",
            "lost_duration_s": 321.5,
            "lost_musicbrainz_recording_id": RECORDING,
            "lost_audio_digest": "ab" * 16,
            "lost_progress_seconds": 61.5,
        }
        assert (state.current_track, state.volume_level) == (None, 0.25)

    def test_other_players_are_left_alone(self) -> None:
        make_track(missing=True)
        state = player(make_track(), progress_seconds=2)
        purge_missing()
        assert lost(state) == NO_LOST_TRACK
        assert state.current_track is not None

    def test_what_hangs_on_the_tracks_is_counted_before_and_said_afterwards(
        self, admin_client: Client
    ) -> None:
        track = make_track(missing=True)
        assertContains(admin_client.get("/admin/library/track/purge/"), "Purge 1 track")
        player(track)
        page = admin_client.get("/admin/library/track/purge/")
        assertContains(page, "<li>the current track of 1 player</li>")
        player(track, "bob")
        assert count_purgeable().in_use_as == ("the current track of 2 players",)
        assert count_purgeable([make_track().pk]).in_use_as == ()
        done = admin_client.post("/admin/library/track/purge/", follow=True)
        assertContains(done, "They were in use as the current track of 2 players.")
        assert purge_missing().in_use_as == ()

    def test_a_purge_of_many_takes_a_fixed_number_of_queries(self) -> None:
        def queries(number: int) -> int:
            make_tracks(number, missing=True)
            for track in Track.objects.missing():
                player(track, f"{number} {track.pk}")
            with CaptureQueriesContext(connection) as captured:
                assert purge_missing().tracks == number
            return len(captured)

        queries(1)  # makes rows that each library has: the revision, and the counter of events
        assert queries(2) == queries(60)


class TestReturn:
    @pytest.fixture
    def state(self, music: Path, scan: Scan) -> PlayerState:
        """A player whose track was purged, beside a track that stays."""
        make_audio(music / "lost.flac", **TAGS)
        make_audio(music / "other.flac", title="Other")
        scan()
        state = player(Track.objects.get(title="Hyperballad"), progress_seconds=1.5)
        (music / "lost.flac").unlink()
        scan()
        purge_missing()
        state.refresh_from_db()
        assert (state.current_track, state.lost_title) == (None, "Hyperballad")
        return state

    def test_the_player_stands_there_again_wherever_the_file_is(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        (music / "elsewhere").mkdir()
        PlayerState.objects.update(progress_seconds=0)  # as a page saves that shows no track
        make_audio(music / "elsewhere" / "again.flac", **TAGS)
        scan()
        assert lost(state) == NO_LOST_TRACK
        assert state.current_track == Track.objects.get(path="elsewhere/again.flac")
        assert state.progress_seconds == 1.5

    def test_its_sound_tells_it_by_other_tags_and_another_length(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        PlayerState.objects.update(lost_duration_s=F("lost_duration_s") + 0.6)
        make_audio(music / "again.flac", title="Another", artist="Somebody")
        scan()
        assert lost(state) == NO_LOST_TRACK
        assert state.current_track == Track.objects.get(title="Another")

    def test_of_several_with_its_sound_the_one_with_its_title_is_taken(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        make_audio(music / "a.flac", title="Another")
        make_audio(music / "b.flac", **TAGS)
        make_audio(music / "c.flac", title="A third")
        scan()
        state.refresh_from_db()
        assert state.current_track == Track.objects.get(path="b.flac")

    def test_its_sound_comes_before_its_recording_id(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        PlayerState.objects.update(lost_musicbrainz_recording_id=RECORDING)
        make_audio(music / "a.ogg", **TAGS, musicbrainz_recording_id=RECORDING)
        make_audio(music / "b.flac", title="Another")
        scan()
        state.refresh_from_db()
        assert state.current_track == Track.objects.get(path="b.flac")

    @pytest.mark.parametrize(
        "tags",
        [
            {**TAGS, "title": "Another"},
            {**TAGS, "album": "Live"},
            {**TAGS, "artist": "Somebody"},
        ],
    )
    def test_another_track_is_not_taken_for_it(
        self, music: Path, scan: Scan, state: PlayerState, tags: dict[str, Any]
    ) -> None:
        make_audio(music / "again.ogg", **tags)
        scan()
        assert lost(state)["lost_title"] == "Hyperballad"
        assert state.current_track is None

    def test_a_track_of_another_length_is_not_taken_for_it(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        PlayerState.objects.update(lost_duration_s=F("lost_duration_s") + 0.6)
        make_audio(music / "again.ogg", **TAGS)
        scan()
        state.refresh_from_db()
        assert state.current_track is None

    def test_its_recording_id_tells_it_by_other_tags(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        PlayerState.objects.update(lost_musicbrainz_recording_id=RECORDING)
        make_audio(music / "again.ogg", title="Retagged", musicbrainz_recording_id=RECORDING)
        scan()
        state.refresh_from_db()
        assert state.current_track == Track.objects.get(title="Retagged")

    def test_of_several_that_fit_the_one_with_its_recording_id_is_taken(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        PlayerState.objects.update(lost_musicbrainz_recording_id=RECORDING)
        make_audio(music / "a.ogg", **TAGS)
        make_audio(music / "b.ogg", **TAGS, musicbrainz_recording_id=RECORDING)
        scan()
        state.refresh_from_db()
        assert state.current_track == Track.objects.get(path="b.ogg")

    def test_who_has_chosen_another_track_keeps_that_one(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        other = Track.objects.get()
        PlayerState.objects.save_fields(state.user_id, {"current_track_id": other.pk})
        assert lost(state) == NO_LOST_TRACK
        make_audio(music / "again.flac", **TAGS)
        scan()
        state.refresh_from_db()
        assert state.current_track == other

    def test_saving_no_track_goes_on_waiting(
        self, music: Path, scan: Scan, state: PlayerState
    ) -> None:
        """A page that shows no track saves that with each change of its volume."""
        fields = {"current_track_id": None, "progress_seconds": 0.0, "volume_level": 0.5}
        PlayerState.objects.save_fields(state.user_id, fields)
        make_audio(music / "again.flac", **TAGS)
        scan()
        state.refresh_from_db()
        assert (state.current_track is not None, state.progress_seconds) == (True, 1.5)

    @pytest.mark.usefixtures("state")
    def test_each_batch_asks_once_and_only_players_that_wait_cost_more(
        self, music: Path, scan: Scan
    ) -> None:
        def asked() -> int:
            begin = len(list(music.iterdir()))
            for number in range(begin, begin + 4):
                make_audio(music / f"{number}.flac", title=f"{number}")
            with CaptureQueriesContext(connection) as captured:
                assert scan(batch_size=2, workers=0).counts.added == 4
            return sum("library_playerstate" in each["sql"] for each in captured)

        assert asked() == 2 + 1  # whether one waits, in each of two batches, and its update
        PlayerState.objects.update(lost_title="")
        assert asked() == 2
        with CaptureQueriesContext(connection) as captured:
            scan(workers=0)
        assert not any("library_playerstate" in each["sql"] for each in captured)
