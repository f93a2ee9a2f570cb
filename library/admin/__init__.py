"""The admin pages of the library: tracks, albums, artists and scans.

Scans write these rows, so the pages only show them; they can also start a scan and purge missing
tracks. Each module registers its pages when it is imported.
"""

from library.admin import catalogue, scans, tracks

__all__ = ["catalogue", "scans", "tracks"]
