"""Runs `manage.py`, and kills it in the midst."""

import random
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psutil

from bench.live.server import manage
from bench.places import PROJECT_DIR

Environment = dict[str, str]


def run_killed(
    environment: Environment, times: int, rng: random.Random, *arguments: str
) -> tuple[int, float]:
    """Run a command that is killed so many times at random moments, and then once to its end.

    Returns how many runs were killed in fact, and how long the last one took.
    """
    whole_s, killed = _startup_s(environment) * 2, 0
    for _ in range(times):
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments], cwd=PROJECT_DIR, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(rng.uniform(whole_s / 3, whole_s))
        except subprocess.TimeoutExpired:
            killed += 1
            _kill_tree(process)
    began = time.monotonic()
    manage(environment, *arguments)
    return killed, time.monotonic() - began


def _startup_s(environment: Environment) -> float:
    began = time.monotonic()
    manage(environment, "shell", "--no-imports", "-c", "pass")
    return time.monotonic() - began


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    children = []
    with suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    for child in children:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    process.wait()
