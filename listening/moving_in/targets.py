"""Which tracks, albums and artists of this library the things of another server are about. What is
not found becomes a lost item, which waits for it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folding import identity_key
from listening.lost import Facts, Matched, find_tracks, lost_named, lost_of_each
from listening.models import LostKind
from listening.moving_in.brought import Brought, Named

ROWS_AT_ONCE = 500

Target = tuple[str, int]
"""The column that points at it: `track`, `album`, `artist` or `lost`, and its id."""


@dataclass
class Targets:
    """By kind and the other server's id. `matched`: how many tracks were found by what.
    `not_found`: tracks, albums and artists that are none of this library's."""

    of: dict[tuple[str, str], Target] = field(default_factory=dict)
    matched: Counter[Matched] = field(default_factory=Counter)
    not_found: list[Facts] = field(default_factory=list)
    not_found_named: list[tuple[str, Named]] = field(default_factory=list)


def find_targets(brought: Brought) -> Targets:
    """For everything that users have things of. Makes lost items: call it in a transaction."""
    targets = Targets()
    used = _used(brought)
    tracks = {pk: brought.tracks[pk] for pk in used["track"] if pk in brought.tracks}
    # Tracks of a favourite album tell which album it is.
    of_albums = {pk for album in used["album"] for pk in brought.album_tracks.get(album, ())}
    others = {pk: brought.tracks[pk] for pk in of_albums if pk in brought.tracks}
    wanted = {**others, **tracks}
    found = dict(zip(wanted, find_tracks(list(wanted.values())), strict=True))
    missing = []
    for pk in tracks:
        if match := found[pk]:
            targets.of["track", pk] = ("track", match.track_id)
            targets.matched[match.matched] += 1
        else:
            missing.append(pk)
    targets.not_found = [tracks[pk] for pk in missing]
    for pk, lost in zip(missing, lost_of_each(targets.not_found), strict=True):
        targets.of["track", pk] = ("lost", lost.pk)
    ids = {pk: match.track_id for pk, match in found.items() if match}
    _find_albums(brought, used["album"], ids, targets)
    _find_artists(brought, used["artist"], targets)
    return targets


def _used(brought: Brought) -> dict[str, dict[str, None]]:
    """The ids by kind, in order."""
    used = defaultdict[str, dict[str, None]](dict)
    for user in brought.users.values():
        for opinion in (*user.favourites, *user.ratings):
            used[opinion.kind][opinion.item_id] = None
        of_tracks = (
            *(count.track_id for count in user.counts),
            *(track_id for track_id, _ in user.plays),
            *(mark.track_id for mark in user.bookmarks),
            *(track_id for playlist in user.playlists for track_id in playlist.track_ids),
        )
        used["track"].update(dict.fromkeys(of_tracks))
    return used


def _find_albums(
    brought: Brought, wanted: Collection[str], track_ids: Mapping[str, int], targets: Targets
) -> None:
    """By the MusicBrainz id, else by the album of most of its tracks, else by the names, if only
    one album has them."""
    albums = {pk: brought.albums[pk] for pk in wanted if pk in brought.albums}
    by_id = _by_value("musicbrainz_release_id", {each.musicbrainz_id for each in albums.values()})
    by_name = _by_value(
        "name_key", {identity_key(each.name, each.artist) for each in albums.values()}
    )
    own = [
        track_ids[pk]
        for album in albums
        for pk in brought.album_tracks.get(album, ())
        if pk in track_ids
    ]
    album_of = _albums_of(own)
    for pk, named in albums.items():
        of_tracks = Counter(
            album
            for track in brought.album_tracks.get(pk, ())
            if (album := album_of.get(track_ids.get(track, 0)))
        )
        named_so = by_name.get(identity_key(named.name, named.artist), [])
        found = by_id.get(named.musicbrainz_id, []) if named.musicbrainz_id else []
        if len(found) != 1:
            found = [of_tracks.most_common(1)[0][0]] if of_tracks else named_so
        _add("album", pk, named, found, targets)


def _find_artists(brought: Brought, wanted: Collection[str], targets: Targets) -> None:
    artists = {pk: brought.artists[pk] for pk in wanted if pk in brought.artists}
    keys = {pk: identity_key(each.name) for pk, each in artists.items()}
    ids = {each.musicbrainz_id for each in artists.values()}
    by_id = _by_value("musicbrainz_artist_id", ids, Artist)
    by_name = _by_value("key", set(keys.values()), Artist)
    for pk, named in artists.items():
        found = by_id.get(named.musicbrainz_id, []) if named.musicbrainz_id else []
        _add("artist", pk, named, found if len(found) == 1 else by_name.get(keys[pk], []), targets)


def _add(kind: str, pk: str, named: Named, found: Sequence[int], targets: Targets) -> None:
    if len(found) == 1:
        targets.of[kind, pk] = (kind, found[0])
    else:
        lost = lost_named(LostKind(kind), named.name, named.artist, named.musicbrainz_id)
        targets.of[kind, pk] = ("lost", lost.pk)
        targets.not_found_named.append((kind, named))


def _by_value(
    column: str, values: Collection[str], model: type[Album] | type[Artist] = Album
) -> dict[str, list[int]]:
    found = defaultdict[str, list[int]](list)
    wanted = sorted({*values} - {""})
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        rows: QuerySet[Any] = QuerySet(model)
        some = rows.filter(**{f"{column}__in": wanted[start : start + ROWS_AT_ONCE]})
        for value, pk in some.order_by("pk").values_list(column, "pk"):
            found[value].append(pk)
    return found


def _albums_of(track_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(track_ids), ROWS_AT_ONCE):
        rows = Track.objects.filter(pk__in=track_ids[start : start + ROWS_AT_ONCE])
        found |= {pk: album for pk, album in rows.values_list("pk", "album_id") if album}
    return found
