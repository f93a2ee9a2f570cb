"""Whether a client that names a format and a bit rate can take a file as it is."""

import os
from typing import NamedTuple

RAW = "raw"
"""The name with which Subsonic clients ask for the file as it is."""
_ALSO_CALLED = {"vorbis": {"ogg", "oga"}}
"""Other names of a codec among Subsonic clients, whatever the file's suffix is."""
_NAMES_OF_CODECS = {"mp3", "flac", "opus", "aac"}
"""Suffixes that name a codec. Some files have the wrong one."""


class Wish(NamedTuple):
    """What a client asks of a stream. `format`: as the client names it, in lower case, or empty for
    any. `most_kbps`: 0 for any bit rate. `start_s`: where in the track it begins."""

    format: str = ""
    most_kbps: int = 0
    start_s: float = 0.0


AS_IT_IS = Wish()


class NeedsTranscoding(Exception):
    """The file would have to be converted. The text is shown to listeners."""


def check_is_as_wished(wish: Wish, path: str, codec: str, bitrate_kbps: int) -> None:
    """Raises NeedsTranscoding. The file serves if the client names its format, which says that it
    can play that, or names none and allows its bit rate."""
    if wish.format == RAW or wish.format in names_of(path, codec):
        return
    is_slow_enough = not wish.most_kbps or bitrate_kbps <= wish.most_kbps
    if wish.format or not is_slow_enough:
        raise NeedsTranscoding(_why(wish, path, codec, bitrate_kbps))


def names_of(path: str, codec: str) -> set[str]:
    """The names by which a client may ask for the format of this file."""
    suffix = suffix_of(path)
    is_wrong = bool(codec) and suffix in _NAMES_OF_CODECS - {codec}
    return {codec or suffix, *_ALSO_CALLED.get(codec, ()), *(() if is_wrong else (suffix,))}


def suffix_of(path: str) -> str:
    return os.path.splitext(path)[1].lower().removeprefix(".")


def _why(wish: Wish, path: str, codec: str, bitrate_kbps: int) -> str:
    found = f"{codec or suffix_of(path)} at {bitrate_kbps} kbit/s"
    wanted = wish.format or "any format"
    if wish.most_kbps:
        wanted += f" at {wish.most_kbps} kbit/s at most"
    return (
        f"This server does not convert music yet. The file is {found}; the app asks for {wanted}. "
        "Choose the original quality, without a limit of the bit rate, in the app's settings."
    )
