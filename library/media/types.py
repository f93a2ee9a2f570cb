"""The media type of a track, as browsers want to hear it before they play it."""

import os

from library.tags import MIME_TYPES

# Browsers choose the demuxer by this type. So a file whose suffix lies (an MP3 called .flac, which
# the scan reads for what it is) is announced as what can carry its sound.
_CARRIED = {  # the first that carries a codec is what it is announced as
    "audio/mpeg": ("mp1", "mp2", "mp3"),
    "audio/flac": ("flac",),
    "audio/ogg": ("vorbis", "opus", "speex", "flac"),
    "audio/mp4": ("aac", "alac", "mp3", "mp4", "flac", "opus", "ac3", "eac3"),
    "audio/aac": ("aac",),
    "audio/x-ms-wma": ("wma",),
    "audio/wav": ("pcm", "adpcm", "alaw", "mulaw", "mp2", "mp3", "wma", "wav"),
    "audio/aiff": ("pcm",),
}
_UNKNOWN = "application/octet-stream"


def media_type_of(path: str, codec: str) -> str:
    """For the file at `path`, which holds `codec` as `Track.codec` names it.

    Of Ogg, where the type alone says little, the codec is named too (RFC 5334, section 4).
    """
    by_suffix = MIME_TYPES.get(os.path.splitext(path)[1].lower(), _UNKNOWN)
    media_type = by_suffix
    if codec and codec not in _CARRIED.get(by_suffix, (codec,)):
        carriers = (each for each, codecs in _CARRIED.items() if codec in codecs)
        media_type = next(carriers, by_suffix)
    is_ogg = media_type == "audio/ogg" and codec in _CARRIED["audio/ogg"]
    return f"{media_type}; codecs={codec}" if is_ogg else media_type
