"""A server reads files again that another version of mus has read, and is not in anybody's way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.library.runner.house import Administrator, House, wait_until
from tests.web.served import environment, manage

COUNT = "SELECT count(*) AS number FROM library_track WHERE read_with {} ''"
LASTING = "SELECT id, path, added_at, updated_at, revision, title FROM library_track ORDER BY id"
BY_HAND = {"SCAN_INTERVAL_SECONDS": "0"}


def number(house: House, comparison: str) -> int:
    return int(house.query(COUNT.format(comparison))[0]["number"])


def is_up_to_date(house: House) -> bool:
    return number(house, "=") == 0


@pytest.fixture
def old(house: House) -> House:
    """A house whose tracks the version before has read."""
    done = manage(environment(house.folder, 1), "scan_tracks", "--quiet", "--workers", "1")
    assert done.returncode == 0, done.stderr
    house.execute("UPDATE library_track SET read_with = ''")
    return house


def skip_pause(house: House) -> None:
    """As if the last portion had been yesterday."""
    then = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}"
    house.execute(
        "UPDATE library_scan SET started_at = ?, finished_at = ? "
        "WHERE kind = 'reread' AND state != 'running'",
        then,
        then,
    )


def wait_until_read_again(house: House) -> None:
    """However many portions that takes on a machine that is busy."""

    def is_done() -> bool:
        skip_pause(house)
        return is_up_to_date(house) and house.is_over()

    wait_until(is_done, pause_s=0.2)


def rereading(house: House) -> list[dict[str, Any]]:
    return house.query("SELECT * FROM library_scan WHERE kind = 'reread' ORDER BY id")


@pytest.mark.server
def test_a_server_reads_outdated_files_and_nobody_notices(old: House) -> None:
    before, events = old.query(LASTING), len(old.events())
    with old.serve(**BY_HAND):
        wait_until_read_again(old)
    assert old.query(LASTING) == before
    assert len(old.events()) == events
    (row,) = rereading(old)
    assert (row["state"], row["trigger"], row["updated"]) == ("completed", "schedule", 0)


@pytest.mark.server
def test_a_change_that_is_shown_is_announced_without_a_message(old: House) -> None:
    old.execute("UPDATE library_track SET title = 'old' WHERE path = '3/3.mp3'")
    events = len(old.events())
    with old.serve(**BY_HAND):
        wait_until_read_again(old)
    (event,) = old.events()[events:]
    assert (event["message_to_show"], event["action_key"]) == ("", "reload_tracks")
    (title,) = old.query("SELECT title FROM library_track WHERE path = '3/3.mp3'")
    assert title["title"] == "3"


@pytest.mark.server
def test_a_scan_that_somebody_asks_for_does_not_wait_for_a_portion(old: House) -> None:
    scans = len(old.scans())
    with old.serve(**BY_HAND) as server:
        child = old.held_scan(scans + 1)
        assert old.last_scan()["kind"] == "reread"
        administrator = Administrator(server)
        assert "has begun" in administrator.follow(administrator.start())
        wait_until(lambda: old.last_scan()["kind"] == "scan" and old.is_over())
        assert old.last_scan()["state"] == "completed"
        (portion,) = rereading(old)
        assert (portion["state"], portion["error"]) == ("completed", "")
        child.resume()
        wait_until(lambda: not child.is_running() or child.status() == "zombie")
        assert not is_up_to_date(old)
        wait_until_read_again(old)


@pytest.mark.server
def test_a_killed_portion_leaves_what_it_stored_and_the_next_one_goes_on(old: House) -> None:
    before, scans = old.query(LASTING), len(old.scans())
    with old.serve(**BY_HAND):
        child = old.held_scan(scans + 1)
        stored = number(old, "<>")
        child.kill()
        wait_until(old.is_over)
        assert old.last_scan()["state"] == "failed"
        assert number(old, "<>") >= stored
        wait_until_read_again(old)
    assert old.query(LASTING) == before


@pytest.mark.server
def test_a_portion_can_be_cancelled_and_is_not_begun_again_at_once(old: House) -> None:
    scans = len(old.scans())
    with old.serve(**BY_HAND) as server:
        child = old.held_scan(scans + 1)
        administrator = Administrator(server)
        administrator.cancel(old.last_scan()["id"])
        child.resume()
        wait_until(old.is_over)
        assert old.last_scan()["state"] == "cancelled"


@pytest.mark.server
def test_the_command_reads_one_portion_after_a_scan_and_says_so(old: House) -> None:
    done = manage(environment(old.folder, 1), "scan_tracks")
    assert done.returncode == 0, done.stderr
    read = number(old, "<>")
    assert read > 0
    assert ("Reading again" in done.stdout) == (read < 1500)
    (current,) = old.query("SELECT max(read_with) AS version FROM library_track")
    old.execute("UPDATE library_track SET read_with = ?", current["version"])
    old.execute("UPDATE library_track SET read_with = '' WHERE path < '5'")
    done = manage(environment(old.folder, 1), "scan_tracks")
    told = "Reading again after an upgrade or a changed setting: 750 of 1,500 tracks."
    assert told in done.stdout
    assert "scan_tracks --full" in done.stdout
    done = manage(environment(old.folder, 1), "scan_tracks", "--full")
    assert is_up_to_date(old)
