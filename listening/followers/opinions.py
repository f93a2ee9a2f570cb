"""Favourites and ratings, which people have of tracks, albums, artists and folders."""

from listening import favourites, ratings
from listening.changes import Area
from listening.followers.one_for_each import OneForEach
from listening.models import Favourite, Rating


class _Favourites(OneForEach):
    """Of two, the earlier one stays."""

    model = Favourite
    area = Area.FAVOURITES
    what = favourites.WHAT
    kept = ("favourited_at",)

    def unite(self, stays: Favourite, goes: Favourite) -> bool:
        is_earlier = goes.favourited_at < stays.favourited_at
        if is_earlier:
            stays.favourited_at = goes.favourited_at
        return is_earlier


class _Ratings(OneForEach):
    """Of two, the later one stays."""

    model = Rating
    area = Area.RATINGS
    what = ratings.WHAT
    kept = ("stars", "rated_at")

    def unite(self, stays: Rating, goes: Rating) -> bool:
        is_later = goes.rated_at > stays.rated_at
        if is_later:
            stays.stars, stays.rated_at = goes.stars, goes.rated_at
        return is_later


class FavouriteTracks(_Favourites):
    field_name = "track"
    noun = "favourite"


class FavouriteAlbums(_Favourites):
    field_name = "album"
    noun = "favourite album"


class FavouriteArtists(_Favourites):
    field_name = "artist"
    noun = "favourite artist"


class FavouriteFolders(_Favourites):
    field_name = "folder"
    noun = "favourite folder"


class TrackRatings(_Ratings):
    field_name = "track"
    noun = "rating"


class AlbumRatings(_Ratings):
    field_name = "album"
    noun = "album rating"


class ArtistRatings(_Ratings):
    field_name = "artist"
    noun = "artist rating"


class FolderRatings(_Ratings):
    field_name = "folder"
    noun = "folder rating"
