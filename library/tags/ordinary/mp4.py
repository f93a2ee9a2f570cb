"""MP4. The full reader uses the same code (`library.tags.mp4`), but reads the file differently."""

from library.tags.audio import Audio
from library.tags.mp4 import read_movie
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile


def read_mp4(file: OpenFile) -> Audio:
    if file.head[4:8] != b"ftyp":
        raise NeedsFullReader
    return read_movie(file)
