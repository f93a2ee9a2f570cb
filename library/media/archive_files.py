"""The files that go into a ZIP file: which are there, what is in them, and their checksums."""

import os
import zlib
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import NamedTuple

from django.db.models import F, Value

from asgi.files.disks import DiskHangs
from asgi.files.media_file import BodyCutShort, MediaFile, media_file
from library.media.disks import disk_of
from library.media.library_files import NotInLibrary, ScannedStat, open_library_file
from library.media.tracks import look_ups, unreadable
from library.models.catalogue import Track
from library.queries.prepared import IsAmong, ids_value

CHUNK_BYTES = 128 * 1024
CHECKED_BYTES = 1024 * 1024
"""How much of a file is read at a time for its checksum."""
OPENED_AT_ONCE = 500
"""How many files one visit to a disk's thread looks at."""
_MOST_CHECKSUMS = 100_000
_checksums: dict["Source", int] = {}
"""Those of files that were sent: a client that goes on with a download need not wait for them."""


class Source(NamedTuple):
    """A file of the library. `mtime_ns`, `size_bytes` and `inode`: as it was when the ZIP file was
    begun; `scanned`: as the last scan saw it."""

    root: str
    path: str
    scanned: ScannedStat
    mtime_ns: int = 0
    size_bytes: int = 0
    inode: int = 0


async def find_sources(track_ids: Sequence[int]) -> list[Source]:
    """The files of these tracks that can be opened. Raises TrackUnavailable if a disk fails."""
    found: dict[Source, Source] = {}
    sources = await look_ups.find(_sources, track_ids)
    for root in dict.fromkeys(source.root for source in sources):
        there = [source for source in sources if source.root == root]
        for start in range(0, len(there), OPENED_AT_ONCE):
            look = partial(_look_at, there[start : start + OPENED_AT_ONCE])
            try:
                found |= await disk_of(root).begin(look)
            except DiskHangs:
                raise unreadable() from None
    return [found[source] for source in sources if source in found]


def _sources(track_ids: Sequence[int]) -> list[Source]:
    """Blocks."""
    rows = Track.objects.present().filter(IsAmong(F("pk"), Value(ids_value(track_ids)))).order_by()
    found = {
        pk: Source(root, path, ScannedStat(*scanned))
        for pk, root, path, *scanned in rows.values_list("pk", "root", "path", *ScannedStat._fields)
    }
    return [found[pk] for pk in track_ids if pk in found]


def _look_at(sources: Sequence[Source]) -> dict[Source, Source]:
    found = {}
    for source in sources:
        try:
            with open_library_file(source.root, source.path, source.scanned).file as file:
                stat = os.fstat(file.fileno())
        except (NotInLibrary, OSError):
            continue
        found[source] = source._replace(
            mtime_ns=stat.st_mtime_ns, size_bytes=stat.st_size, inode=stat.st_ino
        )
    return found


async def checksum(source: Source) -> int:
    """The CRC-32 of a file. Raises BodyCutShort."""
    known = _checksums.get(source)
    if known is not None:
        return known
    crc = 0
    async for chunk in content(source, 0, source.size_bytes, CHECKED_BYTES):
        crc = zlib.crc32(chunk, crc)
    if len(_checksums) >= _MOST_CHECKSUMS:
        _checksums.clear()
    _checksums[source] = crc
    return crc


async def content(
    source: Source, first: int, stop: int, chunk_bytes: int = CHUNK_BYTES
) -> AsyncIterator[bytes]:
    """The bytes of a file from `first` up to `stop`. Raises BodyCutShort."""
    disk = disk_of(source.root)
    file = await disk.go_on(_open, source)
    try:
        for at in range(first, stop, chunk_bytes):
            yield await disk.go_on(_read, source, file, at, min(chunk_bytes, stop - at))
    finally:
        disk.submit(file.close)


def _open(source: Source) -> MediaFile:
    """Raises BodyCutShort if it is another file by now."""
    try:
        opened = open_library_file(source.root, source.path, source.scanned)
    except (NotInLibrary, OSError) as error:
        raise BodyCutShort(f"{source.path!r} cannot be read: {error}.") from None
    file = media_file(opened.file, "")
    try:
        _check(source, file)
    except BodyCutShort:
        file.close()
        raise
    return file


def _read(source: Source, file: MediaFile, at: int, size_bytes: int) -> bytes:
    found = file.read(at, size_bytes)
    _check(source, file)
    return found


def _check(source: Source, file: MediaFile) -> None:
    stat = os.fstat(file.file.fileno())
    now = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
    if now != (source.mtime_ns, source.size_bytes, source.inode):
        raise BodyCutShort(f"{source.path!r} was changed while it was sent.")
