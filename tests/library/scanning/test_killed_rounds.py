"""A few rounds of `python -m soak.identity`, with a small library."""

from pathlib import Path

from soak.identity.rounds import Rounds
from tests import databases

ROUNDS, SONGS = 4, 40


def test_killed_scans_make_the_library_of_an_undisturbed_one(tmp_path: Path) -> None:
    rounds = Rounds(tmp_path, SONGS, seed=1)
    try:
        for number in range(ROUNDS):
            assert rounds.play(number) == []
    finally:
        rounds.close()
        for name in ("data", "twin"):
            databases.drop_database(databases.place_in(tmp_path / name))
    assert rounds.kills.at.total() > 0
