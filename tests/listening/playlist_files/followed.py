"""Playlist files in music folders: how tests write them, scan, and read what follows them."""

import os
import time
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.utils import timezone

from library.scanning import ScanOptions, ScanReport, scan_library
from listening.models import Playlist, PlaylistEntry
from listening.sweeping import sweep
from tests.audio_files import make_noise

_numbers = count(1)


def scan(*folders: Path, **options: Any) -> ScanReport:
    report = scan_library(ScanOptions(workers=0, folders=folders, **options))
    assert report.state == "completed", report.error
    return report


def song(path: Path, **tags: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    make_noise(path, next(_numbers), title=path.stem, artist="Somebody", **tags)
    back(path)


def back(path: Path, seconds: float = 60) -> None:
    """Let the file be older, so that scans do not wait for it."""
    at = time.time_ns() - int(seconds * 1e9)
    os.utime(path, ns=(at, at))


def write(path: Path, *lines: str, age_s: float = 60) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    back(path, age_s)
    return path


def sweep_in_a_month() -> None:
    Playlist.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    while sweep():
        pass


def titles(playlist: Playlist) -> list[str]:
    rows = PlaylistEntry.objects.filter(playlist=playlist, removed_at=None)
    return [
        entry.track.title if entry.track else f"lost {entry.lost.title if entry.lost else ''}"
        for entry in rows.order_by("place").select_related("track", "lost")
    ]


def entry_ids(playlist: Playlist) -> list[int]:
    entries = PlaylistEntry.objects.filter(playlist=playlist).order_by("place")
    return [*entries.values_list("pk", flat=True)]
