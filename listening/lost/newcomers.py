"""Which lost items are rows that a scan has just added.

A purged track is recognised by its sound; else by its MusicBrainz recording id and length; else by
title, artist, album and length. An imported one in the same ways and by its path. Purged albums and
artists are recognised by their names, folders by their paths.

Of the purged rows, no two become the same new one: two copies of a recording are two tracks when
they come back. Imported things may be about the same track.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from django.db.models import Q

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.paths import path_from_text, path_to_text
from listening.lost.facts import (
    READ_TOLERANCE_S,
    TOLD_TOLERANCE_S,
    Facts,
    common_parts,
    folder_key,
    is_as_long,
    is_sure_path,
    match_key,
    path_key,
    path_parts,
    track_keys,
)
from listening.models import LostItem, LostKind


class _Claim(NamedTuple):
    """A lost item that may be a new row. The lowest `rank` is the most certain one."""

    rank: int
    row_id: int
    lost: LostItem


def found_again(kind: LostKind, added: Collection[int]) -> list[tuple[LostItem, int]]:
    """Lost items, each with the id of the new row that it is. A fixed number of queries."""
    claims = _claims_of_tracks(added) if kind is LostKind.TRACK else _claims_by_name(kind, added)
    found: dict[int, tuple[LostItem, int]] = {}
    taken: set[int] = set()
    for claim in sorted(claims, key=lambda each: (each.rank, each.row_id, each.lost.pk)):
        is_purged = claim.lost.former_id is not None
        if claim.lost.pk in found or (is_purged and claim.row_id in taken):
            continue
        found[claim.lost.pk] = claim.lost, claim.row_id
        if is_purged:
            taken.add(claim.row_id)
    return list(found.values())


class _Track(NamedTuple):
    """A new track, and what lost tracks are compared with. `depth`: how many names its path has
    below the music folder."""

    pk: int
    facts: Facts
    keys: tuple[str, str]
    path_key: str
    depth: int


def _claims_of_tracks(added: Collection[int]) -> Iterator[_Claim]:
    tracks = _tracks(added)
    by_key = defaultdict[str, set[_Track]](set)
    for track in tracks:
        facts = track.facts
        for key in (*track.keys, track.path_key, facts.audio_digest, facts.musicbrainz_id):
            by_key[key].add(track)
    by_key.pop("", None)
    waiting = _lost_like(tracks)
    sounds = Counter(lost.audio_digest for lost in waiting)
    for lost in waiting:
        keys = (lost.match_key, lost.path_key, lost.audio_digest, lost.musicbrainz_id)
        for track in set().union(*(by_key[key] for key in keys if key in by_key)):
            rank = _rank(lost, track, is_only_one=sounds[lost.audio_digest] == 1)
            if rank is not None:
                yield _Claim(rank, track.pk, lost)


def _tracks(added: Collection[int]) -> list[_Track]:
    names = ("title", "artist", "album_title", "duration_s", "musicbrainz_recording_id")
    rows = Track.objects.filter(pk__in=added)
    found = []
    for pk, root, path, *columns in rows.values_list("pk", "root", "path", *names, "audio_digest"):
        facts = Facts(*(*columns, f"{root}/{path}"))
        keys = track_keys(facts.title, facts.artist, facts.album)
        found.append(_Track(pk, facts, keys, path_key(facts.path), path.count("/") + 1))
    return found


def _lost_like(tracks: Iterable[_Track]) -> list[LostItem]:
    """Lost tracks that have anything in common with these."""
    wanted = {
        "match_key": {key for track in tracks for key in track.keys},
        "path_key": {track.path_key for track in tracks},
        "audio_digest": {track.facts.audio_digest for track in tracks},
        "musicbrainz_id": {track.facts.musicbrainz_id for track in tracks},
    }
    lost = LostItem.objects.filter(kind=LostKind.TRACK)
    found: dict[int, LostItem] = {}
    for name, values in wanted.items():
        if some := values - {""}:
            # The second condition is that of the index, which has no empty values.
            like = lost.filter(~Q(**{name: ""}), **{f"{name}__in": some})
            found |= {item.pk: item for item in like}
    return [found[pk] for pk in sorted(found)]


def _rank(lost: LostItem, track: _Track, *, is_only_one: bool) -> int | None:
    """How sure it is that the lost track is this one, 0 being the surest; None if it is not.

    `is_only_one`: no other lost track has its sound. If another has, as silences may, then the
    sound alone does not say which of them it is.
    """
    facts = track.facts
    has_names = bool(lost.match_key) and lost.match_key in track.keys
    if lost.audio_digest and lost.audio_digest == facts.audio_digest:
        if has_names or lost.title == facts.title:
            return 0 if has_names else 1
        if is_only_one or _depth(lost, facts):
            return 2
    told = lost.former_id is None
    tolerance_s = TOLD_TOLERANCE_S if told else READ_TOLERANCE_S
    is_long = is_as_long(lost.duration_s, facts.duration_s, tolerance_s)
    common = _depth(lost, facts) if told else 0
    has_path = is_sure_path(common, track.depth)
    if has_path and (has_names or lost.title == facts.title or not lost.match_key):
        return 3
    if common and _is_by_same_artist(lost, track):
        return 3
    if is_long and lost.musicbrainz_id and lost.musicbrainz_id == facts.musicbrainz_id:
        return 4
    if is_long and has_names:
        return 5
    return 6 if has_path and is_long and lost.duration_s else None


def _is_by_same_artist(lost: LostItem, track: _Track) -> bool:
    """Whether title and artist are the same, whatever the album."""
    key = match_key(LostKind.TRACK, lost.title, lost.artist) if lost.artist else ""
    return bool(key) and key == track.keys[1]


def _depth(lost: LostItem, facts: Facts) -> int:
    """How many names both paths have in common at their ends; 0 if only the file's name."""
    parts = path_parts(path_from_text(lost.path)) if lost.path else []
    common = common_parts(parts, path_parts(facts.path))
    return common if common > 1 else 0


def _claims_by_name(kind: LostKind, added: Collection[int]) -> Iterator[_Claim]:
    rows = _NAMED[kind](added)
    by_key = defaultdict[str, list[_Named]](list)
    for row in rows:
        by_key[row.key].append(row)
    for lost in LostItem.objects.filter(kind=kind, match_key__in=by_key):
        for row in by_key[lost.match_key]:
            ids = {lost.musicbrainz_id, row.musicbrainz_id} - {""}
            if len(ids) <= 1:  # not two different ones
                is_same = lost.musicbrainz_id == row.musicbrainz_id and lost.path == row.path
                yield _Claim(0 if is_same else 1, row.pk, lost)


class _Named(NamedTuple):
    """A new album, artist or folder. `path`: see `LostItem`."""

    pk: int
    key: str
    musicbrainz_id: str = ""
    path: str = ""


def _albums(added: Collection[int]) -> list[_Named]:
    rows = Album.objects.filter(pk__in=added)
    names = ("pk", "title", "album_artist", "musicbrainz_release_id")
    return [
        _Named(pk, match_key(LostKind.ALBUM, title, artist), release_id)
        for pk, title, artist, release_id in rows.values_list(*names)
    ]


def _artists(added: Collection[int]) -> list[_Named]:
    rows = Artist.objects.filter(pk__in=added).values_list("pk", "name", "musicbrainz_artist_id")
    return [_Named(pk, match_key(LostKind.ARTIST, name), its_id) for pk, name, its_id in rows]


def _folders(added: Collection[int]) -> list[_Named]:
    rows = Folder.objects.filter(pk__in=added).values_list("pk", "root", "path")
    return [
        _Named(pk, folder_key(root, path), path=path_to_text(f"{root}/{path}"))
        for pk, root, path in rows
    ]


_NAMED = {LostKind.ALBUM: _albums, LostKind.ARTIST: _artists, LostKind.FOLDER: _folders}
