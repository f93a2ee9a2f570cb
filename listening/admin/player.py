"""Where each user's player stands, the queues, and the devices that play. Deleting a row of a
player starts that player afresh."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from library.admin.reading import ReadOnlyAdmin
from listening.admin.owned import OwnedAdmin
from listening.models import Device, PlayerState, PlayQueue


@admin.register(PlayerState)
class PlayerStateAdmin(ReadOnlyAdmin):
    list_display = ("user", "current_track", "progress_seconds", "volume_level", "is_muted")
    list_select_related = ("user", "current_track")
    search_fields = ("user__username",)
    search_help_text = "User names."

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As Django has it; a user whose player could not be deleted could not be either."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(Device)
class DeviceAdmin(OwnedAdmin):
    shown = ()
    list_display = ("name", "user", "last_seen_at", "is_playing")
    list_filter = ("user", "is_playing")
    search_fields = ("user__username", "name")
    search_help_text = "User names and names of devices."
    fields = ("user", "name", "last_seen_at", "is_playing", "playing_since", "state")


@admin.register(PlayQueue)
class PlayQueueAdmin(OwnedAdmin):
    shown = ()
    list_display = ("title", "user", "is_current", "entry_count", "changed_at")
    list_filter = ("user", "is_current")
    search_fields = ("user__username", "title")
    search_help_text = "User names and titles of the current tracks."
    fields = (
        *("user", "title", "is_current", "entry_count", "index", "position_s", "changed_at"),
        *("changed_by", "replaced_at"),
    )
