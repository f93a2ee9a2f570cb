"""A database of an older version, brought up to this one."""

import json
from pathlib import Path

import pytest

from tests.databases import place_in, query
from tests.web.served import environment, manage

LONG = "".join(chr(0x4E00 + 7 * number % 20_000) for number in range(866))
"""2,598 bytes that say nothing twice, as many as the index of before took."""
FILL = f"""
from tests.web.library_rows import make_track
long = {json.dumps(LONG)}
key = long[:200]
make_track(title="long", search_text=long, title_key=key, artist_key=key[::-1], album_key=key[1:])
make_track(title="short", search_text="Bj\\u00f6rk " * 40, title_key="x" * 200)
"""


@pytest.mark.server
def test_what_is_longer_than_indexes_hold_now_is_cut_and_nothing_else(tmp_path: Path) -> None:
    variables = environment(tmp_path, 1)
    manage(variables, "migrate", "library", "0006", "--verbosity", "0").check_returncode()
    manage(variables, "shell", "--no-imports", "-c", FILL).check_returncode()
    columns = "title_key, artist_key, album_key, search_text"
    ask = f"SELECT {columns} FROM library_track ORDER BY title"  # noqa: S608
    before = query(place_in(tmp_path / "data"), ask)
    done = manage(variables, "migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    long, short = query(place_in(tmp_path / "data"), ask)
    assert [len(text.encode()) for text in long.values()] == [240, 240, 240, 1_998]
    assert all(
        old.startswith(new) for old, new in zip(before[0].values(), long.values(), strict=True)
    )
    assert short == before[1]
    manage(variables, "migrate", "library", "0006", "--verbosity", "0").check_returncode()
    assert query(place_in(tmp_path / "data"), ask) == [long, short]
