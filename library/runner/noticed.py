"""What the watcher notices: changes that can make a difference to a scan, judged by names."""

import os

from django.conf import settings

from library.covers.folder import art_folders, suffix_rank
from library.files.lyrics_files import is_lyrics
from library.files.names import is_audio, is_ignored_file, is_playlist
from library.files.pictures import is_disc_folder


def is_noticed(name: str) -> bool:
    """Whether scans look at a file of this name: music, pictures, lyrics and playlists.

    Unfinished downloads and other files are not noticed. They are once they are renamed to music.
    """
    is_looked_at = (
        is_audio(name)
        or suffix_rank(name) is not None
        or is_lyrics(name)
        or (is_playlist(name) and settings.PLAYLISTS_FROM_FOLDERS)
    )
    return is_looked_at and not is_ignored_file(name, {})


def folder_to_scan(root: str, folder: str) -> str:
    """The folder to scan after a change in `folder`. Both are absolute.

    It is the folder above for a folder of pictures such as `Artwork`, and for a disc of an album,
    because what is in these decides which cover the album has.
    """
    while folder != root and _belongs_to_folder_above(root, folder):
        folder = os.path.dirname(folder)
    return folder


def _belongs_to_folder_above(root: str, folder: str) -> bool:
    if art_folders([os.path.basename(folder)]):
        return True
    above = os.path.dirname(folder)
    return above != root and is_disc_folder(folder)
