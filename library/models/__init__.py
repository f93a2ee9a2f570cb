"""The models of the library: tracks, albums, artists, genres, labels, folders, scans, joins,
the revision, tombstones and words, with the querysets that read them.

Django looks for models in this package, so all modules with models are imported here. Other code
imports a model from the module that defines it.
"""

from library.models import (
    albums,
    catalogue,
    folders,
    genres,
    joins,
    revision,
    scan,
    successions,
    tombstones,
    words,
)

__all__ = [
    "albums",
    "catalogue",
    "folders",
    "genres",
    "joins",
    "revision",
    "scan",
    "successions",
    "tombstones",
    "words",
]
