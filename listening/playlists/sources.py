"""The tracks of what is added to a playlist: of albums in their order, of artists, of folders with
all that is below them, of other playlists, of a search."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.db.models import F, Value
from django.utils.translation import gettext

from library.models.albums import Album
from library.models.catalogue import OWN_ROLES, Artist, Track, TrackArtist
from library.models.folders import Folder, folder_name_key
from library.models.tombstones import Catalogue
from library.queries.lists import RowList
from library.queries.orders import TRACK_ORDERS
from library.queries.prepared import IsAmong, ids_value
from library.queries.tombstones import living_ids
from listening.models import Playlist
from listening.playlists.contents import targets_of
from listening.playlists.counting import Targets
from listening.playlists.entries import MOST_ENTRIES
from listening.playlists.places import listed_sql
from listening.playlists.refusals import Refused
from listening.playlists.rights import visible_to

Ids = Sequence[int]

IDS_AT_ONCE = 1_000
"""Of how many albums, artists or folders the tracks are looked up together."""

_BELOW = """
WITH RECURSIVE below (top, id) AS (
    SELECT value, value FROM {listed} AS listed
    UNION
    SELECT below.top, folder.id FROM library_folder AS folder
    JOIN below ON folder.parent_id = below.id
)
SELECT below.top, track.id, track.path FROM below
JOIN library_track AS track ON track.folder_id = below.id WHERE track.missing_since IS NULL
"""


@dataclass(frozen=True)
class Sources:
    """What is added, in the order of these fields."""

    track_ids: Ids = ()
    album_ids: Ids = ()
    artist_ids: Ids = ()
    folder_ids: Ids = ()
    playlist_ids: Ids = ()
    search: RowList | None = None


@dataclass(frozen=True)
class Gathered:
    """`targets`: see `counting`. `not_found`: the given ids of which nothing is known."""

    targets: list[int] = field(default_factory=list)
    not_found: list[int] = field(default_factory=list)

    def add(self, row_id: int, targets: Targets | None) -> None:
        """`targets`: those of the given id, None if nothing is known of it. Raises Refused."""
        if targets is None:
            self.not_found.append(row_id)
        else:
            self.extend(targets)

    def extend(self, targets: Targets) -> None:
        """Raises Refused if these are more than a playlist holds."""
        if len(self.targets) + len(targets) > MOST_ENTRIES:
            message = gettext("A playlist has at most %(most)s entries. These are more.") % {
                "most": intcomma(MOST_ENTRIES)
            }
            raise Refused("too_many_entries", message)
        self.targets.extend(targets)


def gather(user_id: int, sources: Sources) -> Gathered:
    """All tracks of these, in order. Albums, artists, folders and searches have present tracks
    alone; a track that is named itself may be missing; playlists give all of their entries.

    Raises Refused as soon as they are more than a playlist holds.
    """
    gathered = Gathered()
    if sources.track_ids:
        _extend_by_some(gathered, Track, sources.track_ids, _tracks)
    _extend(gathered, Album, sources.album_ids, tracks_of_albums)
    _extend(gathered, Artist, sources.artist_ids, _of_artists)
    _extend(gathered, Folder, sources.folder_ids, _of_folders)
    found = _playlists(user_id, sources)
    targets: dict[int, Targets] = {}
    for pk in sources.playlist_ids:
        if pk in found and pk not in targets:
            targets[pk] = targets_of(found[pk])
        gathered.add(pk, targets.get(pk))
    if sources.search:
        gathered.extend(sources.search.ids())
    return gathered


def _extend(
    gathered: Gathered, model: Catalogue, ids: Ids, find: Callable[[Ids], dict[int, Targets]]
) -> None:
    """Add the tracks of each of these ids; of an id that was joined, those of the other row."""
    for start in range(0, len(ids), IDS_AT_ONCE):
        _extend_by_some(gathered, model, ids[start : start + IDS_AT_ONCE], find)


def _extend_by_some(
    gathered: Gathered, model: Catalogue, ids: Ids, find: Callable[[Ids], dict[int, Targets]]
) -> None:
    found = find([*dict.fromkeys(ids)])
    gone = [pk for pk in dict.fromkeys(ids) if pk not in found]
    if gone and (living := living_ids(model, gone)):
        of_living = find([*living.values()])
        found |= {pk: of_living[to] for pk, to in living.items() if to in of_living}
    for pk in ids:
        gathered.add(pk, found.get(pk))


def _among(column: str, ids: Ids) -> IsAmong:
    return IsAmong(F(column), Value(ids_value(ids)))


def _tracks(ids: Ids) -> dict[int, Targets]:
    found = Track.objects.filter(_among("pk", ids)).order_by().values_list("pk", flat=True)
    return {pk: [pk] for pk in found}


def tracks_of_albums(ids: Ids) -> dict[int, Targets]:
    """The present tracks of each album, in its order."""
    tracks = Track.objects.present().filter(_among("album", ids))
    return _by_first(tracks.order_by(*TRACK_ORDERS["album"].terms).values_list("album_id", "pk"))


def _of_artists(ids: Ids) -> dict[int, Targets]:
    """An artist may have two roles in a track, which is listed once."""
    credited = TrackArtist.objects.filter(_among("artist", ids), role__in=OWN_ROLES).order_by()
    artists = defaultdict[int, set[int]](set)
    for artist_id, track_id in credited.values_list("artist_id", "track_id"):
        artists[track_id].add(artist_id)
    tracks = Track.objects.present().filter(_among("pk", [*artists]))
    in_order = tracks.order_by(*TRACK_ORDERS["album"].terms).values_list("pk", flat=True)
    return _by_first((artist, pk) for pk in in_order for artist in artists[pk])


def _of_folders(ids: Ids) -> dict[int, Targets]:
    with connection.cursor() as cursor:
        cursor.execute(_BELOW.format(listed=listed_sql()), [ids_value(ids)])
        rows = sorted(cursor.fetchall(), key=lambda row: _place_in_folders(row[2]))
    return _by_first((top, pk) for top, pk, _ in rows)


def _place_in_folders(path: str) -> tuple[list[str], str, str]:
    """Sorts the tracks of a folder before those below it, both by their names."""
    folder, name = os.path.split(path)
    return [*map(folder_name_key, folder.split("/"))], folder_name_key(name), path


def _by_first(pairs: Iterable[tuple[int | None, int]]) -> dict[int, Targets]:
    found = defaultdict[int, list[int]](list)
    for first, second in pairs:
        if first is not None:
            found[first].append(second)
    return dict(found)


def _playlists(user_id: int, sources: Sources) -> dict[int, Playlist]:
    return visible_to(user_id).in_bulk([*sources.playlist_ids]) if sources.playlist_ids else {}
