"""The names of files in a ZIP file: such as every system can unpack, and each only once."""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence

LONGEST_BYTES = 200
"""Of a part of a name. File systems take 255, and some programs add to a name while unpacking."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


def safe_part(text: str) -> str:
    """`text` as a name of a file or folder that Windows takes, too. Never empty, `.` or `..`."""
    text = os.fsencode(text).decode(errors="replace") if _has_surrogates(text) else text
    part = _FORBIDDEN.sub("_", text).strip(" ").rstrip(". ")
    if _RESERVED.fullmatch(part):
        part = f"_{part}"
    return _shortened(part) or "_"


def below_common_folder(paths: Sequence[str]) -> list[str]:
    """The names of these files below the deepest folder that holds all of them."""
    folders = [os.path.dirname(path) for path in paths]
    common = os.path.commonpath(folders) if folders and all(folders) else ""
    return [path[len(common) :].lstrip("/") for path in paths]


def numbered(paths: Sequence[str]) -> list[str]:
    """The names of these files without their folders, in their order."""
    width = max(2, len(str(len(paths))))
    names = map(os.path.basename, paths)
    return [f"{number:0{width}} - {name}" for number, name in enumerate(names, 1)]


def member_names(folder: str, names: Iterable[str]) -> list[str]:
    """Safe names below `folder`, no two alike, not even where case makes no difference."""
    top, seen = safe_part(folder), set[str]()
    found = []
    for name in names:
        parts = [safe_part(part) for part in name.split("/")]
        stem, suffix = os.path.splitext("/".join((top, *parts)))
        whole, number = stem + suffix, 1
        while (key := unicodedata.normalize("NFC", whole).casefold()) in seen:
            number += 1
            whole = f"{stem} ({number}){suffix}"
        seen.add(key)
        found.append(whole)
    return found


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _shortened(part: str) -> str:
    """The part within LONGEST_BYTES, with its suffix."""
    if len(part.encode()) <= LONGEST_BYTES:
        return part
    stem, suffix = os.path.splitext(part)
    if len(suffix.encode()) > LONGEST_BYTES // 2:
        stem, suffix = part, ""
    room = LONGEST_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + suffix
