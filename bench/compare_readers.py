"""`python -m bench.compare_readers FOLDER`: whether the two readers of tags read the same.

Every audio file of the folder is read by the reader of ordinary files, and by the one that reads
all of them. Where both give tags they have to be equal in every field. Exits with 1 where they are
not; prints how many files are ordinary, and how much of them was read.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from library.tags import AUDIO_SUFFIXES, TrackTags
from library.tags.ordinary import OpenFile, read_ordinary
from library.tags.reader import UnreadableAudio, read_fully, read_quickly

SHOWN_DIFFERENCES = 20


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.compare_readers", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder = parser.parse_args(arguments).folder
    if not folder.is_dir():
        parser.error(f"{folder} is no folder")
    counts: Counter[str] = Counter()
    for path in audio_files(folder):
        counts["files"] += 1
        counts["bytes"] += os.path.getsize(path)
        ordinary = read_quickly(path)
        if ordinary is None:
            continue
        counts["ordinary"] += 1
        counts["read"] += bytes_read(path)
        if difference := compare(path, ordinary):
            counts["different"] += 1
            if counts["different"] <= SHOWN_DIFFERENCES:
                print(f"{path!r}: {difference}")
    print(
        f"{counts['files']:,} files, {counts['ordinary']:,} of them ordinary, "
        f"{counts['different']:,} of these read differently; "
        f"{counts['read'] / 1e6:,.1f} MB read of {counts['bytes'] / 1e6:,.1f} MB"
    )
    return 1 if counts["different"] or not counts["files"] else 0


def audio_files(folder: Path) -> Iterator[str]:
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() in AUDIO_SUFFIXES:
                yield os.path.join(parent, name)


def compare(path: str, ordinary: TrackTags) -> str:
    """What differs, as text; empty where nothing does."""
    try:
        other = read_fully(path)
    except (UnreadableAudio, OSError) as error:
        return f"read as ordinary, and else: {error}"
    pairs = zip(TrackTags._fields, ordinary, other, strict=True)
    return ", ".join(f"{name}: {one!r}, else {all_!r}" for name, one, all_ in pairs if one != all_)


def bytes_read(path: str) -> int:
    with OpenFile(path) as file:
        read_ordinary(file, path)
        return file.bytes_read


if __name__ == "__main__":
    sys.exit(main())
