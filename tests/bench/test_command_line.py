"""The command lines of the benchmarks: odd values, and an end before the end."""

import importlib
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bench.corpus import ensure_corpus
from tests.bench.test_bench import TRACKS, no_ffmpeg


@pytest.mark.parametrize("value", ["0", "-5", "1.5", "x", ""])
@pytest.mark.parametrize("name", ["lists", "requests", "live", "servers", "page", "identity"])
def test_a_number_of_tracks_that_is_none_is_refused(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program = importlib.import_module(f"bench.{name}.__main__")
    with pytest.raises(SystemExit) as ended:
        program.main([f"--tracks={value}"])
    assert ended.value.code == 2
    assert f"argument --tracks: {value!r} is no number above 0" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "x"])
@pytest.mark.parametrize("name", ["requests", "live"])
def test_a_time_that_is_none_is_refused(
    name: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program = importlib.import_module(f"bench.{name}.__main__")
    with pytest.raises(SystemExit) as ended:
        program.main([f"--seconds={value}"])
    assert ended.value.code == 2
    assert "argument --seconds: " in capsys.readouterr().err


def wait_until_it_serves(process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            with suppress(psutil.NoSuchProcess):
                if "serve" in child.cmdline():
                    return
        time.sleep(0.05)
    pytest.fail("no server was started")


@pytest.mark.server
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_benchmark_leaves_no_server(tmp_path: Path, by: signal.Signals) -> None:
    with no_ffmpeg():
        ensure_corpus(tmp_path / f"m{TRACKS}", TRACKS, tiny=True)
    options = ["--tracks", str(TRACKS), "--tiny", "--seconds", "5", "--bench-dir", str(tmp_path)]
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.requests", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        wait_until_it_serves(process)
        process.send_signal(by)
        # Ends once no process holds the pipe any more: a server that goes on would hold it.
        out, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in out
    assert not (tmp_path / "requests").exists()
