"""Metrics of what this process has noticed: failed logins, answers that the database failed, the
channel layer, and the room for data."""

import shutil
from collections.abc import Iterator
from contextlib import suppress

from django.conf import settings
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import REGISTRY, Collector

from accounts.failed_logins import failed_logins
from asgi.database_away import failed_answers
from events.bell import is_layer_away


class _ProcessCollector(Collector):
    def describe(self) -> list[Metric]:
        """Empty, so that registering measures nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        logins = CounterMetricFamily(
            "mus_failed_logins", "Logins with a wrong password, by its kind.", labels=["by"]
        )
        for kind, number in failed_logins.counts().items():
            logins.add_metric([kind], number)
        yield logins
        text = "Requests that were answered 503 because the database could not be used."
        yield CounterMetricFamily("mus_database_errors", text, value=failed_answers.total())
        text = "Whether the channel layer worked when it was used last."
        yield GaugeMetricFamily("mus_channel_layer_up", text, value=not is_layer_away())
        with suppress(OSError):  # without a folder to measure there is no such metric
            free = shutil.disk_usage(settings.DATA_DIR).free
            yield GaugeMetricFamily("mus_data_free_bytes", "Room left for DATA_DIR.", value=free)


REGISTRY.register(_ProcessCollector())
