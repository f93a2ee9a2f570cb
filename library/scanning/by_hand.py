"""Albums that a person joins or parts: marks on tracks, which scans keep.

`Track.album_by_hand` of all tracks of such an album is one random text. For the rules it is like a
release id that comes before all others, so tracks that arrive later in the same folders join the
album as well. The marks are written at once, also beside a running scan. The albums are worked out
anew right away, or by the running scan before it ends.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction

from library.albums.reasons import Apart
from library.models.albums import Album
from library.models.catalogue import Track
from library.scanning import to_settle
from library.scanning.errors import ScanError

MOST_TRACKS = 5_000
"""How many tracks one join or parting may concern: they are written in one transaction."""
MOST_ALBUMS = 500
"""How many albums a person may choose at once."""
_MARK_BYTES = 16


class CannotJoin(ScanError):
    """The albums or tracks cannot be joined or parted. The message says why."""


def join_albums(album_ids: Collection[int]) -> set[int]:
    """Mark the tracks of these albums as one album. Returns the ids of the folders to settle.

    Raises CannotJoin for less than two albums with tracks, and for more than MOST_ALBUMS albums or
    MOST_TRACKS tracks.
    """
    _check_number(len(album_ids), MOST_ALBUMS, "albums")
    with transaction.atomic():
        tracks = _tracks_of(album_ids)
        if len({album_id for _, album_id, _ in tracks}) < 2:  # noqa: PLR2004  # a pair
            raise CannotJoin("Choose at least two albums that have tracks.")
        _mark([pk for pk, _, _ in tracks])
        return _flag(folder_id for _, _, folder_id in tracks)


def part_tracks(track_ids: Collection[int]) -> set[int]:
    """Mark these tracks as an album of their own, and what is left of each of their albums as
    another. Returns the ids of the folders to settle.

    Raises CannotJoin for tracks without an album, if nothing would be left of any album, and for
    more than MOST_TRACKS tracks.
    """
    chosen = set(track_ids)
    _check_number(len(chosen), MOST_TRACKS, "tracks")
    with transaction.atomic():
        on_albums = Track.objects.filter(pk__in=chosen).values_list("album_id", flat=True)
        tracks = _tracks_of({album_id for album_id in on_albums if album_id is not None})
        if not tracks:
            raise CannotJoin("None of these tracks is on an album.")
        left = defaultdict[int, list[int]](list)
        for pk, album_id, _ in tracks:
            if pk not in chosen:
                left[album_id].append(pk)
        if not left:
            raise CannotJoin("These are all the tracks of their album; choose some of them.")
        _mark([pk for pk, _, _ in tracks if pk in chosen])
        for rest in left.values():
            _mark(rest)
        return _flag(folder_id for _, _, folder_id in tracks)


def leave_to_rules(album_ids: Collection[int]) -> set[int]:
    """Take the marks from the tracks of these albums, from all that share them, and from those that
    were parted from them. Returns the ids of the folders to settle.

    Raises CannotJoin if there is no mark, and for more than MOST_ALBUMS albums.
    """
    _check_number(len(album_ids), MOST_ALBUMS, "albums")
    with transaction.atomic():
        marks = {mark for mark in _marks_of(album_ids) if mark}
        if not marks:
            raise CannotJoin("Nobody has joined or parted these albums.")
        marked = Track.objects.filter(album_by_hand__in=marks)
        folder_ids = _flag(marked.order_by().values_list("folder_id", flat=True).distinct())
        marked.update(album_by_hand="")
        return folder_ids


def _marks_of(album_ids: Collection[int]) -> Iterable[str]:
    """The marks of these albums, and of those that somebody parted from them."""
    names = Album.objects.filter(pk__in=album_ids).values_list("name_key", flat=True)
    parted = Album.objects.filter(name_key__in=set(names) - {""}, apart_by=Apart.BY_HAND)
    concerned = {*album_ids, *parted.values_list("pk", flat=True)}
    tracks = Track.objects.filter(album__in=concerned).order_by()
    return tracks.values_list("album_by_hand", flat=True).distinct()


def _tracks_of(album_ids: Collection[int]) -> list[tuple[int, int, int | None]]:
    """The id, album and folder of each track on these albums, also of missing ones."""
    tracks = Track.objects.filter(album__in=album_ids).order_by("pk")
    rows = list(tracks.values_list("pk", "album_id", "folder_id")[: MOST_TRACKS + 1])
    _check_number(len(rows), MOST_TRACKS, "tracks")
    return [(pk, album_id, folder_id) for pk, album_id, folder_id in rows if album_id is not None]


def _check_number(number: int, most: int, noun: str) -> None:
    if number > most:
        raise CannotJoin(f"These are more than {most:,} {noun}; choose fewer.")


def _mark(track_ids: Collection[int]) -> None:
    Track.objects.filter(pk__in=track_ids).update(album_by_hand=secrets.token_hex(_MARK_BYTES))


def _flag(folder_ids: Iterable[int | None]) -> set[int]:
    """Have the albums in these folders worked out anew, at the latest by the next scan."""
    wanted = {folder_id for folder_id in folder_ids if folder_id is not None}
    to_settle.flag(wanted)
    return wanted
