"""Each play reaches a service once, whatever happens to requests and to the server."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from listening.favourites import change_favourites
from listening.models import OutboxItem, OutboxState, ScrobbleAccount
from listening.scrobbling.couriers import due_accounts
from listening.scrobbling.lease import Lease, claim
from tests.listening.scrobbling.conftest import (
    Account,
    deliver,
    due_again,
    once,
    play,
    reasons,
    states,
)
from tests.listening.scrobbling.service import (
    FAULTS,
    FAULTS_AFTER,
    FAULTS_UNCLEAR,
    NONE,
    Listen,
    Service,
)

pytestmark = pytest.mark.django_db

MBID = "b1a9c0e9-d987-4042-ae91-78d6a3267d69"


def test_plays_are_told_in_their_order_in_batches(
    account: Account, service: Service, kind: str
) -> None:
    to = account(kind)
    tracks = play(120)
    deliver(to)
    assert [each.title for each in service.listens] == [each.title for each in tracks]
    assert len(service.requests) == {"listenbrainz": 2, "lastfm": 3}[kind]
    assert set(states(to)) == {OutboxState.SENT}


def test_libre_fm_takes_another_key(account: Account, service: Service) -> None:
    to = account("librefm")
    (track,) = play()
    deliver(to)
    assert service.titles == {track.title: 1}


def test_a_key_that_a_service_does_not_know_is_said_and_costs_no_play(
    account: Account, settings: Settings
) -> None:
    settings.LASTFM_API_KEY = "0" * 32
    to = account("lastfm")
    play()
    deliver(to)
    assert "The administrator has to see to its key" in to.last_failure
    assert (states(to), to.problem) == ([OutboxState.WAITING], "")


def test_what_a_service_is_told(account: Account, service: Service) -> None:
    account()
    account("lastfm")
    facts: dict[str, Any] = {
        # PostgreSQL stores no such character.
        "title": "Hyper\0ballad" if connection.vendor == "sqlite" else "Hyperballad",
        "artist": "Björk",
        "album_title": "Post",
        "album_artist": "Björk",
        "track_number": 4,
        "duration_s": 321.5,
        "musicbrainz_recording_id": MBID.upper(),
        "musicbrainz_release_id": "no id",
        "musicbrainz_artist_ids": [MBID, "x"],
    }
    play(1, **facts)
    for each in ScrobbleAccount.objects.all():
        deliver(each)
    listenbrainz, lastfm = service.bodies
    (listen,) = listenbrainz["payload"]
    assert listenbrainz["listen_type"] == "single"
    told = listen["track_metadata"]
    assert (told["artist_name"], told["track_name"], told["release_name"]) == (
        *("Björk", "Hyperballad", "Post"),
    )
    info = told["additional_info"]
    assert (info["recording_mbid"], info["artist_mbids"]) == (MBID, [MBID])
    assert (info["duration_ms"], info["submission_client"]) == (321500, "mus")
    assert "release_mbid" not in info
    assert {name: lastfm[f"{name}[0]"] for name in ("artist", "album", "mbid", "trackNumber")} == {
        "artist": "Björk",
        "album": "Post",
        "mbid": MBID,
        "trackNumber": "4",
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_a_request_that_fails_costs_no_play_and_doubles_none(
    account: Account, service: Service, kind: str, fault: str
) -> None:
    to = account(kind)
    tracks = play(3)
    service.fault = once(fault)
    deliver(to)
    if fault == "401" and kind == "listenbrainz":
        assert "Something is wrong" in to.problem
    else:
        assert (to.failures, bool(to.last_failure), to.problem) == (1, True, "")
    due_again(to)
    deliver(to)
    assert service.titles == {each.title: 1 for each in tracks}
    assert set(states(to)) == {OutboxState.SENT}
    assert (to.failures, to.last_failure) == (0, "")


@pytest.mark.parametrize("fault", [*FAULTS_UNCLEAR, *FAULTS_AFTER])
def test_a_service_that_cannot_be_asked_gets_the_same_again_if_it_unites_plays(
    account: Account, service: Service, fault: str
) -> None:
    service.is_asked, service.unites = False, True
    to = account()
    tracks = play(3)
    service.fault = once(fault, "submit-listens")
    deliver(to)
    due_again(to)
    deliver(to)
    assert service.titles == {each.title: 1 for each in tracks}
    assert set(states(to)) == {OutboxState.SENT}


def test_a_service_that_cannot_be_asked_and_would_double_gets_nothing_again(
    account: Account, service: Service
) -> None:
    service.is_private = True
    to = account("lastfm")
    play()
    service.fault = once("lost")
    deliver(to)
    due_again(to)
    deliver(to)
    assert len(service.listens) == 1
    assert states(to) == [OutboxState.REFUSED]
    assert "does not say whether it has it" in reasons(to)[0]


def test_a_service_that_never_answers_in_its_protocol_gets_a_play_ten_times_at_most(
    account: Account, service: Service
) -> None:
    service.is_asked, service.unites = False, True
    service.fault = lambda path: "garbage after" if path.endswith("submit-listens") else NONE
    to = account()
    play()
    for _ in range(15):
        due_again(to)
        deliver(to)
    assert states(to) == [OutboxState.REFUSED]
    assert service.requests.count("POST /1/submit-listens") == 10


def test_a_plain_ok_is_an_answer(account: Account, service: Service) -> None:
    service.fault = lambda _: "ok after"
    to = account()
    play(2)
    deliver(to)
    assert set(states(to)) == {OutboxState.SENT}


def test_an_account_that_is_turned_off_is_left_alone(account: Account) -> None:
    """Neither what waits nor what comes is told."""
    to = account()
    play()
    ScrobbleAccount.objects.update(is_enabled=False)
    play()
    assert due_accounts() == []
    assert len(states(to)) == 1


def test_asking_fails_too(account: Account, service: Service, kind: str) -> None:
    to = account(kind)
    tracks = play(3)
    faults = ["lost", "500", "garbage", "slow"]
    service.fault = lambda _: faults.pop(0) if faults else NONE
    for _ in range(5):
        deliver(to)
        due_again(to)
    assert service.titles == {each.title: 1 for each in tracks}


def test_after_a_kill_the_service_is_asked_first(
    account: Account, service: Service, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies right after the request, before anything else is written."""
    to = account(kind)
    tracks = play(3)
    with monkeypatch.context() as patch:
        for name in ("mark_arrived", "end_with_failure"):
            patch.setattr(Lease, name, lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            deliver(to)
    assert set(states(to)) == {OutboxState.ASKING}
    assert claim(to.pk) is None  # until its time is over, since the process may live
    ScrobbleAccount.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    deliver(to)
    assert service.titles == {each.title: 1 for each in tracks}
    assert set(states(to)) == {OutboxState.SENT}


def test_plays_of_another_program_are_not_taken_for_ours(
    account: Account, service: Service
) -> None:
    to = account()
    (track,) = play()
    second = int(OutboxItem.objects.get().started_at.timestamp())  # type: ignore[union-attr]
    service.take([Listen(second - 1, track.artist, track.title)])
    service.fault = once("500")
    deliver(to)
    due_again(to)
    deliver(to)
    assert [each.second for each in service.listens] == [second - 1, second]


@pytest.mark.parametrize("count", [1, 7, 60])
def test_what_is_refused_costs_no_other(
    account: Account, service: Service, kind: str, count: int
) -> None:
    to = account(kind)
    tracks = play(count)
    bad = {tracks[count // 2].title}
    service.refuses = bad
    deliver(to)
    assert service.titles == {each.title: 1 for each in tracks if each.title not in bad}
    assert states(to).count(OutboxState.REFUSED) == 1
    assert any(each in " ".join(reasons(to)) for each in ("is not good", "ignores this track"))


def test_what_last_fm_never_takes_is_refused_before(account: Account, service: Service) -> None:
    to = account("lastfm")
    play(duration_s=29)
    play(begin=timezone.now() - timedelta(days=15))
    play(artist="")
    (fine,) = play()
    deliver(to)
    assert [each.title for each in service.listens] == [fine.title]
    assert reasons(to) == [
        "Tracks of less than 30 seconds are not taken.",
        "It was played more than 14 days ago.",
        "The file has no title or no artist.",
        "",
    ]


def test_a_full_day_is_waited_out(account: Account, service: Service) -> None:
    to = account("lastfm")
    play()
    service.day_is_full = True
    deliver(to)
    assert states(to) == [OutboxState.WAITING]
    assert to.paused_until is not None
    assert to.paused_until > timezone.now() + timedelta(minutes=50)
    service.day_is_full = False
    due_again(to)
    deliver(to)
    assert states(to) == [OutboxState.SENT]


def test_a_wrong_secret_keeps_everything_for_the_next_one(
    account: Account, service: Service, kind: str
) -> None:
    to = account(kind)
    play(2)
    service.valid = False
    deliver(to)
    assert to.problem.endswith("Connect the account again.")
    assert states(to) == [OutboxState.WAITING] * 2
    assert due_accounts() == []


def test_another_secret_key_asks_to_connect_again_and_loses_nothing(
    account: Account, service: Service, settings: Settings
) -> None:
    to = account()
    play()
    settings.SECRET_KEY = "another" * 10
    deliver(to)
    assert "secret key of this server has changed" in to.problem
    assert states(to) == [OutboxState.WAITING]
    assert service.requests == []


def test_favourites_are_told_in_their_order(account: Account, service: Service, kind: str) -> None:
    to = account(kind)
    (track,) = play(musicbrainz_recording_id=MBID)
    (other,) = play()
    for favourite in (True, False):
        ids = {"track": [track.pk, other.pk]}
        change_favourites(to.user_id, ids if favourite else {}, {} if favourite else ids)
    service.fault = once("lost", "recording-feedback" if kind == "listenbrainz" else "/2.0/")
    deliver(to)
    due_again(to)
    deliver(to)
    loved = list(dict.fromkeys(service.loved))
    if kind == "listenbrainz":  # which knows recordings of MusicBrainz alone
        assert loved == [(MBID, "1"), (MBID, "0")]
    else:
        names = (track.title, other.title)
        assert loved == [(name, f"track.{how}") for how in ("love", "unlove") for name in names]
    assert set(states(to)) == {OutboxState.SENT}


def test_random_faults(account: Account, service: Service, kind: str) -> None:
    """A short version of `soak.scrobbling`, in one process."""
    chance = Random(7)
    to = account(kind)
    tracks = play(60)
    service.slow_s = 1.1
    usual = [fault for fault in FAULTS if fault != "slow"]
    service.fault = lambda _: chance.choice(usual) if chance.random() < 0.7 else NONE
    for _ in range(200):
        due_again(to)
        deliver(to)
        if set(states(to)) == {OutboxState.SENT}:
            break
    assert service.titles == {each.title: 1 for each in tracks}
