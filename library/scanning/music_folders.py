"""The configured music folders, each with the reason why it cannot be scanned now, if any."""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from runtime.visible_text import printable


@dataclass(frozen=True, slots=True)
class MusicFolder:
    """A folder of MUSIC_DIR. `problem` is empty if the folder can be scanned."""

    path: str
    problem: str


def list_music_folders() -> list[MusicFolder]:
    return [MusicFolder(printable(str(path)), _problem_of(path)) for path in settings.MUSIC_DIRS]


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
