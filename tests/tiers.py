"""Which tests are marked `slow`: `make test` leaves these to `make test-all`, and so to `make ci`.

`make test` must be over within ten minutes on two processors. Slow are tests in Chromium, except
for a few files that go through the player once, and the files below, which take longest.
"""

from typing import Any

import pytest

QUICK_IN_A_BROWSER = (
    "tests/browser/sound/test_playing.py",
    "tests/browser/test_login_pages.py",
    "tests/browser/test_playlists.py",
    "tests/browser/test_search.py",
    "tests/browser/test_shell.py",
)
# The beginnings of paths: whole folders, or files.
SLOW = (
    "tests/api/test_fuzzed.py",
    "tests/api/test_sync_client.py",
    "tests/api/test_sync_random.py",
    "tests/bench/",
    "tests/events/test_redis.py",
    "tests/library/covers/test_in_turns.py",
    "tests/library/covers/test_made_once.py",
    "tests/library/media/test_hung_disk.py",
    "tests/library/media/test_slow_clients.py",
    "tests/library/queries/test_plans.py",
    "tests/library/runner/test_ends.py",
    "tests/library/runner/test_heard.py",
    "tests/library/runner/test_reread.py",
    "tests/library/runner/test_schedule.py",
    "tests/library/runner/test_watched_tree_random.py",
    "tests/library/runner/test_watching.py",
    "tests/library/runner/test_watching_troubles.py",
    "tests/library/scanning/test_folder_renames.py",
    "tests/library/scanning/test_identity_matrix.py",
    "tests/library/scanning/test_interleavings.py",
    "tests/library/scanning/test_killed_rounds.py",
    "tests/library/scanning/test_parting.py",
    "tests/library/scanning/test_purge_lease.py",
    "tests/listening/scrobbling/test_killed.py",
    "tests/operations/backup/test_interrupted.py",
    "tests/operations/backup/test_postgresql.py",
    "tests/operations/backup/test_sqlite.py",
    "tests/operations/deploy/test_fronts.py",
    "tests/operations/deploy/test_proxy_logs.py",
    "tests/operations/deploy/test_restarts.py",
    "tests/operations/moving/test_move_library.py",
    "tests/settings/test_full_disk.py",
    "tests/settings/test_private_data.py",
    "tests/settings/test_read_only_data.py",
    "tests/settings/test_start.py",
    "tests/settings/test_upgrade.py",
    "tests/settings/test_upgrade_of_albums.py",
    "tests/settings/test_upgrade_of_folders.py",
    "tests/settings/test_wrong_database.py",
    "tests/soak/",
    "tests/web/test_floods.py",
    "tests/web/test_request_heads.py",
    "tests/web/test_serve.py",
)
_LEFT = "slow tests left out"
_left_out: list[int] = []
"""How many each process left out."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _is_slow(item):
            item.add_marker("slow")


def _is_slow(item: pytest.Item) -> bool:
    file = item.location[0]
    if item.get_closest_marker("browser") and not file.startswith(QUICK_IN_A_BROWSER):
        return True
    return file.startswith(SLOW)


def pytest_deselected(items: list[pytest.Item]) -> None:
    _left_out.append(sum(item.get_closest_marker("slow") is not None for item in items))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of pytest-xdist tells the one that started it."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_LEFT] = sum(_left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Each process collects all tests, so each has left out as many."""
    _left_out[:] = [getattr(node, "workeroutput", {}).get(_LEFT, 0)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if number := sum(_left_out):
        terminalreporter.write_line(
            f"{number} slow tests were left out (tests/tiers.py): `make test-all` runs all."
        )
