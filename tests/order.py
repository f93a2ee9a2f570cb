"""In which order the files of tests are run: those first that take longest.

The seconds are rough, of a machine with two idle cores; a file that is not named takes a few. With
`--durations=50` pytest tells what takes how long.
"""

FIRST = ("tests/browser/sound/", "tests/browser/")
SECONDS = {
    "tests/browser/sound/test_on_a_phone.py": 50,
}


def place_in_order(file: str) -> tuple[int, int, str]:
    """A file's place among all: smaller is earlier."""
    folder = next((n for n, name in enumerate(FIRST) if file.startswith(name)), len(FIRST))
    return folder, -SECONDS.get(file, 0), file
