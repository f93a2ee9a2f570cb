"""Metrics of the library: from the database its size and all scans, whichever process ran them, and
of this process whether it watches the music folders."""

import logging
import threading
from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import REGISTRY, Collector

from library.models.catalogue import Track
from library.models.scan import Scan, ScanFailure, ScanState
from library.runner.watching import watch_state

COUNTS = ("seen", "added", "updated", "moved", "restored", "joined", "missing", "failed")

logger = logging.getLogger(__name__)

_DURATION = Histogram(
    "mus_scan_duration_seconds",
    "Duration of scans that ended since this process started, by trigger and final state.",
    ["trigger", "state"],
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200),
    registry=None,  # `_database_metrics` reports it after counting the scans that have ended
)
_FILES = Counter(
    "mus_scan_files",
    "Files of these scans, by outcome.",
    ["outcome"],
    registry=None,
)


class _ScanWatch:
    """Counts each finished scan once. One scan runs at a time, so they end in the order of ids."""

    def __init__(self) -> None:
        self._began_at = timezone.now()
        self._counted = 0
        self._lock = threading.Lock()

    def count_finished(self) -> None:
        with self._lock:
            scans = Scan.objects.scans().order_by("pk")
            for scan in scans.filter(finished_at__gte=self._began_at, pk__gt=self._counted):
                _DURATION.labels(scan.trigger, scan.state).observe(scan.duration.total_seconds())
                for name in COUNTS:
                    _FILES.labels(name).inc(getattr(scan, name))
                self._counted = scan.pk


class _DatabaseCollector(Collector):
    def describe(self) -> list[Metric]:
        """Empty, so that registering makes no query. Without this method it would `collect`."""
        return []

    def collect(self) -> Iterator[Metric]:
        is_up = GaugeMetricFamily("mus_database_up", "Whether the database answers.")
        try:
            found = list(_database_metrics())
        except DatabaseError as error:
            logger.warning("The metrics of the library are missing: %s", error)
            found = []
        is_up.add_metric([], bool(found))
        yield from (is_up, *found, *_metrics_of_watching())


def _database_metrics() -> Iterator[Metric]:
    _watch.count_finished()
    yield from (*_DURATION.collect(), *_FILES.collect())
    tracks = GaugeMetricFamily("mus_tracks", "Tracks, by their file.", labels=["file"])
    tracks.add_metric(["present"], Track.objects.present().count())
    tracks.add_metric(["missing"], Track.objects.missing().count())
    yield tracks
    yield _gauge("mus_scan_failures", "Files that cannot be read.", ScanFailure.objects.count())
    running = Scan.objects.scans().filter(state=ScanState.RUNNING).exists()
    yield _gauge("mus_scan_running", "Whether a scan runs.", running)
    last = Scan.objects.scans().filter(state=ScanState.COMPLETED).order_by("-pk").first()
    if last and last.finished_at:
        text = "Time at which the last scan was completed."
        yield _gauge("mus_last_scan_timestamp_seconds", text, last.finished_at.timestamp())


def _metrics_of_watching() -> Iterator[Metric]:
    """Of this process alone. Without watching there are none."""
    if state := watch_state():
        yield _gauge("mus_watcher_up", "Whether changes of files are noticed.", state.is_alive)
        yield _gauge("mus_watched_folders", "Folders that are watched.", state.watched)
        yield _gauge("mus_pending_folders", "Changed folders that wait for a scan.", state.pending)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


_watch = _ScanWatch()
REGISTRY.register(_DatabaseCollector())
