"""The admin pages of tracks. Missing tracks can be purged there, after a confirmation that counts
what will be deleted."""

import logging
from collections.abc import Collection
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.roles import is_administrator
from events import announce_from_thread
from library.admin.album_joining import part_selected
from library.admin.reading import TRACKS_OF_GENRE, ReadOnlyAdmin, duration_text
from library.models.catalogue import Track, TrackArtist, TrackQuerySet
from library.models.paths import path_from_text, path_to_text
from library.models.scan import ScanTrigger
from library.scanning import PurgeCounts, ScanAlreadyRuns, count_purgeable, purge_missing
from runtime.visible_text import printable

UNUSED_ALONE = "unused_alone"
"""The name of the button that purges only tracks that nothing of a person belongs to."""

logger = logging.getLogger(__name__)


class FileFilter(admin.SimpleListFilter):
    title = "file"
    parameter_name = "file"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        return [("present", "Present"), ("missing", "Missing")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:  # noqa: ARG002
        if self.value() is None:
            return queryset
        return queryset.filter(missing_since__isnull=self.value() != "missing")


class MusicFolderFilter(admin.SimpleListFilter):
    """A filter by music folder; hidden if there is only one."""

    title = "music folder"
    parameter_name = "root"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        roots = [str(root) for root in settings.MUSIC_DIRS]
        return [(path_to_text(root), printable(root)) for root in roots] if len(roots) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:  # noqa: ARG002
        value = self.value()
        return queryset if value is None else queryset.filter(root=path_from_text(value))


class CreditsInline(admin.TabularInline):  # type: ignore[type-arg]  # generic only in its stubs
    model = TrackArtist
    verbose_name_plural = "credits"
    fields = ("role", "artist", "instrument")
    extra = 0


@admin.register(Track)
class TrackAdmin(ReadOnlyAdmin):
    list_display = ("shown_title", "artist_name", "album_name", "length", "missing", "added")
    list_filter = (
        FileFilter,
        MusicFolderFilter,
        ("codec", admin.AllValuesFieldListFilter),
        "has_cover",
    )
    search_fields = ("search_text",)
    search_help_text = (
        "Title, artist, album, album artist, composer, genre or year; case and accents make no "
        "difference."
    )
    ordering = ("-pk",)
    actions = ("part", "purge_selected")
    inlines = (CreditsInline,)
    readonly_fields = ("music_folder", "file_path", "length", "cover_file")
    fieldsets = (
        (None, {
            "fields": ("title", "artist", "album", "album_artist", "track_number", "track_total",
                       "disc_number", "disc_total", "disc_subtitle", "year", "genres", "composer",
                       "compilation"),
        }),
        ("Release and recording", {
            "classes": ("collapse",),
            "fields": ("original_date", "release_date", "release_types", "edition", "labels",
                       "catalogue_number", "bpm", "comment", "grouping", "moods", "isrc", "work",
                       "movement", "movement_number", "movement_total", "explicit_status",
                       "title_sort", "artist_sort", "album_sort", "album_artist_sort",
                       "composer_sort"),
        }),
        ("File", {
            "fields": ("music_folder", "file_path", "size_bytes", "mtime_ns", "codec", "length",
                       "bitrate_kbps", "sample_rate_hz", "channels", "has_cover", "cover_file"),
        }),
        ("Library", {"fields": ("added_at", "updated_at", "missing_since", "revision")}),
        ("MusicBrainz and ReplayGain", {
            "classes": ("collapse",),
            "fields": ("musicbrainz_recording_id", "musicbrainz_release_id",
                       "musicbrainz_artist_ids", "replaygain_track_gain_db",
                       "replaygain_track_peak", "replaygain_album_gain_db",
                       "replaygain_album_peak"),
        }),
    )  # fmt: skip

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Also that of the links from genres."""
        is_of_genre = lookup == TRACKS_OF_GENRE
        return is_of_genre or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(description="title", ordering="title_key")
    def shown_title(self, track: Track) -> str:
        return self.shortened(track.title)

    @admin.display(description="artist", ordering="artist_key")
    def artist_name(self, track: Track) -> str:
        return self.shortened(track.artist)

    @admin.display(description="album", ordering="album_key")
    def album_name(self, track: Track) -> str:
        return self.shortened(track.album_title)

    @admin.display(description="duration", ordering="duration_s")
    def length(self, track: Track) -> str:
        return duration_text(track.duration_s)

    @admin.display(description="missing since", ordering="missing_since")
    def missing(self, track: Track) -> date | None:
        return track.missing_since and track.missing_since.date()

    @admin.display(description="added", ordering="added_at")
    def added(self, track: Track) -> date:
        return track.added_at.date()

    @admin.display(description="cover")
    def cover_file(self, track: Track) -> str:
        if not track.has_cover:
            return ""
        return printable(track.cover_file_name) or "embedded in the file"

    def get_search_results(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[Model],
        search_term: str,
    ) -> tuple[QuerySet[Model], bool]:
        """The same search as in the player."""
        return cast("TrackQuerySet", queryset).search(search_term), False

    def has_part_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    @admin.action(description="Make an album of their own", permissions=["part"])
    def part(self, request: HttpRequest, queryset: TrackQuerySet) -> None:
        part_selected(self, request, queryset)

    def has_purge_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def get_urls(self) -> list[URLPattern]:
        purge = self.admin_site.admin_view(self.purge_all)
        return [path("purge/", purge, name="library_track_purge"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        can_purge = self.has_purge_permission(request)
        return super().changelist_view(request, {**(extra_context or {}), "can_purge": can_purge})

    @admin.action(description="Purge missing tracks…", permissions=["purge"])
    def purge_selected(self, request: HttpRequest, queryset: TrackQuerySet) -> HttpResponse | None:
        """Show a confirmation page, which posts the same selection again with `confirmed`; then
        purge."""
        ids = list(queryset.missing().values_list("pk", flat=True))
        if not ids:
            self.message_user(request, "None of these tracks is missing.", messages.WARNING)
            return None
        if "confirmed" in request.POST:
            self._purge(request, ids)
            return None
        return self._ask(request, ids, staying=queryset.count() - len(ids))

    def purge_all(self, request: HttpRequest) -> HttpResponse:
        """The view of the button above the list: asks for confirmation, then purges all missing
        tracks."""
        if not self.has_purge_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask(request, None, staying=0)
        self._purge(request, None)
        return redirect("admin:library_track_changelist")

    def _ask(
        self, request: HttpRequest, ids: Collection[int] | None, staying: int
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": "Purge missing tracks",
            "opts": self.opts,
            "counts": count_purgeable(ids),
            "staying": staying,
            "is_selection": ids is not None,
            # The confirmation posts the selection again. If all pages are selected, it holds the
            # ids of one page, and `select_across` says that all are meant.
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "unused_alone": UNUSED_ALONE,
        }
        return TemplateResponse(request, "admin/library/track/purge.html", context)

    def _purge(self, request: HttpRequest, ids: Collection[int] | None) -> None:
        try:
            also_used = UNUSED_ALONE not in request.POST
            counts = purge_missing(ids, also_used=also_used, trigger=ScanTrigger.ADMIN)
        except ScanAlreadyRuns as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        logger.info("%s purged missing tracks: %s", request.user.get_username(), counts)
        if counts.event_id is not None:
            announce_from_thread(counts.event_id)
        level = messages.WARNING if counts.was_cancelled else messages.SUCCESS
        self.message_user(request, f"{counts.sentence}{_uses(counts)}", level)


def _uses(counts: PurgeCounts) -> str:
    return f" They were in use as {', '.join(counts.in_use_as)}." if counts.in_use_as else ""
