"""`python -m soak.subsonic`: a few clients for some seconds, and what it complains of."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import pytest

from soak.subsonic.answers import Answers, p99
from soak.subsonic.holdings import CLIENTS, DATABASE, MUSIC, Held
from soak.subsonic.listeners import Told
from soak.subsonic.trial import Trial, wrongly_stored


@pytest.mark.server
def test_a_few_clients_are_served_and_wrong_ones_refused(tmp_path: Path, database: Path) -> None:
    said: list[str] = []
    trial = Trial(
        tmp_path, database, seconds=3, clients=5, wrong=2, tracks=20, pause_s=0.1, say=said.append
    )
    assert trial.run() == [], said
    assert trial.logins
    assert any(line.startswith("any, with a wrong login") for line in said)
    assert any("right login: 200, ok" in line for line in said)


def test_what_is_stored_is_compared_with_what_was_told() -> None:
    told = Told(plays={("lee", 1, 100), ("lee", 1, 101)})
    assert wrongly_stored([("lee", 1, 100), ("lee", 1, 101)], [("lee", 1, 2)], told) == []
    assert wrongly_stored([("lee", 1, 100)], [("lee", 1, 2)], told) == ["1 plays are lost"]
    doubled = [("lee", 1, 100), ("lee", 1, 100), ("lee", 1, 101)]
    assert wrongly_stored(doubled, [("lee", 1, 3)], told) == [
        "1 plays are stored twice",
        "1 tracks have another number of plays",
    ]
    more = [("lee", 1, 100), ("lee", 1, 101), ("kim", 1, 5)]
    assert "1 plays were told by nobody" in wrongly_stored(more, [("lee", 1, 2)], told)


def test_a_request_without_an_answer_is_a_complaint() -> None:
    async def fail() -> None:
        raise httpx.ReadTimeout("too late")

    answers = Answers()
    assert asyncio.run(answers.timed("ping", fail())) is None
    assert [*answers.problems()] == ["ping: ReadTimeout"]
    assert answers.total() == 1


def test_what_is_left_open_is_told() -> None:
    start = Held(100, 20, Counter({DATABASE: 30}))
    assert start.grown_since(start) == []
    left = Held(100, 20, Counter({DATABASE: 60, CLIENTS: 1, MUSIC: 1}))
    assert len(left.grown_since(start)) == 3
    assert len(Held(100, 40, Counter()).grown_since(start)) == 1


def test_the_99th_percentile_is_a_figure_that_was_measured() -> None:
    assert p99([float(each) for each in range(1, 201)]) == 198
    assert p99([7.0]) == 7
