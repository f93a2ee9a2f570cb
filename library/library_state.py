"""How the library stands, for its pages: the folders it looks in, and the latest scan."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from library.models import Scan, ScanState
from library.scanning.lease import is_dead
from library.scanning.scopes import printable


@dataclass(frozen=True, slots=True)
class MusicFolder:
    """A folder mus looks in; `problem` is empty where it can be scanned."""

    path: str
    problem: str


def look_at_folders() -> list[MusicFolder]:
    return [MusicFolder(printable(str(path)), _problem_of(path)) for path in settings.MUSIC_DIRS]


def latest_scan() -> Scan | None:
    """The scan that runs, else the last one; one whose process died without a word has failed."""
    scan = Scan.objects.order_by("-pk").first()
    if scan and scan.state == ScanState.RUNNING and is_dead(scan):
        scan.state = ScanState.FAILED
        scan.message = "The last scan was interrupted. The next one finishes its work."
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
