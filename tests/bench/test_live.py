"""The benchmark of the server, on a library of a few tracks: that it measures, never how fast."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import ensure_corpus
from bench.live.__main__ import main
from tests.bench.test_bench import TRACKS, no_ffmpeg

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("bench-live")
    with no_ffmpeg():
        ensure_corpus(folder / f"m{TRACKS}", TRACKS, tiny=False)
    options = ["--tracks", str(TRACKS), "--listeners", "20", "--seconds", "1"]
    assert main([*options, "--bench-dir", str(folder)]) == 0
    assert not (folder / "live").exists()
    (kept,) = Path(folder / "results").glob("*-live.json")
    said: dict[str, Any] = json.loads(kept.read_text())
    return said


def test_requests_are_timed_idle_and_during_a_scan_of_as_many_files(
    figures: dict[str, Any],
) -> None:
    assert figures["latency"]["scanned"] == TRACKS
    for when in ("idle", "scanning"):
        seconds = figures["latency"][when]["seconds"]
        assert set(seconds) == {"GET tracks", "PUT state", "first byte of a stream"}
        assert all(0 < value < 60 for values in seconds.values() for value in values)


def test_a_crowd_asks_idle_and_during_a_scan(figures: dict[str, Any]) -> None:
    crowd = figures["crowd"]
    for when in ("idle", "scanning"):
        assert set(crowd[when]["seconds"]) <= {"page", "search", "stream", "cover"}
        assert crowd[when]["threads"] > 1
        assert crowd[when]["memory_mib"] > 10
    assert len(crowd["idle"]["seconds"]) == 4


def test_slow_clients_read_whole_files(figures: dict[str, Any]) -> None:
    slow = figures["slow_clients"]
    assert slow["clients"] == 10
    assert slow["file_mib"] > 95
    assert slow["speed_mib_s"] > 0


def test_every_listener_heard_of_both_scans(figures: dict[str, Any]) -> None:
    heard = figures["listeners"]
    assert heard["listeners"] == 20
    assert 0 < heard["own_scan_s"] < 30
    assert 0 < heard["other_process_s"] < 30
