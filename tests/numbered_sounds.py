"""Audio files of sounds that have numbers: each sound has an audio digest of its own."""

from functools import cache
from hashlib import md5
from pathlib import Path
from typing import Any

from tests.audio_files import SAMPLES, make_audio, retag

FLAC_MD5 = slice(26, 42)


def make_sound(path: Path | str, sound: int, **tags: Any) -> Path:
    """An audio file of the sound with this number, in the format of the path's suffix."""
    path = Path(path)
    make_audio(path)
    path.write_bytes(_sounding(path.suffix, sound))
    retag(path, **tags)
    return path


@cache
def _sounding(suffix: str, sound: int) -> bytes:
    """The sample of a format, with the sound changed so that its digest is another."""
    content = bytearray(SAMPLES[suffix].read_bytes())
    mark = md5(str(sound).encode(), usedforsecurity=False).digest()
    if suffix == ".flac":
        content[FLAC_MD5] = mark
    elif suffix == ".m4a":
        at = content.index(b"mdat") + 200
        content[at : at + len(mark)] = mark
    else:
        content[-len(mark) :] = mark
    return bytes(content)
