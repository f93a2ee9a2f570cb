"""The benchmark of an upgrade, on a few tracks: what it does and notices."""

from pathlib import Path

import pytest

from bench.corpus import ensure_corpus
from bench.upgrade.__main__ import main
from bench.upgrade.shown import differences

TRACKS = 40


@pytest.fixture
def bench_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("bench.corpus.seeds.shutil.which", lambda _: None)
    ensure_corpus(tmp_path / f"m{TRACKS}-tiny", TRACKS, tiny=True)
    return tmp_path


@pytest.mark.server
def test_a_library_is_read_again_though_its_process_is_killed(
    bench_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--tracks", f"{TRACKS}", "--kills", "1", "--seconds", "0.5"]
    assert main([*options, "--bench-dir", str(bench_dir)]) == 0
    said = capsys.readouterr().out
    assert "0 faults" in said
    assert "p99 of GET tracks" in said
    assert not (bench_dir / "upgrade").exists()


def test_what_is_not_as_in_a_new_library_is_found() -> None:
    same = {"tracks": {"a.mp3": {"title": "a"}}}
    assert not list(differences(same, same))
    (line,) = differences({"tracks": {"a.mp3": {"title": "b"}}}, same)
    assert "title" in line
    assert list(differences({"tracks": {}}, same))
    assert list(differences(same, {"tracks": {}}))
