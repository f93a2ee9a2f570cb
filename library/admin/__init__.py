"""The admin pages of the library: tracks, albums, artists, scans and
joins.

Scans write these rows, so the pages only show them; they can also start a scan and purge missing
tracks. Each module registers its pages when it is imported.
"""

from library.admin import catalogue, joins, scans, tracks

__all__ = ["catalogue", "joins", "scans", "tracks"]
