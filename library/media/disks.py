"""Which threads open and read the files of a music folder: each folder has its own."""

from functools import cache

from django.conf import settings

from asgi.files.disks import Disk, own_disk


def disk_of(root: str) -> Disk:
    """The threads for files of the music folder `root`. What is none is refused before it is
    opened, and needs no threads."""
    return _disk_of(root) if root in map(str, settings.MUSIC_DIRS) else own_disk


@cache
def _disk_of(root: str) -> Disk:
    return Disk(f"files of {root}")
