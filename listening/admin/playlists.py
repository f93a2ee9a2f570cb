"""Playlists and their entries."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from library.admin.reading import duration_text
from listening.admin.owned import OwnedAdmin
from listening.models import Playlist, PlaylistEntry


@admin.register(Playlist)
class PlaylistAdmin(OwnedAdmin):
    shown = ()
    list_display = ("shown_name", "user", "sharing", "entries_link", "length", "changed_at")
    list_filter = ("user", "sharing", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("user__username", "search_text", "name")
    search_help_text = "User names and names of playlists."
    fields = (
        *("name", "user", "description", "sharing", "rules", "entries_link", "length"),
        *("source_path", "created_at", "changed_at", "deleted_at"),
    )
    readonly_fields = ("entries_link", "length")

    @admin.display(description="name", ordering="name_key")
    def shown_name(self, playlist: Playlist) -> str:
        return self.shortened(playlist.name)

    @admin.display(description="entries", ordering="entry_count")
    def entries_link(self, playlist: Playlist) -> str:
        query = {"playlist__id__exact": playlist.pk}
        url = reverse("admin:listening_playlistentry_changelist", query=query)
        return format_html('<a href="{}">{}</a>', url, f"{playlist.entry_count:,}")

    @admin.display(description="duration", ordering="duration_s")
    def length(self, playlist: Playlist) -> str:
        return duration_text(playlist.duration_s)


@admin.register(PlaylistEntry)
class PlaylistEntryAdmin(OwnedAdmin):
    shown = ("track", "lost")
    list_display = ("what", "playlist", "added_by", "added_at", "removed_at")
    list_filter = (("removed_at", admin.EmptyFieldListFilter),)
    search_fields = (
        *("playlist__name", "playlist__user__username", "track__title", "track__artist"),
        *("lost__title", "lost__artist"),
    )
    search_help_text = "Names of playlists, user names, titles and artists."
    ordering = ("playlist", "place", "pk")
    fields = ("playlist", "place", "track", "lost", "added_by", "added_at", "removed_at")
    owner = ("playlist", "added_by")

    def lookup_allowed(self, lookup: str, value: str, request: object = None) -> bool:
        """Also that of the links from playlists."""
        is_of_playlist = lookup == "playlist__id__exact"
        return is_of_playlist or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]
