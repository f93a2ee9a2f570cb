"""A service, an account of a user there, and plays that wait for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from listening.models import OutboxItem, ScrobbleAccount
from listening.plays import NewPlay, store_plays
from listening.scrobbling import pace
from listening.scrobbling.couriers import deliver_to
from listening.scrobbling.secrets import encrypted
from tests.listening.scrobbling.service import (
    API_KEY,
    API_SECRET,
    NONE,
    SESSION,
    TOKEN,
    USER,
    Service,
    running,
)
from tests.web.library_rows import make_track

Account = Callable[..., ScrobbleAccount]
BEGIN = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    with running(Service()) as found:
        settings.LASTFM_API_KEY, settings.LASTFM_API_SECRET = API_KEY, API_SECRET
        settings.SCROBBLE_PRIVATE_NETWORKS = True
        settings.SCROBBLE_ADDRESSES = {
            "listenbrainz": found.url,
            "lastfm": f"{found.url}/2.0/",
            "librefm": f"{found.url}/2.0/",
        }
        yield found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between attempts; an answer takes too long after a second."""
    monkeypatch.setattr(pace, "FIRST_PAUSE_S", 0.0)
    monkeypatch.setattr(pace, "CALL_WITHIN_S", 1.0)


@pytest.fixture
def account(service: Service) -> Account:
    def make(kind: str = "listenbrainz", **fields: Any) -> ScrobbleAccount:
        user, _ = User.objects.get_or_create(username="ada")
        secret = encrypted(TOKEN if kind == "listenbrainz" else SESSION)
        values = {"name": USER, "secret": secret, "connected_at": timezone.now(), **fields}
        return ScrobbleAccount.objects.create(user=user, service=kind, **values)

    return make


def play(number: int = 1, begin: datetime | None = None, **fields: Any) -> list[Track]:
    """The user ada heard so many tracks, one after the other."""
    user, _ = User.objects.get_or_create(username="ada")
    begin = begin or timezone.now().replace(microsecond=0) - timedelta(days=3)
    tracks = [make_track(**{"duration_s": 200, **fields}) for _ in range(number)]
    plays = [
        NewPlay(track_id=track.pk, started_at=begin + timedelta(seconds=200 * place))
        for place, track in enumerate(tracks)
    ]
    assert len(store_plays(user.pk, plays).stored) == number
    return tracks


def deliver(account: ScrobbleAccount, times: int = 1) -> ScrobbleAccount:
    for _ in range(times):
        deliver_to(account.pk)
    account.refresh_from_db()
    return account


def states(account: ScrobbleAccount) -> list[str]:
    found = OutboxItem.objects.filter(account=account).order_by("pk")
    return list(found.values_list("state", flat=True))


def reasons(account: ScrobbleAccount) -> list[str]:
    found = OutboxItem.objects.filter(account=account).order_by("pk")
    return list(found.values_list("reason", flat=True))


def once(fault: str, path: str = "") -> Any:
    """The first request (whose path ends so) fails in this way, and no other."""
    left = [fault]
    return lambda asked: left.pop() if left and asked.endswith(path) else NONE


@pytest.fixture(params=["listenbrainz", "lastfm"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def due_again(account: ScrobbleAccount) -> None:
    ScrobbleAccount.objects.filter(pk=account.pk).update(
        paused_until=None, problem="", claimed_by=""
    )
