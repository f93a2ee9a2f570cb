"""What the name of a file or folder says: whether it is music, and whether scans pass it over.

Nothing that looks like music is passed over silently: whatever is, is counted by its rule.
"""

import os
from collections.abc import Callable
from functools import partial

from library.tags.media_types import AUDIO_SUFFIXES

Ignored = dict[str, int]
"""How many were passed over by each rule. A folder counts as one, since nobody looks into it."""

HIDDEN_FOLDERS = "hidden_folders"
HIDDEN_FILES = "hidden_files"
APPLE_DOUBLE_FILES = "apple_double_files"
SYSTEM_FOLDERS = "system_folders"
KNOWN_LINKS = "known_links"
BROKEN_LINKS = "broken_links"
SPECIAL_FILES = "special_files"

# Of files, those alone are counted whose names end as music does.
RULES = {
    HIDDEN_FOLDERS: "hidden folders (named with a dot and a letter)",
    HIDDEN_FILES: "hidden files (named with a dot and a letter)",
    APPLE_DOUBLE_FILES: "AppleDouble files (named ._*), which macOS writes beside others",
    SYSTEM_FOLDERS: "recycle bins, snapshots and other system folders",
    KNOWN_LINKS: "links to files and folders that are found without them",
    BROKEN_LINKS: "links to files that do not exist",
    SPECIAL_FILES: "pipes, sockets and devices",
}

# Compared in lower case.
_SYSTEM_FOLDERS = frozenset(
    {
        "#recycle",  # Synology
        "#snapshot",
        "@eadir",
        "@recycle",  # QNAP, as the next five
        "@recently-snapshot",
        "@__thumb",  # pictures under the names of the files that they are made of
        ".@__thumb",
        ".@_thumb",
        ".@upload_cache",
        ".~tmp~",  # rsync --delay-updates, of files that are not there yet
        "$recycle.bin",  # Windows
        "system volume information",
    }
)
# Words that albums are called by, too. Windows XP and e2fsck write them just so, and at the root of
# a disk alone.
_SYSTEM_FOLDERS_OF_ROOTS = frozenset({"RECYCLER", "lost+found"})


def is_audio(name: str) -> bool:
    # A quarter of the time of `os.path.splitext`; without a dot, the last letter is no suffix.
    return name[name.rfind(".") :].lower() in AUDIO_SUFFIXES


def count(ignored: Ignored, rule: str) -> None:
    ignored[rule] = ignored.get(rule, 0) + 1


def is_ignored_folder(name: str, is_in_a_root: Callable[[], bool], ignored: Ignored) -> bool:
    """Whether a folder of this name is passed over; if so, that is counted.

    `is_in_a_root`: whether it lies in the root of a disk; asked where that decides.
    """
    if is_hidden(name):
        count(ignored, HIDDEN_FOLDERS)
    elif name.lower() in _SYSTEM_FOLDERS or (name in _SYSTEM_FOLDERS_OF_ROOTS and is_in_a_root()):
        count(ignored, SYSTEM_FOLDERS)
    else:
        return False
    return True


def is_ignored_file(name: str, ignored: Ignored) -> bool:
    """As `is_ignored_folder`, for a file; counted only if its name is that of music."""
    if name[0] != ".":  # most names, by far: no rule for files names others yet
        return False
    rule = HIDDEN_FILES if is_hidden(name) else APPLE_DOUBLE_FILES
    if rule == APPLE_DOUBLE_FILES and not name.startswith("._"):
        return False
    if is_audio(name):
        count(ignored, rule)
    return True


def is_hidden(name: str) -> bool:
    """A dot and a letter of any script: `.Trash`, but not `...And Justice` or `.38 Special`."""
    return name[:1] == "." and name[1:2].isalpha()


def root_check(root: str, folder: str) -> Callable[[], bool]:
    """Asks whether `folder` is the music folder `root` itself, or a disk mounted in it."""
    return partial(_is_a_root, root, folder)


def _is_a_root(root: str, folder: str) -> bool:
    return not folder or os.path.ismount(os.path.realpath(f"{root}/{folder}"))
