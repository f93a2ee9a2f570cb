"""FLAC files."""

from library.tags import vorbis
from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile


def read_flac(file: BoundedFile) -> Audio:
    audio, tags = vorbis.read_flac(file)
    return Audio(audio.info, tags, "flac")
