"""MP4 files."""

from typing import Any

from library.tags.audio import Audio, NoSoundError
from library.tags.bounded_file import BoundedFile
from library.tags.mp4 import Mp4
from library.tags.native_tags import NativeTags

# By the start of mutagen's name for the codec, which is that of RFC 6381 or the name of the atom.
_MP4_CODECS = {
    "mp4a.40": "aac",
    "mp4a.6B": "mp3",
    "mp4a.69": "mp3",
    "mp4a": "aac",
    "alac": "alac",
    "fLaC": "flac",
    "Opus": "opus",
    "ac-3": "ac3",
    "ec-3": "eac3",
    "drms": "aac",
}


def read_mp4(file: BoundedFile) -> Audio:
    kind: Any = Mp4
    audio = kind(file)
    if not audio.info.codec:
        raise NoSoundError
    tags = audio.tags.tags if audio.tags is not None else NativeTags()
    return Audio(audio.info, tags, mp4_codec(audio.info.codec))


def mp4_codec(name: str) -> str:
    """The codec, as `Track.codec` holds it, for mutagen's `name` of it."""
    return next((codec for start, codec in _MP4_CODECS.items() if name.startswith(start)), "mp4")
