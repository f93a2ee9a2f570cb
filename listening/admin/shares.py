"""Links that people have made, without their secret part. They are changed in the player."""

from django.contrib import admin

from listening.admin.owned import OwnedAdmin
from listening.models import Share, ShareItem


@admin.register(Share)
class ShareAdmin(OwnedAdmin):
    shown = ()
    list_display = ("shown_name", "user", "expires_at", "visit_count", "last_visited_at")
    list_filter = ("user", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = ("user__username", "description")
    search_help_text = "User names and descriptions."
    fields = (
        *("user", "description", "allows_download", "created_at", "changed_at", "expires_at"),
        *("visit_limit", "visit_count", "last_visited_at", "deleted_at"),
    )

    @admin.display(description="name", ordering="description")
    def shown_name(self, share: Share) -> str:
        return self.shortened(str(share))


@admin.register(ShareItem)
class ShareItemAdmin(OwnedAdmin):
    shown = ("track", "album", "playlist", "lost")
    owner = ("share", "share__user")
    list_display = ("what", "share")
    list_filter = ()
    search_fields = (
        *("share__description", "share__user__username", "track__title", "album__title"),
        *("playlist__name", "lost__title"),
    )
    search_help_text = "Descriptions, user names, titles and names of playlists."
    fields = ("share", "track", "album", "playlist", "lost")
