"""The benchmark of two servers, with a few listeners: that it measures, never how fast."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.corpus import ensure_corpus
from bench.servers.__main__ import main
from tests.bench.test_bench import TRACKS, no_ffmpeg
from tests.operations.deploy.tools import tool

LISTENERS, SCANS = 20, 2


def run_bench(folder: Path) -> int:
    options = ["--tracks", str(TRACKS), "--listeners", str(LISTENERS), "--scans", str(SCANS)]
    return main([*options, "--bench-dir", str(folder)])


@pytest.mark.server
@pytest.mark.usefixtures("postgresql_server", "redis_server")
def test_every_listener_of_both_servers_heard_each_scan(tmp_path: Path) -> None:
    tool("nginx", "nginx-light")
    with no_ffmpeg():
        ensure_corpus(tmp_path / f"m{TRACKS}", TRACKS, tiny=False)
    assert run_bench(tmp_path) == 0
    assert not (tmp_path / "servers").exists()
    (kept,) = (tmp_path / "results").glob("*-servers.json")
    said: dict[str, Any] = json.loads(kept.read_text())
    for name, has_redis in (("with_redis", True), ("without_redis", False)):
        heard = said[name]
        assert heard["has_redis"] is has_redis
        assert heard["listeners"] == [LISTENERS // 2] * 2
        assert len(heard["seconds"]) == SCANS
        assert all(0 < each < 30 for each in heard["seconds"])


def test_what_is_not_installed_is_named_and_nothing_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("bench.servers.front.PLACES", "nowhere")
    assert run_bench(tmp_path) == 0
    assert "skipped: nginx is not installed: apt install nginx-light" in capsys.readouterr().out
    assert not (tmp_path / "results").exists()
