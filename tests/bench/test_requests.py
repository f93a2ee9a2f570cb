"""The benchmarks of requests and lists, on few tracks: that they measure, never how fast."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bench.corpus import ensure_corpus
from bench.lists import __main__ as lists
from bench.lists.asking import (
    EVERYTHING,
    FILTERS,
    OWN_FILTERS,
    SEARCHES,
    ListsResult,
    Page,
)
from bench.requests import __main__ as requests
from bench.requests.cost import BARE, CLIENTS, LIMITS, ROUNDS, CostResult, KindResult
from library.queries.orders import TRACK_ORDERS
from tests.bench.test_bench import TRACKS, no_ffmpeg

server = pytest.mark.server
PLACES = {"first", "middle", "last"}


def kept_figures(folder: Path, kind: str) -> dict[str, Any]:
    (kept,) = (folder / "results").glob(f"*-{kind}.json")
    said: dict[str, Any] = json.loads(kept.read_text())
    return said


@server
def test_each_kind_of_request_is_measured_beside_a_bare_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with no_ffmpeg():
        ensure_corpus(tmp_path / f"m{TRACKS}", TRACKS, tiny=True)
    options = ["--tracks", str(TRACKS), "--tiny", "--seconds", "0.1"]
    assert requests.main([*options, "--bench-dir", str(tmp_path)]) == 0
    assert not (tmp_path / "requests").exists()
    kinds = kept_figures(tmp_path, "requests")["cost"]["kinds"]
    assert set(kinds) == {BARE, *LIMITS}
    for found in kinds.values():
        assert len(found["cpu_ms"]) == ROUNDS
        assert {int(clients) for clients in found["seconds"]} == set(CLIENTS)
        assert all(0 < each < 60 for seconds in found["seconds"].values() for each in seconds)
    printed = capsys.readouterr().out
    assert "Requests" in printed
    assert "bare answer x 15" in printed


def test_a_kind_is_judged_by_its_ratio_to_the_bare_answer() -> None:
    kinds = {kind: KindResult(cpu_ms=[1.0, 3.0, 2.0]) for kind in LIMITS}
    cost = CostResult(kinds={BARE: KindResult(cpu_ms=[9.0, 0.4, 0.1]), **kinds})
    verdicts = {each.what: (each.figure, each.passes) for each in cost.verdicts()}
    assert verdicts["server's processor time: cover, bare answer x 4"] == (5.0, False)
    assert verdicts["server's processor time: player state, bare answer x 6"] == (5.0, True)


@server
@pytest.mark.usefixtures("postgresql_server")
def test_lists_are_asked_for_in_every_order_on_both_databases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "CHANGES", 30)
    small = ("--tracks", "300", "--plays", "3000")
    with no_ffmpeg():
        assert lists.main([*small, "--bench-dir", str(tmp_path)]) == 0
    assert not (tmp_path / "lists").exists()
    databases = kept_figures(tmp_path, "lists")["databases"]
    assert [each["database"] for each in databases] == ["SQLite", "PostgreSQL"]
    for each in databases:
        asked = {(page["sort"], page["wanted"], page["place"]) for page in each["kept"]}
        sorts = {sort for sort, _, _ in asked}
        assert sorts >= set(TRACK_ORDERS)
        wanted = {wanted for _, wanted, _ in asked}
        assert wanted >= {urlencode({"q": search}) for search in SEARCHES}
        assert len(wanted) == len(SEARCHES) + FILTERS
        assert asked == {(a, b, c) for a in sorts for b in wanted for c in PLACES}
        assert len(each["new"]) == len(sorts) * len(wanted)
        own = {page["wanted"] for page in each["own"]}
        assert own >= {*OWN_FILTERS, f"albums {OWN_FILTERS[0]}", f"artists {OWN_FILTERS[0]}"}
        searched = [page["wanted"] for page in each["everything"]]
        assert searched == [urlencode({"q": search}) for search in EVERYTHING]
    printed = capsys.readouterr().out
    assert "Lists of 300" in printed
    assert "over 50 ms" in printed


def test_postgresql_that_is_not_installed_is_named_and_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Page(sort="title", wanted="", place="first", seconds=0.01)
    result = ListsResult(database="SQLite", tracks=1, new=[page] * 2, kept=[page] * 2)
    monkeypatch.setattr(lists, "_measure", lambda *_: result)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tests.services.postgresql.PLACES", "nowhere")
    assert lists.main(["--bench-dir", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "PostgreSQL is skipped: " in printed
    assert "apt install postgresql" in printed


def test_lists_are_judged_by_nine_in_ten_and_by_the_slowest() -> None:
    pages = [
        Page(sort="title", wanted="", place="first", seconds=seconds)
        for seconds in [0.01] * 18 + [0.09, 0.11]
    ]
    assert not list(ListsResult(database="SQLite", tracks=99_999, kept=pages).verdicts())
    verdicts = list(ListsResult(database="SQLite", tracks=100_000, kept=pages).verdicts())
    assert [each.passes for each in verdicts] == [True, False]
    assert verdicts[1].figure == pytest.approx(110)
    searched = ListsResult(database="SQLite", tracks=100_000, kept=pages, everything=pages)
    assert [each.passes for each in searched.verdicts()] == [True, False, True, False]
