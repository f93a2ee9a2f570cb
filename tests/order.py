"""In which order the files of tests are run: those first that take longest.

The seconds are rough; a file that is not named takes less. `--durations=50` tells what takes long.
"""

# Files of one folder stay together: they share a browser, and servers that take long to start.
FIRST = ("tests/browser/sound/", "tests/browser/")
SECONDS = {
    "tests/browser/sound/test_server_away.py": 50,
    "tests/browser/sound/test_kept.py": 45,
    "tests/browser/sound/test_on_a_phone.py": 30,
    "tests/browser/sound/test_login_over.py": 20,
    "tests/browser/sound/test_failing.py": 20,
    "tests/browser/sound/test_queue_undo.py": 15,
    "tests/browser/sound/test_tabs.py": 15,
    "tests/browser/sound/test_playing.py": 15,
    "tests/browser/test_axe.py": 60,
    "tests/browser/test_space_and_seeking.py": 40,
    "tests/browser/test_pages.py": 40,
    "tests/browser/test_library_states.py": 30,
    "tests/browser/test_list_keys.py": 30,
    "tests/browser/test_below_a_path.py": 90,
    "tests/browser/test_odd_tags.py": 30,
    "tests/browser/test_places.py": 25,
    "tests/browser/test_several_rows.py": 20,
    "tests/operations/backup/test_sqlite.py": 50,
    "tests/operations/backup/test_postgresql.py": 50,
    "tests/operations/backup/test_interrupted.py": 45,
    "tests/web/test_serve.py": 40,
    "tests/settings/test_private_data.py": 40,
    "tests/library/scanning/test_identity_matrix.py": 60,
    "tests/library/media/test_slow_clients.py": 30,
    "tests/library/runner/test_schedule.py": 30,
    "tests/bench/test_bench.py": 30,
    "tests/web/test_floods.py": 25,
    "tests/operations/deploy/test_fronts.py": 20,
    "tests/settings/test_wrong_database.py": 15,
    "tests/api/test_scans.py": 15,
    "tests/api/test_fuzzed.py": 12,
}


def place_in_order(file: str) -> tuple[int, int, str]:
    """A file's place among all: smaller is earlier."""
    folder = next((n for n, name in enumerate(FIRST) if file.startswith(name)), len(FIRST))
    return folder, -SECONDS.get(file, 0), file
