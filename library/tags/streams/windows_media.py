"""Windows Media (ASF) files."""

from typing import Any

from mutagen.asf import ASF

from library.tags import asf
from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile


def read_asf(file: BoundedFile) -> Audio:
    kind: Any = ASF
    audio = kind(file)
    return Audio(audio.info, asf.native_tags(audio.tags), "wma")
