"""A file's bytes → `TrackTags`: the only package that imports mutagen, and free of Django.

It runs in reader processes, so importing it must stay cheap.
"""

from library.tags.formats import AUDIO_SUFFIXES, MIME_TYPES
from library.tags.reader import UnreadableAudio, read_tags
from library.tags.track_tags import UNKNOWN_ARTIST, TrackTags

__all__ = [
    "AUDIO_SUFFIXES",
    "MIME_TYPES",
    "UNKNOWN_ARTIST",
    "TrackTags",
    "UnreadableAudio",
    "read_tags",
]
