"""Accounts at services that collect plays, without their secrets, and what was refused there."""

from django.contrib import admin

from library.admin.reading import ReadOnlyAdmin
from listening.admin.owned import OwnedAdmin
from listening.models import OutboxItem, ScrobbleAccount


@admin.register(ScrobbleAccount)
class ScrobbleAccountAdmin(OwnedAdmin):
    shown = ()
    list_display = ("user", "service", "name", "url", "is_enabled", "problem", "failures")
    list_filter = ("user", "service", "is_enabled")
    search_fields = ("user__username", "name", "url")
    search_help_text = "User names, names at the service and addresses."
    fields = (
        *("user", "service", "name", "url", "is_enabled", "tells_now_playing"),
        *("tells_favourites", "connected_at", "problem", "failures", "paused_until"),
    )


@admin.register(OutboxItem)
class OutboxItemAdmin(ReadOnlyAdmin):
    list_display = ("account", "kind", "state", "started_at", "attempts", "shown_reason")
    list_filter = ("state", "kind", "account")
    list_select_related = ("account",)
    search_fields = ("account__user__username", "reason")
    search_help_text = "User names and reasons."
    ordering = ("-pk",)

    @admin.display(description="reason")
    def shown_reason(self, item: OutboxItem) -> str:
        return self.shortened(item.reason)
