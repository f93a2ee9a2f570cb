"""What the reader of each format returns: the sound, the tags, the codec and the digest."""

from typing import Any, NamedTuple

from library.tags.native_tags import NativeTags


class NoSoundError(Exception):
    """The file has the right format, but no audio stream."""


class FilmError(Exception):
    """The file holds moving pictures beside its sound."""


class Stream(NamedTuple):
    """Properties of a stream found by our own readers, with the same names as in mutagen: `length`
    in seconds, `bitrate` in bits per second, `sample_rate` in hertz.
    `bits_per_sample` is 0 for lossy codecs."""

    length: float
    bitrate: int
    sample_rate: int
    channels: int
    bits_per_sample: int = 0


class Audio(NamedTuple):
    """The result of reading a file.

    `info`: mutagen's description of the stream, or a `Stream`. `digest`: see
    `library.tags.audio_digest`; empty if there is none.
    """

    info: Any
    tags: NativeTags
    codec: str
    digest: str = ""
