"""A real server that is killed tells each play once: a short version of `soak.scrobbling`."""

from pathlib import Path

import pytest

from soak.scrobbling.trial import Trial


@pytest.mark.server
def test_a_server_that_is_killed_tells_each_play_once(tmp_path: Path, database: Path) -> None:
    outcome = Trial(tmp_path, database, plays=120, kills=2, servers=1, life_s=4, seed=3).run()
    assert outcome.wrong == []
    assert (outcome.kills, outcome.refused) == (2, 6)
