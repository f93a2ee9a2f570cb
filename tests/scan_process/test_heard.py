"""Who listens hears of every scan once, whoever began it, and also across a killed server."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.audio_files import make_audio
from tests.events.browsers import Browser, listen
from tests.scan_process.house import USER, Administrator, House, kill, wait_until
from tests.web.served import environment, manage, migrated_database

pytestmark = pytest.mark.server


@pytest.fixture
def small(tmp_path: Path) -> House:
    """A house of one track, and the administrator `ada`."""
    house = House(tmp_path)
    migrated_database(house.folder)
    house.fill(1)
    manage(environment(house.folder, 1), "shell", "--no-imports", "-c", USER).check_returncode()
    return house


def session_of(ada: Administrator) -> str:
    return str(ada.client.cookies["sessionid"])


def hears_one_more(browser: Browser) -> dict[str, Any]:
    return browser.hears(len(browser.events) + 1)[-1].data


def test_the_summary_of_a_scan_by_each_of_the_four_triggers_is_heard_once(small: House) -> None:
    def add() -> None:
        make_audio(small.folder / "music" / f"{len(small.scans())} new.mp3")

    def by_api() -> httpx.Response:
        token = ada.client.cookies["csrftoken"]
        return ada.client.post("/api/v1/scans", headers={"X-CSRFToken": token})

    with small.serve() as server:
        ada = Administrator(server)
        with listen(server.url, session_of(ada), "0") as browser:
            assert browser.hears(1)[0].data["action_payload"]["counts"]["added"] == 1
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
    assert (
        "killed" in summaries[0]["message_to_show"]
        or "interrupted" in summaries[0]["message_to_show"]
    )
