"""Which files and folders scans ignore, and which files are audio files, judged by their names.

No file that looks like music is ignored silently: what is ignored is counted, by the rule.
"""

import os
from collections.abc import Callable
from functools import partial

from library.tags.media_types import AUDIO_SUFFIXES

Ignored = dict[str, int]
"""How many files and folders each rule ignored. A folder counts as one; it is not listed."""

HIDDEN_FOLDERS = "hidden_folders"
HIDDEN_FILES = "hidden_files"
APPLE_DOUBLE_FILES = "apple_double_files"
SYSTEM_FOLDERS = "system_folders"
KNOWN_LINKS = "known_links"
BROKEN_LINKS = "broken_links"
SPECIAL_FILES = "special_files"

# What each rule ignores, for people. Files are counted only if their names end like those of music.
RULES = {
    HIDDEN_FOLDERS: "hidden folders (named with a dot and a letter)",
    HIDDEN_FILES: "hidden files (named with a dot and a letter)",
    APPLE_DOUBLE_FILES: "AppleDouble files (named ._*), which macOS writes beside others",
    SYSTEM_FOLDERS: "recycle bins, snapshots and other system folders",
    KNOWN_LINKS: "links to files and folders that are found without them",
    BROKEN_LINKS: "links to files that do not exist",
    SPECIAL_FILES: "pipes, sockets and devices",
}

PLAYLIST_SUFFIXES = frozenset({".m3u", ".m3u8", ".xspf", ".jspf"})

# Compared in lower case.
_SYSTEM_FOLDERS = frozenset(
    {
        "#recycle",  # Synology
        "#snapshot",
        "@eadir",
        "@recycle",  # QNAP, as the next five
        "@recently-snapshot",
        "@__thumb",  # pictures that have the names of audio files
        ".@__thumb",
        ".@_thumb",
        ".@upload_cache",
        ".~tmp~",  # rsync --delay-updates keeps unfinished copies in it
        "$recycle.bin",  # Windows
        "system volume information",
    }
)
# Albums may have these names, too. Windows XP and e2fsck create them in exactly this spelling, and
# only in the root of a disk.
_SYSTEM_FOLDERS_OF_ROOTS = frozenset({"RECYCLER", "lost+found"})


def is_audio(name: str) -> bool:
    # Takes a quarter of the time of `os.path.splitext`. Without a dot, `rfind` gives -1, and the
    # last letter is not a suffix of music.
    return name[name.rfind(".") :].lower() in AUDIO_SUFFIXES


def is_playlist(name: str) -> bool:
    """Whether a file of this name is a playlist, which scans hand to the app that keeps these."""
    return name[name.rfind(".") :].lower() in PLAYLIST_SUFFIXES


def count(ignored: Ignored, rule: str) -> None:
    ignored[rule] = ignored.get(rule, 0) + 1


def is_ignored_folder(name: str, is_in_a_root: Callable[[], bool], ignored: Ignored) -> bool:
    """Whether scans ignore a folder of this name; if so, it is counted in `ignored`.

    `is_in_a_root`: whether the folder is in the root of a disk. Called only if that decides.
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
    """Whether a name begins with a dot and a letter of any script: `.Trash`, but not
    `...And Justice` or `.38 Special`."""
    return name[:1] == "." and name[1:2].isalpha()


def root_check(root: str, folder: str) -> Callable[[], bool]:
    """A function that returns whether `folder` is the music folder `root` itself, or a disk mounted
    in it."""
    return partial(_is_a_root, root, folder)


def _is_a_root(root: str, folder: str) -> bool:
    return not folder or os.path.ismount(os.path.realpath(f"{root}/{folder}"))
