"""How the library stands: the folders it looks in, and a scan as it really is."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from library.models import Scan, ScanState
from library.scanning.lease import is_dead
from library.scanning.summary import INTERRUPTED_ERROR, INTERRUPTED_MESSAGE
from runtime.visible_text import printable


@dataclass(frozen=True, slots=True)
class MusicFolder:
    """A folder mus looks in; `problem` is empty where it can be scanned."""

    path: str
    problem: str


def look_at_folders() -> list[MusicFolder]:
    return [MusicFolder(printable(str(path)), _problem_of(path)) for path in settings.MUSIC_DIRS]


def as_it_stands(scan: Scan) -> Scan:
    """`scan`, shown as failed where its process died and nobody has recorded that yet."""
    if scan.state == ScanState.RUNNING and is_dead(scan):
        scan.state = ScanState.FAILED
        scan.finished_at = scan.heartbeat_at
        scan.message, scan.error = INTERRUPTED_MESSAGE, INTERRUPTED_ERROR
    return scan


def _problem_of(folder: Path) -> str:
    try:
        with os.scandir(folder) as entries:
            return "" if any(entries) else "is empty"
    except FileNotFoundError:
        return "is not there"
    except NotADirectoryError:
        return "is not a folder"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
