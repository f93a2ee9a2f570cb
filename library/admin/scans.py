"""Scans with what they did, and the files they could not take."""

from datetime import timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from library.admin.reading import ReadOnlyAdmin
from library.models import Scan, ScanFailure

CHANGES = ("added", "updated", "moved", "restored", "missing", "postponed")
COUNTS = ("seen", *CHANGES, "failed")


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = (
        *("number", "state", "trigger", "started_at", "took", "seen", "failed", "changes"),
    )
    list_filter = ("state", "trigger")
    ordering = ("-pk",)
    readonly_fields = ("took", "failures_link")
    fieldsets = (
        (None, {"fields": ("state", "message", "error", "failures_link")}),
        ("When and where", {
            "fields": ("trigger", "started_at", "finished_at", "took", "heartbeat_at", "host_name",
                       "process_id", "folders", "is_full", "cancel_requested"),
        }),
        ("Files", {"fields": COUNTS}),
    )  # fmt: skip

    @admin.display(description="scan", ordering="pk")
    def number(self, scan: Scan) -> int:
        return scan.pk

    @admin.display(description="duration")
    def took(self, scan: Scan) -> str:
        return str(timedelta(seconds=round(scan.duration.total_seconds())))

    @admin.display
    def changes(self, scan: Scan) -> str:
        """`56 added, 3 missing`: what is not zero."""
        counts = [(getattr(scan, name), name) for name in CHANGES]
        return ", ".join(f"{count:,} {name}" for count, name in counts if count)

    @admin.display(description="failures")
    def failures_link(self, scan: Scan) -> str:
        """Those that this scan wrote down; others stand where an earlier scan did."""
        failures = reverse("admin:library_scanfailure_changelist")
        return format_html(
            '<a href="{}?scan__id__exact={}">{} written down by this scan</a> · '
            '<a href="{}">all that there are now</a>',
            *(failures, scan.pk, scan.failures.count(), failures),
        )


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
