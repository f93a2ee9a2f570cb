"""The media type (MIME type) of a track's file, by which browsers decide how to play it."""

import os

from library.tags import MIME_TYPES

# Browsers choose the demuxer by the media type. A file may have the wrong suffix, such as an MP3
# called .flac; scans recognise it by its content. Such a file gets the first type in this table
# that can hold its codec.
_CODECS_IN = {
    "audio/mpeg": ("mp1", "mp2", "mp3"),
    "audio/flac": ("flac",),
    "audio/ogg": ("vorbis", "opus", "speex", "flac"),
    "audio/x-ms-wma": ("wma",),
    "audio/wav": ("pcm", "adpcm", "alaw", "mulaw", "mp2", "mp3", "wma", "wav"),
    "audio/mp4": (
        *("aac", "alac", "mp1", "mp2", "mp3", "mp4", "flac", "opus", "ac3", "eac3"),
        *("pcm", "adpcm", "alaw", "mulaw"),
    ),
    "audio/aac": ("aac",),
    "audio/aiff": ("pcm",),
}
_UNKNOWN = "application/octet-stream"


def media_type_of(path: str, codec: str) -> str:
    """The media type of the file at `path`, whose sound is in `codec` (see `Track.codec`).

    For Ogg the type also names the codec (RFC 5334, section 4), because Ogg holds very different
    ones.
    """
    by_suffix = MIME_TYPES.get(os.path.splitext(path)[1].lower(), _UNKNOWN)
    media_type = by_suffix
    if codec and codec not in _CODECS_IN.get(by_suffix, (codec,)):
        carriers = (each for each, codecs in _CODECS_IN.items() if codec in codecs)
        media_type = next(carriers, by_suffix)
    is_ogg = media_type == "audio/ogg" and codec in _CODECS_IN["audio/ogg"]
    return f"{media_type}; codecs={codec}" if is_ogg else media_type
