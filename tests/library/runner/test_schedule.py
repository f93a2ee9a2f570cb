"""When scans begin by themselves."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from library.models.scan import Scan, ScanState, ScanTrigger
from library.runner.schedule import is_due
from tests.library.runner.house import Administrator, House, wait_until
from tests.web.library_rows import make_scan

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=9)
MOVE = "UPDATE library_scan SET started_at = ?, finished_at = ? WHERE state != 'running'"


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def scanned(began: float, took: float = 1, **fields: object) -> Scan:
    """A scan of everything that began so many seconds ago."""
    started = NOW - seconds(began)
    return make_scan(started_at=started, finished_at=started + seconds(took), **fields)


@pytest.mark.django_db
class TestIsDue:
    @pytest.fixture(autouse=True)
    def interval(self, settings: Settings) -> None:
        settings.SCAN_INTERVAL_SECONDS = 60

    def test_where_nothing_was_ever_scanned(self) -> None:
        assert is_due(NOW, LONG_AGO)

    def test_at_the_start_of_a_server_however_short_ago_the_last_scan_was(self) -> None:
        scanned(began=5)
        assert is_due(NOW, NOW - seconds(2))

    def test_not_again_when_a_scan_began_since_the_start(self) -> None:
        scanned(began=5)
        assert not is_due(NOW, NOW - seconds(6))

    @pytest.mark.parametrize(("began", "due"), [(59, False), (60, True), (61, True)])
    def test_when_the_interval_since_the_last_one_began_is_over(
        self, *, began: float, due: bool
    ) -> None:
        scanned(began)
        assert is_due(NOW, LONG_AGO) is due

    @pytest.mark.parametrize(("began", "due"), [(60, False), (209, False), (210, True)])
    def test_not_before_twenty_times_what_the_last_one_took_have_passed_since_its_end(
        self, *, began: float, due: bool
    ) -> None:
        scanned(began, took=10)
        assert is_due(NOW, LONG_AGO) is due

    @pytest.mark.parametrize("trigger", ["command", "admin", "api", "schedule"])
    @pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
    def test_a_scan_counts_whatever_began_it_and_however_it_ended(
        self, trigger: str, state: str
    ) -> None:
        scanned(began=100)
        scanned(began=10, trigger=trigger, state=state)
        assert not is_due(NOW, LONG_AGO)

    def test_a_scan_of_some_folders_does_not_count(self) -> None:
        scanned(began=100)
        scanned(began=10, folders=["/music/new"])
        assert is_due(NOW, LONG_AGO)

    @pytest.mark.parametrize("folders", [[], ["/music/new"]])
    def test_never_while_one_runs(self, folders: list[str]) -> None:
        scanned(began=100)
        make_scan(state=ScanState.RUNNING, folders=folders)
        assert not is_due(NOW, LONG_AGO)
        assert not is_due(NOW, NOW + seconds(1))

    def test_never_where_the_interval_is_0(self, settings: Settings) -> None:
        settings.SCAN_INTERVAL_SECONDS = 0
        assert not is_due(NOW, LONG_AGO)
        scanned(began=1000)
        assert not is_due(NOW, NOW)

    @pytest.mark.parametrize(("ahead", "due"), [(30, False), (3600, True)])
    def test_a_clock_that_was_put_back_does_not_put_it_off(
        self, *, ahead: float, due: bool
    ) -> None:
        scanned(began=-ahead)
        assert is_due(NOW, LONG_AGO) is due


SCHEDULED: dict[str, Any] = {"trigger": ScanTrigger.SCHEDULE}
AWAY: dict[str, Any] = {
    **SCHEDULED,
    "state": ScanState.COMPLETED,
    "error": "The folder /music/nas holds no music any more.",
}
FAILED: dict[str, Any] = {
    **SCHEDULED,
    "state": ScanState.FAILED,
    "error": "The music folder /music is absent.",
}


@pytest.mark.django_db
class TestTheSameTroubleAgain:
    """Seconds from the last of several scans, all of them in trouble."""

    @pytest.fixture(autouse=True)
    def interval(self, settings: Settings) -> None:
        settings.SCAN_INTERVAL_SECONDS = 60

    @pytest.mark.parametrize("trouble", [AWAY, FAILED])
    @pytest.mark.parametrize(
        ("scans", "minutes"), [(1, 1), (2, 10), (3, 30), (4, 60), (5, 60), (50, 60)]
    )
    def test_waits_longer(self, trouble: dict[str, Any], scans: int, minutes: int) -> None:
        for number in range(scans, 0, -1):
            last = scanned(number * 100, took=0.1, **trouble)
        wait = seconds(60 * minutes)
        assert not is_due(last.started_at + wait - seconds(1), LONG_AGO)
        assert is_due(last.started_at + wait + seconds(1), LONG_AGO)

    @pytest.mark.parametrize(
        "between",
        [
            {},
            SCHEDULED,
            {**AWAY, "error": "Another reason."},
            {**FAILED, "error": "Another reason."},
        ],
    )
    def test_not_after_a_success_or_another_trouble(self, between: dict[str, Any]) -> None:
        for _ in range(3):
            scanned(300, **AWAY)
        scanned(200, **between)
        scanned(100, took=0.1, **AWAY)
        assert is_due(NOW, LONG_AGO)

    def test_one_that_was_cancelled_and_one_of_a_folder_do_not_count(self) -> None:
        scanned(300, **AWAY)
        scanned(250, state=ScanState.CANCELLED)
        scanned(220, folders=["/music/new"])
        scanned(200, took=0.1, **AWAY)
        assert not is_due(NOW, LONG_AGO)
        assert is_due(NOW + seconds(401), LONG_AGO)

    def test_scans_by_hand_do_not_count(self) -> None:
        by_hand = {**AWAY, "trigger": ScanTrigger.ADMIN}
        scanned(500, took=0.1, **AWAY)
        for began in (400, 300, 200, 100):
            scanned(began, took=0.1, **by_hand)
        assert is_due(NOW, LONG_AGO)

    def test_one_by_hand_does_not_put_the_pause_off(self) -> None:
        for began in (800, 700):
            scanned(began, took=0.1, **AWAY)
        scanned(100, took=0.1, **{**AWAY, "trigger": ScanTrigger.ADMIN})
        assert is_due(NOW, LONG_AGO)

    def test_what_a_dying_process_said_last_is_no_other_reason(self) -> None:
        for number in range(2):
            error = f"Killed by SIGKILL.\nIt last said:\nScan began: scan={number}"
            scanned(100, **{**FAILED, "error": error})
        assert not is_due(NOW, LONG_AGO)

    def test_a_server_that_starts_scans_all_the_same(self) -> None:
        for _ in range(5):
            scanned(100, **AWAY)
        assert is_due(NOW, NOW - seconds(2))

    def test_an_interval_that_is_longer_stays(self, settings: Settings) -> None:
        settings.SCAN_INTERVAL_SECONDS = 7200
        for _ in range(5):
            scanned(3700, **AWAY)
        assert not is_due(NOW, LONG_AGO)


@pytest.mark.server
def test_a_server_scans_when_it_starts_and_again_when_the_interval_is_over(house: House) -> None:
    with house.serve():
        wait_until(house.is_over)
        assert [scan["trigger"] for scan in house.scans()] == ["schedule"]
        put_off(house)
        wait_until(lambda: len(house.scans()) == 2)
    assert house.last_scan()["trigger"] == "schedule"


@pytest.mark.server
def test_with_an_interval_of_0_only_users_begin_scans(house: House) -> None:
    with house.serve(SCAN_INTERVAL_SECONDS="0") as server:
        Administrator(server).start()
        wait_until(house.is_over)
    assert [scan["trigger"] for scan in house.scans()] == ["admin"]


@pytest.mark.server
def test_two_servers_on_one_database_share_one_schedule(house: House) -> None:
    with house.serve() as first, house.serve() as second:
        for number in range(2, 5):  # each server begins with a scan; then they share
            wait_until(partial(have_ended, house, number))
            assert len(house.scans()) == number
            put_off(house)  # both see at once that the next one is due
        for server in (first, second):
            assert server.end()[0] == 0
    assert {scan["trigger"] for scan in house.scans()} == {"schedule"}
    assert len(house.events()) == len(house.scans())


def put_off(house: House) -> None:
    """As if all scans had been an hour ago."""
    then = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%d %H:%M:%S.%f}"
    house.execute(MOVE, then, then)


def have_ended(house: House, number: int) -> bool:
    return len(house.scans()) >= number and house.is_over()


@pytest.mark.server
def test_a_database_that_fails_for_a_while_does_not_end_the_schedule(house: House) -> None:
    with house.serve() as server:
        wait_until(house.is_over)
        house.execute("ALTER TABLE library_scan RENAME TO away")
        wait_until(lambda: "The schedule could not look for scans" in server.output())
        house.execute("ALTER TABLE away RENAME TO library_scan")
        put_off(house)
        wait_until(lambda: len(house.scans()) == 2)
