"""What the services have in common: what they are told, what they answer, what a client of their
protocol can do."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from listening.models import OutboxItem

Facts = dict[str, Any]
"""What is told of a track; see `listening.scrobbling.facts`."""


class Identity(NamedTuple):
    """The user's name at the service, and the secret with which requests are made from now on."""

    name: str
    secret: str


class Verdict(NamedTuple):
    """What the service made of one play. `reason`: why it refuses it; empty if it took it.
    `is_for_now`: it would take the play later."""

    reason: str = ""
    is_for_now: bool = False


class Told(NamedTuple):
    """A play that the service has."""

    second: int
    artist: str
    title: str


class Client(Protocol):
    """Makes requests with one account's secret.

    Methods that make requests raise `outcomes.Failure`. `most_at_once`: plays in one request.
    `is_idempotent`: the service keeps one of two equal plays of the same second. `pause_s`: how
    long the service wants to be left alone after its last answer.
    """

    most_at_once: int
    is_idempotent: bool
    pause_s: float

    def identify(self) -> Identity:
        """Ask whose secret it is."""

    def why_not(self, item: OutboxItem, now: datetime) -> str:
        """Why the service would refuse this, as far as that is known before; else empty."""

    def tell(self, items: Sequence[OutboxItem]) -> list[Verdict]:
        """Send plays."""

    def told(self, first: int, last: int) -> list[Told]:
        """The plays that began from the second `first` to the second `last`.

        Raises CannotAsk if the service does not say."""

    def love(self, facts: Facts, *, loved: bool) -> None:
        """Send a favourite, or that it is none any more."""

    def now_playing(self, facts: Facts) -> None:
        """Send what plays at the moment."""


def second_of(item: OutboxItem) -> int:
    """When the play began, in seconds since 1970."""
    return int(item.started_at.timestamp()) if item.started_at else 0
