"""The benchmark of identity, on a few tracks: that it measures, and that ids are kept."""

from pathlib import Path

import pytest

from bench.corpus import ensure_corpus
from bench.identity.__main__ import main
from bench.identity.own_sounds import make_own
from library.tags.file import read_file
from tests.audio_files import make_audio
from tests.library.tags.mp4_files import needs_ffmpeg

TRACKS = 40


def test_a_library_of_which_everything_changes_keeps_its_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bench.corpus.seeds.shutil.which", lambda _: None)
    ensure_corpus(tmp_path / f"m{TRACKS}-tiny", TRACKS, tiny=True)
    options = ["--only", "library", "--tracks", f"{TRACKS}", "--tiny"]
    assert main([*options, "--bench-dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.count(f"{TRACKS}/{TRACKS}") == 7
    assert not (tmp_path / "identity").exists()


@needs_ffmpeg
def test_a_matrix_of_single_changes_keeps_all_ids(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--only", "matrix", "--changes", "1", "--other-root", str(tmp_path)]
    assert main([*options, "--bench-dir", str(tmp_path / "bench")]) == 0
    assert "lost at" not in capsys.readouterr().out


@pytest.mark.parametrize("suffix", [".mp3", ".flac", ".m4a", ".ogg", ".opus"])
def test_each_number_makes_another_sound_with_the_same_tags(tmp_path: Path, suffix: str) -> None:
    seen = set()
    for number in range(3):
        path = make_audio(tmp_path / f"{number}{suffix}", title="Title", artist="Artist")
        make_own(path, number)
        tags = read_file(str(path)).tags
        assert tags is not None
        assert (tags.title, tags.artist) == ("Title", "Artist")
        seen.add(tags.audio_digest)
    assert len(seen) == 3
