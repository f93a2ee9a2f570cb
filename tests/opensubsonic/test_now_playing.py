"""`getNowPlaying`: what all users listen to, in apps and in browsers."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from library.models.catalogue import Track
from listening import who_plays
from listening.devices import report
from listening.models import Device, NowPlaying
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.test_plays import pass_by, say, tr
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def track(db: None) -> Track:
    return make_track(duration_s=200, title="Hyperballad")


def entries(rest: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rest("getNowPlaying")["nowPlaying"]["entry"]
    return found


def test_nobody_plays(rest: Any) -> None:
    assert entries(rest) == []


def test_everybody_sees_what_a_user_begins(rest: Any, admin_rest: Any, track: Track) -> None:
    rest("scrobble", id=tr(track), submission=False, c="DSub")
    pass_by(125)
    (entry,) = entries(admin_rest)
    assert (entry["id"], entry["title"], entry["isDir"]) == (tr(track), "Hyperballad", False)
    assert (entry["username"], entry["minutesAgo"], entry["playerName"]) == ("lee", 2, "DSub")
    assert isinstance(entry["playerId"], int)
    assert "state" not in entry  # it may have paused
    assert "positionMs" not in entry


def test_reports_say_where_the_player_is(rest: Any, track: Track) -> None:
    say(rest, track, "starting", 0)
    assert entries(rest)[0]["state"] == "starting"
    pass_by(20)  # it waits for data
    assert entries(rest)[0]["positionMs"] == 0
    say(rest, track, "playing", 10, playbackRate="1.5")
    pass_by(40)
    (entry,) = entries(rest)
    assert (entry["state"], entry["playbackRate"]) == ("playing", 1.5)
    assert entry["positionMs"] == pytest.approx(70_000, abs=2_000)
    pass_by(1_000)
    assert entries(rest)[0]["positionMs"] == 200_000
    say(rest, track, "paused", 80)
    pass_by(100)
    assert entries(rest)[0]["positionMs"] == 80_000


def test_it_is_gone_when_it_stops_or_long_after_the_end(rest: Any, track: Track) -> None:
    say(rest, track, "playing", 0)
    pass_by(200 + 1_790)
    assert len(entries(rest)) == 1
    pass_by(20)
    assert entries(rest) == []
    say(rest, track, "playing", 0)
    say(rest, track, "stopped", 10)
    assert entries(rest) == []


def test_each_app_of_a_user_and_the_latest_first(rest: Any, track: Track) -> None:
    other = make_track()
    rest("scrobble", id=tr(track), submission=False, c="one")
    rest("scrobble", id=tr(other), submission=False, c="two")
    rest("scrobble", id=tr(other), submission=False, c="one")
    found = entries(rest)
    assert [(each["id"], each["playerName"]) for each in found] == [
        (tr(other), "one"),
        (tr(other), "two"),
    ]
    assert len({each["playerId"] for each in found}) == 2


def test_a_browser_is_listed_as_well(rest: Any, listener: User, track: Track) -> None:
    key, agent = "laptop-0000", "Mozilla/5.0 (X11; Linux) Firefox/130"
    state = {"track_id": track.pk, "position_s": 10.0}
    report(listener.pk, key, agent, {"is_playing": True, "state": state})
    (entry,) = entries(rest)
    assert (entry["id"], entry["state"], entry["username"]) == (tr(track), "playing", "lee")
    assert entry["playerName"] == "Firefox on Linux"
    assert entry["positionMs"] == pytest.approx(10_000, abs=5_000)
    Device.objects.update(last_seen_at=F("last_seen_at") - timedelta(minutes=5))
    assert entries(rest) == []


def test_users_who_are_not_active_are_not_shown(
    rest: Any, administrator: User, listener: User, track: Track
) -> None:
    rest("scrobble", id=tr(track), submission=False)
    report(listener.pk, "laptop-0000", "", {"is_playing": True, "state": {"track_id": track.pk}})
    assert len(entries(Rest(administrator))) == 2
    User.objects.filter(pk=listener.pk).update(is_active=False)
    assert entries(Rest(administrator)) == []


def test_a_track_whose_file_is_gone_is_not_listed(rest: Any) -> None:
    rest("scrobble", id=tr(make_track(missing=True)), submission=False)
    assert NowPlaying.objects.exists()
    assert entries(rest) == []


def test_the_list_and_its_statements_are_bounded(
    rest: Any, track: Track, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        rest("scrobble", id=tr(track), submission=False, c=f"app {number}")
    entries(rest)
    few = len(rest.statements)
    for number in range(3, 12):
        rest("scrobble", id=tr(make_track()), submission=False, c=f"app {number}")
    assert len(entries(rest)) == 12
    assert len(rest.statements) == few
    monkeypatch.setattr(who_plays, "MOST_SHOWN", 5)
    assert [each["playerName"] for each in entries(rest)][-1] == "app 7"
