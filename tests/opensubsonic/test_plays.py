"""`scrobble`, and what counts of `reportPlayback`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from library.models.catalogue import Track
from listening.models import NowPlaying, Play, PlayCount
from listening.scrobbling import now_playing as services
from listening.sweeping import sweep
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_was_told() -> None:
    services.taken()


@pytest.fixture
def track(db: None) -> Track:
    return make_track(duration_s=200)


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def tr(track: Track) -> str:
    return f"tr-{track.pk}"


def times() -> list[datetime]:
    return [*Play.objects.order_by("started_at").values_list("started_at", flat=True)]


def told_services() -> list[int]:
    return [track_id for _, track_id in services.taken()]


class TestScrobble:
    def test_a_play_counts_at_its_time(self, rest: Any, listener: User, track: Track) -> None:
        rest("scrobble", id=tr(track), time=ms(NOON))
        (play,) = Play.objects.all()
        assert (play.user, play.track, play.started_at) == (listener, track, NOON)
        assert (play.client, play.heard_s) == ("tests", None)
        count = PlayCount.objects.get()
        assert (count.count, count.last_played_at) == (1, NOON)

    def test_the_same_told_again_is_one_play(self, rest: Any, track: Track) -> None:
        for _ in range(3):
            rest("scrobble", id=tr(track), time=ms(NOON) + 400, submission=True)
        assert times() == [NOON]

    def test_several_at_once_each_at_its_time(self, rest: Any, track: Track) -> None:
        other = make_track()
        hour = timedelta(hours=1)
        ids = [tr(track), tr(other), tr(track)]
        rest("scrobble", id=ids, time=[ms(NOON), ms(NOON + hour), ms(NOON + 2 * hour)])
        assert times() == [NOON, NOON + hour, NOON + 2 * hour]
        assert PlayCount.objects.get(track=track).count == 2

    def test_the_last_played_time_is_the_latest(self, rest: Any, track: Track) -> None:
        rest("scrobble", id=tr(track), time=ms(NOON))
        rest("scrobble", id=tr(track), time=ms(NOON - timedelta(days=1)))
        assert PlayCount.objects.get().last_played_at == NOON

    def test_seconds_and_the_parameter_date_are_taken(self, rest: Any, track: Track) -> None:
        rest("scrobble", id=tr(track), time=ms(NOON) // 1000)
        rest("scrobble", id=tr(track), date=ms(NOON) + 60_000)
        assert times() == [NOON, NOON + timedelta(minutes=1)]

    @pytest.mark.parametrize("given", [0, 1, -5, 10**12 * 4, 946_684_799_000])
    def test_times_of_wrong_clocks_become_now(self, rest: Any, track: Track, given: int) -> None:
        for _ in range(2):
            rest("scrobble", id=tr(track), time=given)
        (at,) = times()
        assert abs(timezone.now() - at) < timedelta(seconds=30)

    def test_time_0_is_no_time(self, rest: Any, track: Track) -> None:
        """Two plays whose time an app does not know are two."""
        for _ in range(2):
            rest("scrobble", id=tr(track), time=0)
            Play.objects.update(started_at=F("started_at") - timedelta(seconds=110))
        assert len(times()) == 2

    def test_without_a_time_it_is_now(self, rest: Any, track: Track) -> None:
        rest("scrobble", id=tr(track))
        (at,) = times()
        assert abs(timezone.now() - at) < timedelta(seconds=30)

    def test_who_tells_without_a_time_tells_a_track_once_while_it_plays(
        self, rest: Any, track: Track
    ) -> None:
        """Some apps call twice for each track."""
        rest("scrobble", id=tr(track))
        Play.objects.update(started_at=F("started_at") - timedelta(seconds=95))
        rest("scrobble", id=tr(track))
        assert len(times()) == 1
        Play.objects.update(started_at=F("started_at") - timedelta(seconds=10))
        rest("scrobble", id=tr(track))  # on repeat
        assert len(times()) == 2

    def test_what_is_unknown_is_passed_over(self, rest: Any, track: Track) -> None:
        rest("scrobble", id=["tr-99999999", "rubbish", tr(track)], time=[1, 2, ms(NOON)])
        assert times() == [NOON]
        assert rest.error("scrobble", id=["tr-99999999", "al-1"])["code"] == 70
        assert rest.error("scrobble", id="tr-99999999", submission=False)["code"] == 70
        assert rest.error("scrobble")["code"] == 10

    def test_a_joined_track_is_the_one_that_stayed(self, rest: Any, track: Track) -> None:
        goes = make_track()
        join_tracks({goes.pk: track.pk})
        rest("scrobble", id=tr(goes), time=ms(NOON))
        rest("scrobble", id=tr(track), time=ms(NOON))
        assert [play.track for play in Play.objects.all()] == [track]

    def test_more_than_are_stored_at_once(self, rest: Any, track: Track) -> None:
        at = [ms(NOON + timedelta(minutes=each)) for each in range(1_500)]
        rest("scrobble", id=[tr(track)] * len(at), time=at)
        assert PlayCount.objects.get().count == 1_500

    def test_submission_false_counts_nothing(self, rest: Any, listener: User, track: Track) -> None:
        rest("scrobble", id=tr(track), submission=False)
        assert not Play.objects.exists()
        row = NowPlaying.objects.get()
        assert (row.user, row.client, row.track) == (listener, "tests", track)
        assert services.taken() == [(listener.pk, track.pk)]

    def test_an_app_that_tells_its_plays_is_not_counted_for(self, rest: Any, track: Track) -> None:
        """Also if it never tells that the track was heard, since it was skipped."""
        rest("scrobble", id=tr(track), submission=False)
        pass_by(150)
        rest("scrobble", id=tr(make_track()), submission=False)
        assert not Play.objects.exists()


def pass_by(seconds: float) -> None:
    """So much time has passed since the last report."""
    ago = timedelta(seconds=seconds)
    NowPlaying.objects.update(reported_at=F("reported_at") - ago, started_at=F("started_at") - ago)


def say(rest: Any, track: Track, state: str, position_s: float, **others: Any) -> None:
    rest(
        "reportPlayback",
        mediaId=tr(track),
        mediaType="song",
        positionMs=round(position_s * 1000),
        state=state,
        **others,
    )


class TestReports:
    def test_more_than_half_counts_when_it_stops(self, rest: Any, track: Track) -> None:
        began = timezone.now()
        say(rest, track, "starting", 0)
        say(rest, track, "playing", 0)
        pass_by(101)
        say(rest, track, "playing", 101)
        assert not Play.objects.exists()
        say(rest, track, "stopped", 101)
        (play,) = Play.objects.all()
        assert play.client == "tests"
        assert play.heard_s == pytest.approx(101, abs=2)
        assert abs(began - timedelta(seconds=101) - play.started_at) < timedelta(seconds=10)
        say(rest, track, "stopped", 101)
        assert Play.objects.count() == 1

    @pytest.mark.parametrize(("duration_s", "heard_s", "count"), [
        (200, 95, 0), (200, 102, 1), (2_000, 235, 0), (2_000, 242, 1), (0, 235, 0), (0, 242, 1),
    ])  # fmt: skip
    def test_half_or_four_minutes(
        self, rest: Any, duration_s: float, heard_s: float, count: int
    ) -> None:
        track = make_track(duration_s=duration_s)
        say(rest, track, "playing", 0)
        pass_by(heard_s)
        say(rest, track, "stopped", heard_s)
        assert Play.objects.count() == count

    @pytest.mark.parametrize("state", ["starting", "playing", "paused"])
    def test_another_track_ends_the_one_before(self, rest: Any, track: Track, state: str) -> None:
        say(rest, track, "playing", 0)
        pass_by(200)
        say(rest, make_track(duration_s=100), state, 0)
        assert [play.track for play in Play.objects.all()] == [track]
        assert NowPlaying.objects.get().track != track

    def test_a_scrobble_of_what_begins_ends_it_as_well(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(150)
        rest("scrobble", id=tr(make_track()), submission=False)
        assert [play.track for play in Play.objects.all()] == [track]

    def test_the_same_track_on_repeat_counts_each_time(self, rest: Any, track: Track) -> None:
        for _ in range(3):
            say(rest, track, "starting", 0)
            say(rest, track, "playing", 0)
            pass_by(200)
            Play.objects.update(started_at=F("started_at") - timedelta(seconds=200))
        say(rest, track, "stopped", 200)
        assert Play.objects.count() == 3

    def test_what_is_skipped_or_paused_is_not_heard(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(10)
        say(rest, track, "playing", 190)  # sought
        say(rest, track, "paused", 191)
        pass_by(3_000)
        say(rest, track, "playing", 191)
        pass_by(5)
        say(rest, track, "stopped", 196)
        assert not Play.objects.exists()

    def test_what_is_heard_again_counts(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(60)
        say(rest, track, "playing", 60)
        say(rest, track, "playing", 0)  # back to the beginning
        pass_by(50)
        say(rest, track, "stopped", 50)
        assert Play.objects.get().heard_s == pytest.approx(110, abs=2)

    def test_a_late_report_counts_no_more_than_its_position(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(7_200)
        say(rest, track, "stopped", 20)
        assert not Play.objects.exists()

    def test_faster_playing_hears_more_in_less_time(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0, playbackRate="2.0")
        pass_by(60)
        say(rest, track, "stopped", 120)
        assert Play.objects.get().heard_s == pytest.approx(120, abs=2)

    def test_ignore_scrobble_counts_nothing_and_tells_nobody(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0, ignoreScrobble=True)
        pass_by(200)
        say(rest, track, "stopped", 200, ignoreScrobble=True)
        assert not Play.objects.exists()
        assert told_services() == []

    def test_services_are_told_once_that_it_plays(self, rest: Any, track: Track) -> None:
        say(rest, track, "starting", 0)
        assert told_services() == []
        say(rest, track, "playing", 0)
        assert told_services() == [track.pk]
        say(rest, track, "playing", 1)
        say(rest, track, "paused", 1)
        say(rest, track, "playing", 1)
        assert told_services() == []
        rest("scrobble", id=tr(track), submission=False)  # some say both
        assert told_services() == []

    def test_an_app_that_fell_silent_after_hearing_enough(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(110)
        say(rest, track, "playing", 110)
        pass_by(200 + 1_700)
        sweep()
        assert NowPlaying.objects.exists()
        pass_by(200)
        sweep()
        assert not NowPlaying.objects.exists()
        assert Play.objects.get().heard_s == pytest.approx(110, abs=2)

    def test_an_app_that_fell_silent_before_it(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(24 * 3_600)
        say(rest, make_track(), "playing", 0)
        sweep()
        assert not Play.objects.exists()

    def test_a_late_stop_of_an_earlier_track_changes_nothing(self, rest: Any, track: Track) -> None:
        other = make_track(duration_s=10)
        say(rest, other, "playing", 0)
        say(rest, track, "stopped", 200)
        row = NowPlaying.objects.get()
        assert (row.track, row.state) == (other, "playing")

    @pytest.mark.parametrize(("wrong", "code"), [
        ({"mediaId": "tr-99999999"}, 70), ({"mediaId": "al-1"}, 70), ({"mediaId": ""}, 10),
        ({"mediaType": "video"}, 0), ({"mediaType": ""}, 10),
        ({"positionMs": "-1"}, 0), ({"positionMs": ""}, 10), ({"positionMs": "1.5s"}, 0),
        ({"state": "completed"}, 0), ({"state": ""}, 10), ({"playbackRate": "nan"}, 0),
        ({"playbackRate": "0"}, 0), ({"playbackRate": "inf"}, 0), ({"ignoreScrobble": "maybe"}, 0),
    ])  # fmt: skip
    def test_what_makes_no_sense(
        self, rest: Any, track: Track, wrong: dict[str, str], code: int
    ) -> None:
        given = {"mediaId": tr(track), "mediaType": "song", "positionMs": 0, "state": "playing"}
        assert rest.error("reportPlayback", **{**given, **wrong})["code"] == code
        assert not NowPlaying.objects.exists()


class TestAppsThatDoBoth:
    """An app that reports and tells its plays: each counts once."""

    def test_told_in_the_middle(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(110)
        rest("scrobble", id=tr(track))
        pass_by(90)
        say(rest, track, "stopped", 200)
        assert Play.objects.count() == 1

    @pytest.mark.parametrize("ago_s", [0, 200])
    def test_told_after_it_stopped(self, rest: Any, track: Track, ago_s: int) -> None:
        """Some tell when it began, some when it ended."""
        say(rest, track, "playing", 0)
        pass_by(200)
        say(rest, track, "stopped", 200)
        rest("scrobble", id=tr(track), time=ms(timezone.now()) - ago_s * 1000)
        assert Play.objects.count() == 1

    def test_told_after_a_pause_of_an_hour(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(110)
        say(rest, track, "paused", 110)
        pass_by(3_600)
        say(rest, track, "playing", 110)
        pass_by(90)
        say(rest, track, "stopped", 200)
        rest("scrobble", id=tr(track))
        assert Play.objects.count() == 1

    def test_told_when_the_next_one_plays_already(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(200)
        say(rest, make_track(duration_s=90), "playing", 0)
        rest("scrobble", id=tr(track), time=ms(timezone.now()))
        assert Play.objects.count() == 1

    def test_what_was_heard_offline_counts_besides(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        rest("scrobble", id=tr(track), time=ms(NOON))
        pass_by(200)
        say(rest, track, "stopped", 200)
        assert Play.objects.count() == 2

    def test_another_app_of_the_user_counts_besides(self, rest: Any, track: Track) -> None:
        say(rest, track, "playing", 0)
        pass_by(150)
        rest("scrobble", id=tr(track), c="another")
        say(rest, track, "stopped", 150)
        assert Play.objects.count() == 2
