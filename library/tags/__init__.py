"""Reads tags: a file's bytes → `TrackTags`. The only package that imports mutagen; free of Django.

The names below are cheap to import. `reader` and `file` import all parsers, which takes 0.05 s;
only processes that read files import these.
"""

from library.tags.media_types import AUDIO_SUFFIXES, MIME_TYPES
from library.tags.reading import ReadFile
from library.tags.track_tags import UNKNOWN_ARTIST, Contributor, TrackTags

__all__ = [
    "AUDIO_SUFFIXES",
    "MIME_TYPES",
    "UNKNOWN_ARTIST",
    "Contributor",
    "ReadFile",
    "TrackTags",
]
