"""The benchmark itself, on a library of a few tracks: that it measures, never how fast."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import mutagen
import pytest
from rich.console import Console

from bench import __main__ as bench
from bench import compare, known_files
from bench.__main__ import libraries
from bench.budgets import judge
from bench.changes import one_percent_changed, put_back
from bench.contenders import Contender, Step
from bench.contenders.contender import Scan
from bench.corpus import CorpusError, ensure_corpus
from bench.measure import CommandFailed, Figures, run_measured
from bench.options import read_options
from bench.results import RunResult, SizeResult
from bench.run import Library, Plan, measure_library

TRACKS = 30


def listing(root: Path) -> list[tuple[str, int, bytes]]:
    return [
        (str(path.relative_to(root)), path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    ]


@contextmanager
def no_ffmpeg() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bench.corpus.seeds.shutil.which", lambda _: None)
        yield


@pytest.fixture(scope="module")
def bench_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a corpus of the sounds in tests/audio: ffmpeg is not needed, nor the time it takes."""
    folder = tmp_path_factory.mktemp("bench")
    with no_ffmpeg():
        ensure_corpus(folder / f"m{TRACKS}-tiny", TRACKS, tiny=True)
    return folder


@pytest.fixture
def corpus(bench_dir: Path) -> Path:
    return bench_dir / f"m{TRACKS}-tiny"


def test_the_same_numbers_make_the_same_corpus(corpus: Path, tmp_path: Path) -> None:
    with no_ffmpeg():
        made = ensure_corpus(tmp_path / "again", TRACKS, tiny=True)
    assert listing(tmp_path / "again") == listing(corpus)
    assert not made.encoder
    assert sum(made.suffixes.values()) == TRACKS


def test_every_file_of_a_corpus_has_tags(corpus: Path) -> None:
    for path in corpus.rglob("*/*/*"):
        if path.name != "cover.jpg":
            audio = mutagen.File(path, easy=True)
            assert audio["title"][0] in path.name
            assert audio["album"][0] in path.parent.name


def test_a_corpus_is_made_once_and_a_strangers_folder_left_alone(
    corpus: Path, tmp_path: Path
) -> None:
    before = listing(corpus)
    ensure_corpus(corpus, TRACKS, tiny=True)
    assert listing(corpus) == before
    with pytest.raises(CorpusError, match="another corpus"):
        ensure_corpus(corpus, TRACKS + 1, tiny=True)
    (tmp_path / "mine.txt").touch()
    with pytest.raises(CorpusError, match="not made by bench"):
        ensure_corpus(tmp_path, TRACKS, tiny=True)
    assert (tmp_path / "mine.txt").exists()


def test_changed_files_are_put_back(corpus: Path) -> None:
    before = listing(corpus)
    with one_percent_changed(corpus) as changed:
        assert changed == 1
        assert len(set(listing(corpus)) - set(before)) == 1
    assert listing(corpus) == before


def test_what_a_killed_run_left_changed_is_put_back(corpus: Path, tmp_path: Path) -> None:
    root = tmp_path / "corpus"
    shutil.copytree(corpus, root)
    before = listing(root)
    killed = f"""
import os, pathlib
from bench.changes import one_percent_changed
with one_percent_changed(pathlib.Path({str(root)!r})):
    os._exit(0)
"""
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    run_measured(sys.executable, "-c", killed, environment=environment).require_success()
    assert listing(root) != before
    put_back(root)
    assert listing(root) == before


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel keeps peaks on Linux only")
def test_a_measurement_covers_children_and_those_left_behind() -> None:
    grandchild = "x = bytearray(60 << 20); import time; t = time.process_time() + 0.3\n"
    grandchild += "while time.process_time() < t: pass"
    # The shell ends at once, as a program does that leaves its fork server to end by itself.
    shell = f"{sys.executable} -c '{grandchild}' & exit 3"
    outcome = run_measured("sh", "-c", shell, environment=os.environ)
    assert outcome.exit_code == 3
    assert outcome.figures.cpu_s >= 0.3
    waiting = run_measured("sh", "-c", f"{sys.executable} -c '{grandchild}'; :", environment={})
    assert waiting.figures.peak_mib is not None
    assert waiting.figures.peak_mib > 60
    assert waiting.figures.child_peak_mib == waiting.figures.peak_mib


def test_a_run_gives_a_table_and_results_that_compare(
    bench_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.contenders.mus.STARTS", 1)
    before = listing(bench_dir / f"m{TRACKS}-tiny")
    options = ["--sizes", str(TRACKS), "--tiny", "--peers", "none", "--bench-dir", str(bench_dir)]
    assert bench.main([*options, "--runs", "1"]) == 0
    printed = capsys.readouterr().out
    assert "samples for sound" in printed
    for words in ("process start", *Step, "longest transaction", "peak memory"):
        assert words in printed
    (path,) = (bench_dir / "results").glob("*.json")
    (size,) = RunResult.load(path).sizes
    assert size.remarks == []
    assert size.process_start_s
    for step in Step:
        (figures,) = size.runs("mus", step)
        assert figures.wall_s > 0
        assert figures.cpu_s > 0
        assert figures.facts["tracks"] == TRACKS
        assert figures.facts["transactions"] >= 1
        assert figures.facts["longest_transaction_s"] > 0
    assert listing(bench_dir / f"m{TRACKS}-tiny") == before
    assert compare.main([str(path), str(path)]) == 0
    assert "1.00" in capsys.readouterr().out


def test_a_file_that_holds_no_results_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.json"
    path.write_text(json.dumps({"schema": 0}))
    assert compare.main([str(path), str(path)]) == 2
    assert "another version" in capsys.readouterr().err


def scan_at_once() -> Figures:
    return Figures(wall_s=1, cpu_s=1)


def a_contender(name: str, scan: Scan = scan_at_once, **more: Any) -> Contender:
    return Contender(name=name, why_missing=lambda: "", open=lambda *_: nullcontext(scan), **more)


def measured(library: Library, work: Path, *contenders: Contender) -> SizeResult:
    plan = Plan(contenders=contenders, runs=3, include_slow=False, work=work)
    return measure_library(library, plan, Console(quiet=True))


def test_a_folder_of_ones_own_is_only_read(corpus: Path, tmp_path: Path) -> None:
    def scan() -> Figures:
        assert listing(corpus) == before
        return Figures(wall_s=1, cpu_s=1, facts={"tracks": TRACKS})

    before = listing(corpus)
    (library,) = libraries(
        read_options(["--music", str(corpus), "--bench-dir", str(tmp_path)]), Console(quiet=True)
    )
    result = measured(library, tmp_path, a_contender("scanner", scan))
    assert library.tracks == TRACKS
    assert set(result.scans["scanner"]) == {Step.FIRST, Step.UNCHANGED}
    assert any("only read" in remark for remark in result.remarks)


def test_a_contender_that_fails_or_does_too_little_is_named(corpus: Path, tmp_path: Path) -> None:
    def fail() -> Figures:
        raise CommandFailed("it broke")

    def scan() -> Figures:
        return Figures(wall_s=next(walls), cpu_s=1, facts={"tracks": TRACKS - 1})

    walls = iter((3.0, 1.0, 2.0))
    library = Library(root=corpus, tracks=TRACKS, description={}, may_change=True)
    result = measured(
        library,
        tmp_path,
        a_contender("broken", fail),
        a_contender("lazy", scan, steps=(Step.FIRST,)),
    )
    assert "broken failed: it broke" in result.remarks
    assert f"lazy, first scan: {TRACKS - 1} tracks instead of {TRACKS}" in result.remarks
    median = result.median("lazy", Step.FIRST)
    assert median is not None
    assert median.wall_s == 2


def test_what_is_missing_or_slow_is_said(tmp_path: Path) -> None:
    (tmp_path / "music").mkdir()
    library = Library(root=tmp_path / "music", tracks=99_999, description={}, may_change=False)
    missing = replace(a_contender("gone"), why_missing=lambda: "not installed: apt install")
    slow = a_contender("snail", is_slow=True)
    remarks = measured(library, tmp_path, missing, slow).remarks
    assert "gone: not installed: apt install" in remarks
    assert any(remark.startswith("snail: left out") for remark in remarks)


def size_with_figures(tracks: int, *, tiny: bool = False, rescan_s: float = 0.75) -> SizeResult:
    size = SizeResult(tracks=tracks, corpus={"tiny": tiny}, process_starts_s=[0.5])
    facts = {"longest_transaction_s": 0.25}
    size.add("mus", Step.FIRST, Figures(wall_s=4, cpu_s=4, peak_mib=100, facts=facts))
    size.add("mus", Step.UNCHANGED, Figures(wall_s=rescan_s, cpu_s=0.5, facts=facts))
    size.add("MPD", Step.FIRST, Figures(wall_s=27, cpu_s=27))
    size.add("supysonic", Step.FIRST, Figures(wall_s=120, cpu_s=120))
    size.add("find", Step.UNCHANGED, Figures(wall_s=0.0625, cpu_s=0.0625))
    size.add("MPD", Step.UNCHANGED, Figures(wall_s=0.25, cpu_s=0.25))
    return size


FIRST_SCAN = ("first scan: MPD / 4.5", 4, 6, True)
RESCAN = ("unchanged rescan, beyond process start: find x 3", 0.25, 0.1875, False)
OF_ANY_SIZE = [
    ("first scan, peak memory of a process", 100, 150, True),
    ("longest transaction", 0.25, 0.1, False),
]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (size_with_figures(20_000), [FIRST_SCAN, RESCAN, *OF_ANY_SIZE]),
        (size_with_figures(100_000, tiny=True), [RESCAN, *OF_ANY_SIZE]),
        (size_with_figures(2_000), OF_ANY_SIZE),
        (size_with_figures(20_000, rescan_s=0.4), [FIRST_SCAN, *OF_ANY_SIZE]),
        (SizeResult(tracks=20_000, corpus={}, process_starts_s=[0.5]), []),
    ],
    ids=["ordinary", "tiny", "few", "rescan as quick as a start", "no figures"],
)
def test_budgets_are_judged_only_for_what_they_are_meant_for(
    size: SizeResult, expected: list[tuple[str, float, float, bool]]
) -> None:
    verdicts = [(each.what, each.figure, each.limit, each.passes) for each in judge(size)]
    assert verdicts == expected


def test_a_library_of_known_files_is_made_and_rescanned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert known_files.main(["--sizes", "13,30", "--bench-dir", str(tmp_path)]) == 0
    assert [line.split()[1] for line in capsys.readouterr().out.splitlines() if "│" in line] == [
        "13",
        "30",
    ]
    assert list(tmp_path.iterdir()) == []
