"""Prometheus metrics of events. Each server process counts its own."""

from datetime import datetime

from django.utils import timezone
from prometheus_client import Gauge, Histogram

LISTENERS = Gauge("mus_listeners", "Streams of events that are open.")
_DELAY = Histogram(
    "mus_relay_delay_seconds",
    "From the moment an event was stored to that in which it was handed to the listeners.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10, 60),
)


def observe_delay(stored_at: datetime | None) -> None:
    """Record the delay of an event that is being handed to the listeners now.

    None: the event is a substitute for several, which has no time of its own.
    """
    if stored_at is not None:
        # The event may have been stored by another host, whose clock may be ahead.
        _DELAY.observe(max((timezone.now() - stored_at).total_seconds(), 0))
