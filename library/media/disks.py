"""Each music folder has its own threads for opening and reading files, so that a disk that hangs
delays only its own files."""

from functools import cache

from django.conf import settings

from asgi.files.disks import Disk, own_disk


def disk_of(root: str) -> Disk:
    """The threads for files of the music folder `root`.

    For any other path it does not matter which: `open_library_file` refuses it before opening.
    """
    return _disk_of(root) if root in map(str, settings.MUSIC_DIRS) else own_disk


@cache
def _disk_of(root: str) -> Disk:
    return Disk(f"files of {root}")
