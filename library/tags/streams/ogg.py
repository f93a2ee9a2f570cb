"""Ogg files with Vorbis, Opus, Speex or FLAC."""

from collections.abc import Callable
from typing import Any

from mutagen import FileType

from library.tags import vorbis
from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile


def ogg_reader(kind: type[FileType], codec: str) -> Callable[[BoundedFile], Audio]:
    """The `read` function for the codec that mutagen's class `kind` reads."""

    def read(file: BoundedFile) -> Audio:
        audio: Any = kind(file)
        return Audio(audio.info, vorbis.native_tags(audio.tags), codec)

    return read
