"""Who listens hears of every scan once, whoever began it, and also across a killed server."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.audio_files import make_audio
from tests.databases import copy_database
from tests.events.browsers import listen
from tests.library.runner.conftest import FILES
from tests.library.runner.house import USER, Administrator, House, kill, wait_until
from tests.web.served import PROJECT_DIR, environment, manage

pytestmark = pytest.mark.server


@pytest.fixture
def small(tmp_path: Path, database: Path) -> House:
    """A house of one track, and the administrator `ada`."""
    house = House(tmp_path)
    copy_database(database, house.database)
    house.fill(1)
    manage(environment(house.folder, 1), "shell", "--no-imports", "-c", USER).check_returncode()
    return house


def session_of(ada: Administrator) -> str:
    return str(ada.client.cookies["sessionid"])


def test_the_summary_of_a_scan_by_each_of_the_four_triggers_is_heard_once(small: House) -> None:
    def add() -> None:
        make_audio(small.folder / "music" / f"{len(small.scans())} new.mp3")

    def by_api() -> httpx.Response:
        token = ada.client.cookies["csrftoken"]
        return ada.client.post("/api/v1/scans", headers={"X-CSRFToken": token})

    with small.serve() as server:
        ada = Administrator(server)
        with listen(server.url, session_of(ada), "0") as browser:
            counts = browser.hears(1)[0].data["action_payload"]["counts"]
            assert (counts["added"], counts["damaged"]) == (1, 0)
            assert counts["albums"] + counts["added_alone"] == 1
            triggers: list[Callable[[], object]] = [
                ada.start,
                by_api,
                lambda: manage(server.variables, "scan_tracks"),
            ]
            for number, begin in enumerate(triggers, 2):
                add()
                begin()
                summary = browser.hears(number)[-1].data
                assert summary["message_to_show"].startswith("Music library scan completed.")
                assert summary["message_level"] == "success"
                assert summary["action_key"] == "reload_tracks"
                wait_until(small.is_over)
            assert [event.id for event in browser.events] == [1, 2, 3, 4]
    assert [scan["trigger"] for scan in small.scans()] == ["schedule", "admin", "api", "command"]


def test_a_browser_whose_server_and_scan_were_killed_is_told_to_reload_when_it_is_back(
    house: House,
) -> None:
    with house.serve() as server:
        ada = Administrator(server)
        with listen(server.url, session_of(ada), "0") as browser:
            child = house.held_scan(1)
            wait_until(lambda: not browser.is_over.is_set())
            heard = browser.last_event_id
            kill(child.pid)
            kill(server.process.pid)
            wait_until(browser.is_over.is_set)
    with house.serve() as server, listen(server.url, session_of(ada), heard) as browser:
        summaries = [each.data for each in browser.hears(2)]
    assert [each["message_level"] for each in summaries] == ["error", "success"]
    assert summaries[-1]["action_key"] == "reload_tracks"
    assert summaries[0]["message_to_show"].startswith(
        ("Music library scan failed.", "Music library scan was interrupted.")
    )


def test_that_a_scans_process_was_killed_is_heard_at_once_and_the_next_scan_starts(
    house: House,
) -> None:
    with house.serve("--no-scan") as server:
        ada = Administrator(server)
        with listen(server.url, session_of(ada)) as browser:
            ada.start()
            kill(house.held_scan(1).pid)
            assert "scan failed" in browser.hears(1)[0].data["message_to_show"]
            assert house.last_scan()["state"] == "failed"
            assert "killed by SIGKILL" in house.last_scan()["message"]
            ada.start()
            finished = browser.hears(2)[1].data
    assert (finished["message_level"], finished["action_key"]) == ("success", "reload_tracks")
    assert [scan["state"] for scan in house.scans()] == ["failed", "completed"]


def test_a_command_killed_in_a_terminal_is_heard_of_by_the_listeners_of_a_server(
    house: House,
) -> None:
    with house.serve("--no-scan") as server:
        ada = Administrator(server)
        command = subprocess.Popen(
            [sys.executable, "manage.py", "scan_tracks", "--quiet", "--batch-size", "25"],
            env=server.variables,
            cwd=PROJECT_DIR,
        )
        with listen(server.url, session_of(ada)) as browser:
            kill(house.held_scan(1).pid)
            command.wait()
            assert "interrupted" in browser.hears(1)[0].data["message_to_show"]
    assert [scan["state"] for scan in house.scans()] == ["failed"]


def test_a_scan_that_went_on_without_its_killed_server_is_told_by_the_next_one(
    house: House,
) -> None:
    with house.serve() as server:
        ada = Administrator(server)
        with listen(server.url, session_of(ada), "0") as browser:
            child = house.held_scan(1)
            heard = browser.last_event_id
            kill(server.process.pid)
            server.process.wait()
            wait_until(browser.is_over.is_set)
    child.resume()
    wait_until(house.is_over)
    with house.serve("--no-scan") as server, listen(server.url, session_of(ada), heard) as browser:
        (told,) = browser.hears(1)
    assert told.data["action_key"] == "reload_tracks"
    assert told.data["action_payload"]["counts"]["added"] == FILES
