"""What the two readers of files make of a file that a test writes."""

from pathlib import Path

from library.tags.reader import read_fully, read_quickly
from library.tags.track_tags import TrackTags


def read(tmp_path: Path, data: bytes, name: str = "a.mp3") -> TrackTags:
    """What both readers read, which has to be the same."""
    path = tmp_path / name
    path.write_bytes(data)
    tags = read_fully(str(path))
    quick = read_quickly(str(path))
    assert quick is None or quick == tags
    return tags
