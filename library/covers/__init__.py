"""Pictures of albums and tracks: which one it is and what identifies it."""

from library.covers.folder import choose_folder_cover, folder_cover_id

__all__ = ["choose_folder_cover", "folder_cover_id"]
