"""Gives people's things the tracks, albums, artists and folders back that they lost."""

from collections.abc import Collection, Mapping

from django.db.models import Model

from library.followers import Newcomers, Revision
from library.models.catalogue import Track
from library.models.tombstones import Tombstone, kind_of
from listening.followers.bookmarks import Bookmarks
from listening.followers.opinions import (
    AlbumRatings,
    ArtistRatings,
    FavouriteAlbums,
    FavouriteArtists,
    FavouriteFolders,
    FavouriteTracks,
    FolderRatings,
    TrackRatings,
)
from listening.followers.own_things import OwnThings
from listening.followers.places import PlacesInPlaylists
from listening.followers.plays import PlayCounts, Plays
from listening.followers.queued import QueuedTracks
from listening.followers.shared import SharedAlbums, SharedTracks
from listening.lost import found_again, lost_items
from listening.models import LostItem, LostKind

FOLLOWERS: tuple[OwnThings, ...] = (
    *(FavouriteTracks(), FavouriteAlbums(), FavouriteArtists(), FavouriteFolders()),
    *(TrackRatings(), AlbumRatings(), ArtistRatings(), FolderRatings()),
    Plays(),  # before the counts, see there
    *(PlayCounts(), Bookmarks(), PlacesInPlaylists()),
    *(SharedTracks(), SharedAlbums()),
)


_queued = QueuedTracks()


class LostNewcomers(Newcomers):
    """One look for what is found again, whatever tables point at it. The tombstone of a row that
    was purged then says what it has become, by which queues and clients' copies find it."""

    def is_waiting(self, model: type[Model]) -> bool:
        return LostItem.objects.filter(kind=_kind(model)).exists()

    def link(self, model: type[Model], added: Collection[int], revision: Revision) -> None:
        found = found_again(_kind(model), added)
        if not found:
            return
        rows = {lost.pk: row_id for lost, row_id in found}
        give(model, rows)
        former = {lost.former_id: row_id for lost, row_id in found if lost.former_id is not None}
        if former:
            kept: type[Track] = model  # type: ignore[assignment]  # one of the catalogue
            Tombstone.objects.bury(kept, former.keys(), revision.number, former)

    def before_purge(self, model: type[Model], ids: Collection[int]) -> None:
        """Tracks in queues are waited for as well."""
        if model is Track and (queued := _queued.among(ids)):
            lost_items(LostKind.TRACK, queued)


def give_tracks(found: Mapping[int, int]) -> None:
    """Imported lost items, by id, are these tracks: in the caller's transaction, whatever belongs
    to them belongs to the tracks from now on."""
    if found:
        give(Track, found)


def give(model: type[Model], found: Mapping[int, int]) -> None:
    """Lost items, by id, are these rows of `model`: in the caller's transaction, whatever belongs
    to them belongs to the rows from now on."""
    for follower in FOLLOWERS:
        if follower.followed is model:
            follower.find(found)
    LostItem.objects.filter(pk__in=found).delete()


def _kind(model: type[Model]) -> LostKind:
    return LostKind(kind_of(model))  # type: ignore[arg-type]  # one of the catalogue
