"""A scan of files whose names would drive a terminal or forge lines, and of files that vanish."""

import json

from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation
from tests.runtime.test_visible_text import EVIL


def test_no_name_forges_a_line_of_a_scan(installation: Installation) -> None:
    """The log, the terminal and JSON, of a real scan of a file that cannot be read."""
    make_audio(installation.music / "good.mp3")
    bad = installation.music / EVIL.replace("/", "")
    bad.with_name(f"{bad.name}.mp3").write_text("this is no sound")
    text = installation.manage("scan_tracks", "--workers", "0")
    lines = f"{text.stdout}\n{text.stderr}".split("\n")
    named = [line for line in lines if "forged" in line]
    assert len(named) == 2  # the log's, and the report's
    assert all(line.isprintable() for line in lines)
    assert not any(line.startswith("2026-01-01 00:00:00,000") for line in lines)
    exact = installation.manage("scan_tracks", "--json", "--full", "--workers", "0")
    (failure,) = json.loads(exact.stdout)["first_failures"]
    assert failure["path"] == f"{bad}.mp3"
    assert exact.stdout.removesuffix("\n").isprintable()


def test_a_file_that_vanished_before_it_was_read_is_no_failure(
    installation: Installation,
) -> None:
    """The readers are told of a file that is gone by the time they open it."""
    code = """
import os, pathlib
from library.tags import file
kept = file.read_tags
def vanish(path, **options):
    os.unlink(path)
    return kept(path, **options)
file.read_tags = vanish
from library.scanning import ScanOptions, scan_library
print(scan_library(ScanOptions(workers=0)).counts)
"""
    make_audio(installation.music / "brief.mp3")
    done = installation.manage("shell", "--no-imports", "-c", code)
    assert "failed=0" in done.stdout, done.stderr
    assert "brief.mp3" not in done.stderr
    assert "ERROR" not in done.stderr
