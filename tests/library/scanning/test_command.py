"""`manage.py scan_tracks` as people and scripts use it."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audio_files import make_audio
from tests.databases import IS_POSTGRESQL, drop_database, execute
from tests.library.scanning.conftest import PROJECT_DIR, Installation

Process = subprocess.Popen[str]


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        make_audio(folder / f"{number}.mp3", title=f"Song {number}")


def test_it_says_at_the_end_what_was_done(installation: Installation) -> None:
    fill(installation.music, 3)
    done = installation.manage("scan_tracks")
    assert done.returncode == 0
    assert "Music library scan completed. 3 items processed." in done.stdout
    rows = [line.split() for line in done.stdout.splitlines()]
    seen = rows.index(["seen", "3"])  # behind a line with the rate, if the scan took long
    assert rows[seen + 1] == ["added", "3"]


def test_failures_are_named_and_have_an_exit_code_of_their_own(installation: Installation) -> None:
    fill(installation.music, 1)
    for number in range(12):
        (installation.music / f"bad {number}.mp3").write_text("text")
    done = installation.manage("scan_tracks")
    assert done.returncode == 3
    assert "bad 0.mp3: " in done.stdout
    assert done.stdout.count("bad ") == 10
    assert "Scan failures" in done.stdout


def test_json_is_one_line_a_scan(installation: Installation) -> None:
    fill(installation.music, 2)
    done = installation.manage("scan_tracks", "--json")
    report = json.loads(done.stdout)
    assert report["counts"]["added"] == 2
    assert report["state"] == "completed"
    assert report["transactions"] >= 1
    assert report["purged"] is None


def test_quiet_says_nothing_but_errors(installation: Installation) -> None:
    fill(installation.music, 1)
    installation.environment["LOG_LEVEL"] = "WARNING"
    done = installation.manage("scan_tracks", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    shutil.rmtree(installation.music)
    done = installation.manage("scan_tracks", "--quiet")
    assert done.returncode == 5
    assert "mounted" in done.stderr


def test_a_vanished_root_has_an_exit_code_of_its_own(installation: Installation) -> None:
    fill(installation.music, 1)
    installation.scan()
    (installation.music / "0.mp3").unlink()
    report = installation.scan()
    assert report["exit_code"] == 5
    assert installation.scan("--allow-empty")["exit_code"] == 0


def test_missing_tracks_are_pruned_only_when_asked(installation: Installation) -> None:
    fill(installation.music, 2)
    installation.scan()
    (installation.music / "0.mp3").unlink()
    assert installation.scan()["purged"] is None
    assert installation.query("SELECT count(*) FROM library_track") == [(2,)]
    assert installation.scan("--prune-missing")["purged"]["tracks"] == 1
    assert installation.query("SELECT count(*) FROM library_track") == [(1,)]


def test_with_folders_only_missing_tracks_below_them_are_pruned(
    installation: Installation,
) -> None:
    for name in ("In", "In/deep", "In2", "in"):
        fill(installation.music / name, 2)
    installation.scan()
    for name in ("In", "In/deep", "In2", "in"):
        (installation.music / name / "0.mp3").unlink()
    installation.scan()
    report = installation.scan("--prune-missing", str(installation.music / "In"))
    assert report["purged"]["tracks"] == 2
    missing = "SELECT path FROM library_track WHERE missing_since IS NOT NULL ORDER BY path"
    assert sorted(installation.query(missing)) == [("In2/0.mp3",), ("in/0.mp3",)]
    assert installation.scan("--prune-missing")["purged"]["tracks"] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--workers", "65"), "workers: found 65; allowed: 0 to 64"),
        (("--workers", "two"), "invalid int value: 'two'"),
        (("--batch-size", "0"), "batch size: found 0; allowed: 1 to 10000"),
        (("--every", "-1"), "--every"),
        (("--every", "nan"), "--every: found nan; allowed: a number of seconds above 0"),
        (("--every", "inf"), "--every: found inf; allowed: a number of seconds above 0"),
        (("--every", "often"), "invalid float value: 'often'"),
        (("/somewhere/else",), "is not in a music folder"),
        (("",), "argument folders: found an empty name; name a folder"),
        (("--no-such-option",), "unrecognized arguments"),
    ],
)
def test_a_bad_option_is_named_with_what_is_allowed(
    installation: Installation, arguments: tuple[str, ...], said: str
) -> None:
    done = installation.manage("scan_tracks", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_is_taken_from_where_one_stands(installation: Installation) -> None:
    fill(installation.music / "one", 1)
    fill(installation.music / "two", 1)
    relative = os.path.relpath(installation.music / "one", PROJECT_DIR)
    assert installation.scan(relative)["counts"]["seen"] == 1


def test_every_scans_again_until_it_is_ended(
    installation: Installation, ended: Callable[[Process], Process]
) -> None:
    fill(installation.music, 1)
    process = ended(installation.start("scan_tracks", "--every", "0.2", "--quiet"))
    deadline = time.monotonic() + 30
    while installation.query("SELECT count(*) FROM library_scan WHERE state = 'completed'") < [
        (3,)
    ]:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) in (0, 7)
    assert installation.query("SELECT count(*) FROM library_scan WHERE state = 'running'") == [(0,)]


def test_a_terminal_shows_a_live_bar(installation: Installation) -> None:
    fill(installation.music, 400)
    controller, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    process = subprocess.Popen(
        [sys.executable, "manage.py", "scan_tracks"],
        env={**installation.environment, "TERM": "xterm"},
        cwd=PROJECT_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    )
    os.close(terminal)
    shown = b""
    while select.select([controller], [], [], 30)[0]:
        try:
            shown += os.read(controller, 4096)
        except OSError:  # the other end is closed
            break
    os.close(controller)
    assert process.wait(timeout=30) == 0
    text = shown.decode()
    assert "/400 [" in text  # of how many, counted before
    assert "files/s" in text


def test_without_a_database_it_says_what_to_do(installation: Installation) -> None:
    drop_database(installation.database)
    done = installation.manage("scan_tracks")
    assert done.returncode == 6
    assert ("Check that it exists" if IS_POSTGRESQL else "migrate") in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_database_is_told_in_one_line(installation: Installation) -> None:
    execute(installation.database, "ALTER TABLE library_scan RENAME TO not_made_yet")
    done = installation.manage("scan_tracks")
    assert done.returncode == 6
    assert re.fullmatch(
        r"CommandError: The database cannot be used: .*\. If it is new, run manage\.py migrate\.\n",
        done.stderr,
    )


def test_a_wrong_setting_has_an_exit_code_that_its_help_names(installation: Installation) -> None:
    installation.environment["SCAN_WORKERS"] = "many"
    done = installation.manage("scan_tracks")
    assert done.returncode == 78
    assert "SCAN_WORKERS: found 'many'" in done.stderr
    del installation.environment["SCAN_WORKERS"]
    assert "  78  a setting is wrong" in installation.manage("scan_tracks", "--help").stdout


def test_a_hint_of_a_check_is_indented(installation: Installation) -> None:
    shutil.rmtree(installation.music)
    assert "\n\tHINT: " in installation.manage("scan_tracks").stderr


def test_the_command_scans_at_any_niceness(installation: Installation) -> None:
    make_audio(installation.music / "a.mp3")
    report = installation.scan("--nice=19", before=("nice", "-n", "15"))
    assert (report["state"], report["counts"]["added"]) == ("completed", 1)


@pytest.mark.parametrize("number", ["-1", "20", "99999999999999999999"])
def test_a_niceness_that_there_is_not_is_a_bad_option(
    installation: Installation, number: str
) -> None:
    done = installation.manage("scan_tracks", f"--nice={number}")
    assert done.returncode == 2
    assert f"--nice: found {number}; allowed: 0 to 19." in done.stderr
