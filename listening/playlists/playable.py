"""The tracks of albums, artists, folders and playlists that can be played, and how many cannot."""

from dataclasses import dataclass

from django.db.models import F, Q, Value

from library.models.catalogue import OWN_ROLES, Track
from library.queries.prepared import IsAmong, ids_value
from listening.models import Playlist
from listening.playlists.contents import targets_of
from listening.playlists.rights import visible_to
from listening.playlists.sources import Ids, Sources, gather


@dataclass(frozen=True)
class Playable:
    """`ids`: the present tracks, in order. `missing_count`: how many entries of the playlists and
    tracks of the albums and artists cannot be played, since they are lost or their files are
    missing. It is counted only if nothing can be played."""

    ids: list[int]
    missing_count: int = 0


def find_playable(user_id: int, sources: Sources) -> Playable:
    """Raises Refused if there are more tracks than a queue holds."""
    targets = [each for each in gather(user_id, sources).targets if each > 0]
    missing = {*Track.objects.missing().order_by().values_list("pk", flat=True)}
    ids = [each for each in targets if each not in missing]
    return Playable(ids) if ids else Playable(ids, _count_missing(user_id, sources))


def _count_missing(user_id: int, sources: Sources) -> int:
    playlists: list[Playlist] = []
    if sources.playlist_ids:
        playlists = [*visible_to(user_id).filter(pk__in=sources.playlist_ids)]
    in_playlists = sum(len(targets_of(each)) for each in playlists)
    of_albums = Q(_among("album", sources.album_ids))
    of_artists = Q(
        _among("track_artists__artist", sources.artist_ids),
        track_artists__role__in=OWN_ROLES,
    )
    tracks = Track.objects.missing().filter(of_albums | of_artists)
    return in_playlists + tracks.order_by().values("pk").distinct().count()


def _among(column: str, ids: Ids) -> IsAmong:
    return IsAmong(F(column), Value(ids_value(ids)))
