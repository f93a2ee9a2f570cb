"""The benchmark of an upgrade, on a few tracks: what it does and notices."""

from pathlib import Path

import pytest

from bench import upgrade
from bench.corpus import ensure_corpus

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
    assert upgrade.main([*options, "--bench-dir", str(bench_dir)]) == 0
    said = capsys.readouterr().out
    assert "columns unlike those of a new library: none" in said
    assert "p99 of GET tracks" in said
    assert not (bench_dir / "upgrade").exists()


def test_what_is_not_as_it_was_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"id": 1, "album_id": 1, "added_at": "then", "title": "a"}
    same, other = {"a.mp3": row}, {"a.mp3": {**row, "title": "b"}}
    assert upgrade.is_as_expected(same, same, same)
    assert not upgrade.is_as_expected(same, other, same)
    assert "title" in capsys.readouterr().out
    assert not upgrade.is_as_expected({"a.mp3": {**row, "id": 2}}, same, same)
