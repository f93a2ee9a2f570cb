"""The media type (MIME type) of a track's file, by which browsers decide how to play it."""

import os
import re

from library.tags import MIME_TYPES

BEGINNING_BYTES = 12
"""How many of a file's first bytes tell its container."""

# Browsers choose the demuxer by the media type. A file may have the wrong suffix, such as a WebM
# called .mp3; scans recognise it by its content. A container is told by its first bytes. A stream
# without one, such as an MP3 called .flac, gets the first type in this table that can hold its
# codec.
_CODECS_IN = {
    "audio/mpeg": ("mp1", "mp2", "mp3"),
    "audio/flac": ("flac",),
    "audio/ogg": ("vorbis", "opus", "speex", "flac"),
    "audio/x-ms-wma": ("wma", "wmalossless", "wmapro", "wmavoice"),
    "audio/wav": ("pcm", "adpcm", "alaw", "mulaw", "gsm", "mp2", "mp3", "wma", "wav"),
    "audio/mp4": (
        *("aac", "alac", "mp1", "mp2", "mp3", "mp4", "flac", "opus", "ac3", "eac3"),
        *("pcm", "adpcm", "alaw", "mulaw"),
    ),
    "audio/aac": ("aac",),
    "audio/aiff": ("pcm", "adpcm", "alaw", "mulaw", "gsm", "aiff"),
}
_MATROSKA, _WEBM = "audio/x-matroska", "audio/webm"
_WEBM_CODECS = frozenset({"opus", "vorbis"})
_CONTAINERS = (
    (re.compile(rb"\x1a\x45\xdf\xa3"), _MATROSKA),
    (re.compile(rb"(RIFF|RF64|BW64|RIFX)....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"FORM....AIF[FC]", re.DOTALL), "audio/aiff"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"....ftyp", re.DOTALL), "audio/mp4"),
    (re.compile(rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"), "audio/x-ms-wma"),
)
_UNKNOWN = "application/octet-stream"


def media_type_of(path: str, codec: str, beginning: bytes = b"") -> str:
    """The media type of the file at `path`, whose sound is in `codec` (see `Track.codec`).

    `beginning`: the file's first bytes. For Ogg the type also names the codec (RFC 5334,
    section 4), because Ogg holds very different ones.
    """
    by_suffix = MIME_TYPES.get(os.path.splitext(path)[1].lower(), _UNKNOWN)
    media_type = _type_of_container(beginning) or _type_by_codec(by_suffix, codec)
    if media_type in {_MATROSKA, _WEBM}:
        return _WEBM if by_suffix == _WEBM or codec in _WEBM_CODECS else _MATROSKA
    is_ogg = media_type == "audio/ogg" and codec in _CODECS_IN["audio/ogg"]
    return f"{media_type}; codecs={codec}" if is_ogg else media_type


def _type_of_container(beginning: bytes) -> str:
    return next((name for mark, name in _CONTAINERS if mark.match(beginning)), "")


def _type_by_codec(by_suffix: str, codec: str) -> str:
    if not codec or codec in _CODECS_IN.get(by_suffix, (codec,)):
        return by_suffix
    return next((each for each, codecs in _CODECS_IN.items() if codec in codecs), by_suffix)
