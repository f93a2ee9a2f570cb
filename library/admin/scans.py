"""The admin pages of scans, which can be started and cancelled there, and of files that failed.

Purges and other work that shares the lease with scans are in the same list.
"""

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from library.admin import scan_control
from library.admin.joins import joins_on_page
from library.admin.reading import ReadOnlyAdmin
from library.files.names import RULES
from library.models.scan import Scan, ScanFailure, ScanState
from library.runner.scan_process import CANCELLABLE
from library.scanning.read_with import rereading

CHANGES = (
    *("added", "updated", "moved", "restored", "joined", "missing", "postponed", "playlists"),
    "purged",
)


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = (
        *("number", "kind", "state", "trigger", "started_at", "took", "seen", "failed", "changes"),
    )
    list_filter = ("kind", "state", "trigger")
    ordering = ("-pk",)
    readonly_fields = ("took", "failures_link", "passed_over", "joined_tracks")
    fieldsets = (
        (None, {"fields": ("state", "message", "error", "failures_link", "passed_over")}),
        ("When and where", {
            "fields": ("kind", "trigger", "started_at", "finished_at", "took", "heartbeat_at",
                       "host_name", "process_id", "folders", "is_full", "cancel_requested",
                       "revision"),
        }),
        ("Files", {"fields": scan_control.COUNTS}),
        ("Joined tracks", {"fields": ("joined_tracks",)}),
    )  # fmt: skip
    actions = ("rescan_library",)

    @admin.display(description="scan", ordering="pk")
    def number(self, scan: Scan) -> int:
        return scan.pk

    @admin.display(description="duration")
    def took(self, scan: Scan) -> str:
        return str(timedelta(seconds=round(scan.duration.total_seconds())))

    @admin.display
    def changes(self, scan: Scan) -> str:
        """The counts that are not zero, such as "56 added, 3 missing"."""
        counts = [(getattr(scan, name), name) for name in CHANGES]
        return ", ".join(f"{count:,} {name}" for count, name in counts if count)

    @admin.display(description="failures")
    def failures_link(self, scan: Scan) -> str:
        """A link to the failures that this scan recorded, and one to all failures. A file that
        failed in an earlier scan and has not changed since is among those of the earlier scan."""
        failures = reverse("admin:library_scanfailure_changelist")
        return format_html(
            '<a href="{}?scan__id__exact={}">{} recorded by this scan</a> · '
            '<a href="{}">all present failures</a>',
            *(failures, scan.pk, scan.failures.count(), failures),
        )

    @admin.display(description="ignored")
    def passed_over(self, scan: Scan) -> str:
        """How many files and folders were ignored, a line for each rule."""
        counts = ((f"{count:,}", RULES.get(rule, rule)) for rule, count in scan.ignored.items())
        return format_html_join(mark_safe("<br>"), "{} {}", counts)

    @admin.display(description="joined tracks")
    def joined_tracks(self, scan: Scan) -> str:
        """What was joined with what, and why."""
        return joins_on_page(scan)

    def has_scan_permission(self, request: HttpRequest) -> bool:
        return scan_control.may_scan(request)

    def get_urls(self) -> list[URLPattern]:
        wrapped = self.admin_site.admin_view  # checks the login
        return [
            path("start/", wrapped(self.start), name="library_scan_start"),
            path("<int:scan_id>/cancel/", wrapped(self.cancel), name="library_scan_cancel"),
            path("<int:scan_id>/progress/", wrapped(self.progress), name="library_scan_progress"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" and request.POST.get("action") == "rescan_library":
            return self.start(request)  # here, because Django insists on a selection for an action
        context = self._context(request, scan_control.running_scan())
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        scan = self.get_object(request, object_id)
        running = scan if scan and scan.state == ScanState.RUNNING else None
        context = {**self._context(request, running), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    @admin.action(description="Rescan library", permissions=["scan"])
    def rescan_library(self, request: HttpRequest, queryset: QuerySet[Scan]) -> HttpResponse:  # noqa: ARG002
        """Makes the action appear in the list of actions. `changelist_view` handles it, so that it
        works without a selection."""
        return self.start(request)

    def start(self, request: HttpRequest) -> HttpResponse:
        self._check(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return scan_control.begin(
            request, full="full" in request.POST, allow_empty="allow_empty" in request.POST
        )

    def cancel(self, request: HttpRequest, scan_id: int) -> HttpResponse:
        self._check(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        scan = Scan.objects.filter(pk=scan_id).first()
        if scan is None:
            raise Http404
        return scan_control.cancel(request, scan)

    def progress(self, request: HttpRequest, scan_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        scan = Scan.objects.filter(pk=scan_id).first()
        if scan is None:
            raise Http404
        return JsonResponse(scan_control.progress(scan))

    def _check(self, request: HttpRequest) -> None:
        if not self.has_scan_permission(request):
            raise PermissionDenied

    def _context(self, request: HttpRequest, running: Scan | None) -> dict[str, Any]:
        return {
            "can_scan": self.has_scan_permission(request),
            "running": running,
            "can_cancel": running is not None and running.kind in CANCELLABLE,
            "progress": running and scan_control.progress(running),
            "emptied": scan_control.emptied_folders(),
            "rereading": rereading(),
        }


@admin.register(ScanFailure)
class ScanFailureAdmin(ReadOnlyAdmin):
    list_display = ("file_path", "stage", "reason", "scan", "first_seen_at")
    list_filter = ("stage",)
    list_select_related = ("scan",)
    search_fields = ("path",)
    search_help_text = "Paths."
    readonly_fields = ("music_folder", "file_path")
    fields = (
        *("music_folder", "file_path", "stage", "reason", "scan", "first_seen_at"),
        *("size_bytes", "mtime_ns"),
    )
    actions = ("try_again",)

    def has_scan_permission(self, request: HttpRequest) -> bool:
        return scan_control.may_scan(request)

    @admin.action(description="Try these again", permissions=["scan"])
    def try_again(
        self, request: HttpRequest, queryset: QuerySet[ScanFailure]
    ) -> HttpResponse | None:
        """Start a full scan of the folders of these files; a scan that is not full would not read
        unchanged files again."""
        folders = sorted(folders_of(queryset))
        if folders:
            return scan_control.begin(request, full=True, folders=folders)
        self.message_user(
            request,
            "Their folders are gone. The next scan removes them from this list.",
            messages.WARNING,
        )
        return None


def folders_of(failures: Iterable[ScanFailure]) -> set[Path]:
    """The folders to scan so that these files are tried again, as far as they still exist."""
    places = ((failure, Path(failure.root, failure.path)) for failure in failures)
    folders = (
        place if failure.stage == ScanFailure.Stage.LIST else place.parent
        for failure, place in places
    )
    return {folder for folder in folders if os.path.isdir(folder)}
