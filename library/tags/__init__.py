"""A file's bytes → `TrackTags`: the only package that imports mutagen, and free of Django.

What is named here costs nothing to import. `reader` and `file` load all that reads, which takes a
twentieth of a second: reader processes do, the scan that asks them does not.
"""

from library.tags.media_types import AUDIO_SUFFIXES, MIME_TYPES
from library.tags.reading import ReadFile
from library.tags.track_tags import UNKNOWN_ARTIST, TrackTags

__all__ = ["AUDIO_SUFFIXES", "MIME_TYPES", "UNKNOWN_ARTIST", "ReadFile", "TrackTags"]
