"""Who delivers to a service and when: pauses, the lease of an account, and connecting anew."""

from datetime import timedelta

import pytest
from django.utils import timezone

from listening.models import OutboxItem, OutboxState, ScrobbleAccount
from listening.scrobbling import pace
from listening.scrobbling.couriers import due_accounts, sweep
from listening.scrobbling.delivery import deliver as deliver_under
from listening.scrobbling.lease import claim
from listening.scrobbling.secrets import encrypted
from tests.listening.scrobbling.conftest import Account, deliver, due_again, once, play, states
from tests.listening.scrobbling.service import AUTH_TOKEN, TOKEN, USER, Service

pytestmark = pytest.mark.django_db


class TestPauses:
    def test_they_double_by_chance_and_have_an_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pace, "FIRST_PAUSE_S", 20.0)
        assert 15 <= pace.pause_s(1, 0) <= 25
        assert 60 <= pace.pause_s(3, 0) <= 100
        assert pace.pause_s(500, 0) <= 1.25 * pace.LONGEST_PAUSE_S

    def test_a_service_asks_for_a_longer_one(self, account: Account, service: Service) -> None:
        to = account()
        play()
        service.fault = once("429")
        service.headers = {"X-RateLimit-Reset-In": "120"}
        deliver(to)
        assert to.paused_until is not None
        assert 110 < (to.paused_until - timezone.now()).total_seconds() <= 120
        assert due_accounts() == []

    def test_nothing_more_is_sent_once_no_request_is_left(
        self, account: Account, service: Service
    ) -> None:
        to = account()
        play(150)
        service.headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "8"}
        deliver(to)
        assert (len(service.requests), to.failures) == (1, 0)
        assert to.paused_until is not None
        assert to.paused_until > timezone.now() + timedelta(seconds=6)


class TestLease:
    def test_one_of_two_servers_delivers(self, account: Account, service: Service) -> None:
        to = account()
        play()
        lease = claim(to.pk)
        assert lease is not None
        assert due_accounts() == []
        deliver(to)
        assert service.requests == []
        lease.end()
        assert due_accounts() == [to.pk]

    def test_a_server_that_slept_changes_nothing(self, account: Account, service: Service) -> None:
        """The other one has told everything meanwhile."""
        to = account()
        tracks = play(2)
        asleep = claim(to.pk)
        assert asleep is not None
        ScrobbleAccount.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        deliver(to)
        deliver_under(asleep)
        assert service.titles == {each.title: 1 for each in tracks}

    def test_who_was_served_last_comes_last(self, account: Account) -> None:
        first, second = account(), account("lastfm")
        play()
        deliver(first)
        play()
        assert due_accounts() == [second.pk, first.pk]


class TestConnecting:
    @pytest.mark.parametrize(("kind", "secret"), [("listenbrainz", TOKEN), ("lastfm", AUTH_TOKEN)])
    def test_the_service_says_whose_account_it_is(
        self, account: Account, service: Service, kind: str, secret: str
    ) -> None:
        to = account(kind, name="", secret=encrypted(secret), connected_at=None)
        play()
        service.fault = once("500")
        deliver(to)
        unconfirmed = ScrobbleAccount.objects.filter(connected_at=None)
        assert unconfirmed.exists()
        due_again(to)
        deliver(to)
        assert to.name == USER
        assert not unconfirmed.exists()
        assert states(to) == [OutboxState.SENT]

    def test_a_wrong_one_is_said(self, account: Account, kind: str) -> None:
        to = account(kind, name="", secret=encrypted("wrong"), connected_at=None)
        deliver(to)
        assert to.problem.endswith("Connect the account again.")
        assert due_accounts() == []


def test_settled_rows_go_after_a_while(account: Account, service: Service) -> None:
    to = account()
    play(3)
    deliver(to)
    play()
    OutboxItem.objects.filter(state=OutboxState.SENT).update(
        settled_at=timezone.now() - timedelta(days=8)
    )
    sweep()
    assert states(to) == [OutboxState.WAITING]
