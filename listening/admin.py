"""Where each user's player stands. Deleting a row starts that player afresh."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from library.admin.reading import ReadOnlyAdmin
from listening.models import PlayerState


@admin.register(PlayerState)
class PlayerStateAdmin(ReadOnlyAdmin):
    list_display = ("user", "current_track", "progress_seconds", "volume_level", "is_muted")
    list_select_related = ("user", "current_track")
    search_fields = ("user__username",)
    search_help_text = "User names."

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """As Django has it; a user whose player could not be deleted could not be either."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
