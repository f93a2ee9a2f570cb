"""Tracks as the rules of albums see them, and the albums that the rules make of them."""

import itertools
import os
import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from library.albums.members import Member
from library.albums.releases import Release, releases
from library.albums.unit_albums import UnitAlbum, unit_albums
from library.albums.units import unit_of

ROOT = "/music"
_CODECS = {".m4a": "aac", ".ogg": "vorbis", ".wav": "pcm"}
_ids = itertools.count(1)


def member(path: str, **stated: Any) -> Member:
    """A track at `path` below `ROOT`. Its title is the file's name without the digits in front,
    which are its number."""
    folder, name = os.path.split(path)
    stem, suffix = os.path.splitext(name)
    digits = "".join(itertools.takewhile(str.isdigit, stem))
    facts: dict[str, Any] = {
        "track_id": next(_ids),
        "root": ROOT,
        "folder": folder,
        "file_name": name,
        "album_id": None,
        "album_by_hand": "",
        "title": stem[len(digits) :].strip() or stem,
        "artist": "",
        "album_title": "",
        "album_artist": "",
        "release_id": "",
        "release_group_id": "",
        "year": None,
        "release_date": "",
        "edition": "",
        "catalogue_number": "",
        "compilation": False,
        "disc_number": None,
        "codec": _CODECS.get(suffix, suffix[1:]),
        "duration_s": 200.0,
        "track_number": int(digits) if digits else None,
    }
    return Member(**{**facts, **stated})


def tracks(
    folder: str, numbers: Iterable[int], *, suffix: str = "flac", **stated: Any
) -> list[Member]:
    """One track for each number, with titles that depend on the number alone."""
    return [member(f"{folder}/{n:02} Song {n}.{suffix}", **stated) for n in numbers]


def unit_albums_of(members: Iterable[Member]) -> list[UnitAlbum]:
    """The albums of each unit."""
    units: defaultdict[Any, list[Member]] = defaultdict(list)
    for each in members:
        units[unit_of((each.root, each.folder))].append(each)
    return [album for of_unit in units.values() for album in unit_albums(of_unit)]


def releases_of(*groups: Iterable[Member]) -> list[Release]:
    """The releases in a library that holds these tracks. The result has to be the same in any
    order, which is tried."""
    members = [each for group in groups for each in group]
    found = _releases(members)
    for seed in range(2):
        shuffled = random.Random(seed).sample(members, len(members))
        assert sorted(map(_facts, _releases(shuffled))) == sorted(map(_facts, found))
    return found


def _releases(members: Iterable[Member]) -> list[Release]:
    return releases(unit_albums_of(members))


def _facts(release: Release) -> tuple[Any, ...]:
    ids = sorted(each.track_id for each in release.members)
    reasons = (str(release.together_by), str(release.apart_by))
    return ids, release.title, release.album_artist, *reasons, release.disambiguation


def paths(release: Release) -> list[str]:
    return sorted(os.path.join(each.folder, each.file_name) for each in release.members)
