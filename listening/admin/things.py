"""Favourites, ratings, plays and bookmarks, and what of it waits for tracks to come back."""

from datetime import date

from django.contrib import admin

from library.admin.reading import ReadOnlyAdmin, duration_text
from listening.admin.owned import OwnedAdmin
from listening.models import Bookmark, Favourite, LostItem, Play, PlayCount, Rating
from listening.models.targets import KINDS

_KINDS_AND_LOST = (*KINDS, "lost")


@admin.register(Favourite)
class FavouriteAdmin(OwnedAdmin):
    shown = _KINDS_AND_LOST
    list_display = ("what", "user", "favourited_at")
    search_fields = (*OwnedAdmin.search_fields, "album__title", "artist__name", "folder__name")
    fields = ("user", *_KINDS_AND_LOST, "favourited_at")


@admin.register(Rating)
class RatingAdmin(OwnedAdmin):
    shown = _KINDS_AND_LOST
    list_display = ("what", "stars", "user", "rated_at")
    list_filter = ("user", "stars")
    search_fields = FavouriteAdmin.search_fields
    fields = ("user", *_KINDS_AND_LOST, "stars", "rated_at")


@admin.register(Play)
class PlayAdmin(OwnedAdmin):
    list_display = ("what", "user", "started_at", "heard", "client")
    fields = ("user", "track", "lost", "started_at", "heard_s", "client")

    @admin.display(description="heard", ordering="heard_s")
    def heard(self, play: Play) -> str:
        return duration_text(play.heard_s or 0)


@admin.register(PlayCount)
class PlayCountAdmin(OwnedAdmin):
    list_display = ("what", "user", "count", "last_played_at")
    fields = ("user", "track", "lost", "count", "last_played_at")


@admin.register(Bookmark)
class BookmarkAdmin(OwnedAdmin):
    list_display = ("what", "user", "position", "comment", "changed_at")
    fields = ("user", "track", "lost", "position_s", "comment", "is_by_hand", "changed_at")

    @admin.display(description="position", ordering="position_s")
    def position(self, bookmark: Bookmark) -> str:
        return duration_text(bookmark.position_s)


@admin.register(LostItem)
class LostItemAdmin(ReadOnlyAdmin):
    list_display = ("shown_title", "kind", "artist", "album", "is_imported", "since")
    list_filter = ("kind",)
    search_fields = ("title", "artist", "album", "path")
    search_help_text = "Titles, artists, albums and paths."
    ordering = ("-pk",)
    fields = (
        *("kind", "title", "artist", "album", "duration_s", "path", "musicbrainz_id"),
        *("is_imported", "lost_at"),
    )
    readonly_fields = ("is_imported",)

    @admin.display(description="title", ordering="title")
    def shown_title(self, item: LostItem) -> str:
        return self.shortened(item.title)

    @admin.display(description="imported", boolean=True)
    def is_imported(self, item: LostItem) -> bool:
        return item.former_id is None

    @admin.display(description="since", ordering="lost_at")
    def since(self, item: LostItem) -> date:
        return item.lost_at.date()
