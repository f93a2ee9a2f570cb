"""Django system checks of MUSIC_DIR: folders that are absent, unreadable or inside one another.

Each message has a hint that says how to mend it. Scans run these checks before they start.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error

TAG = "library"
"""The tag of the checks that run before a scan; `operations` registers more checks with it."""


def check_music_folders(**_: object) -> list[CheckMessage]:
    """Check each music folder, then each pair of them for overlaps."""
    return [
        *(problem for folder in settings.MUSIC_DIRS for problem in _check_music_folder(folder)),
        *_check_overlaps(settings.MUSIC_DIRS),
    ]


def _check_music_folder(folder: Path) -> Iterator[CheckMessage]:
    try:
        os.stat(folder)
    except PermissionError:
        yield _unreadable(folder)
    except OSError as error:
        yield checks.Warning(
            f"MUSIC_DIR: the folder {folder} is not there ({error.strerror}).",
            hint="If it is on a disk or a share, mount it; scans leave its tracks as they are "
            "until it is back. Otherwise correct MUSIC_DIR.",
            id="library.W001",
        )
    else:
        if not folder.is_dir():
            yield Error(
                f"MUSIC_DIR: {folder} is a file, not a folder.",
                hint="Name the folder that holds the audio files.",
                id="library.E001",
            )
        elif not os.access(folder, os.R_OK | os.X_OK):
            yield _unreadable(folder)


def _unreadable(folder: Path) -> CheckMessage:
    return Error(
        f"MUSIC_DIR: the folder {folder} cannot be read by the user who runs mus.",
        hint="Give that user the permission to list and to enter it (chmod u+rx, or a group).",
        id="library.E002",
    )


def _check_overlaps(folders: Sequence[Path]) -> Iterator[CheckMessage]:
    """Compare where the paths really lead: two links to one folder would have it scanned twice."""
    for first, second in combinations(folders, 2):
        real_first, real_second = real_path(first), real_path(second)
        if real_first == real_second:
            yield Error(
                f"MUSIC_DIR: {first} and {second} are the same folder."
                if first != second
                else f"MUSIC_DIR: {first} is named twice.",
                hint="Name each folder once; otherwise its tracks would be in the library twice.",
                id="library.E003",
            )
        elif real_first in real_second.parents or real_second in real_first.parents:
            outer, inner = sorted((first, second), key=lambda each: len(real_path(each).parts))
            yield Error(
                f"MUSIC_DIR: the folder {inner} is inside {outer}.",
                hint="Name only the outer one; what is in it is scanned with it.",
                id="library.E004",
            )


def real_path(folder: Path) -> Path:
    """`folder` with all symbolic links resolved. The folder need not exist."""
    return Path(os.path.realpath(folder))
