"""The models of the library: tracks, albums, artists, scans and the querysets that read them.

Django looks for models in this package, so both modules are imported here. Other code imports a
model from the module that defines it.
"""

from library.models import catalogue, scan

__all__ = ["catalogue", "scan"]
