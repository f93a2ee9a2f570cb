"""Covers: which picture is a track's cover, what identifies it, and its WebP images.

The package imports only what scans need. Pillow is imported by
`library.covers.rendering` and `cut_short` alone.
"""

from library.covers.folder import choose_folder_cover, folder_cover_id

__all__ = ["choose_folder_cover", "folder_cover_id"]
