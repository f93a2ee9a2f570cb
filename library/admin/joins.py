"""The admin pages of tracks that scans joined. An administrator can part two of them again."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from accounts.roles import is_administrator
from events import announce_from_thread
from library.admin.reading import ReadOnlyAdmin
from library.models.joins import Ended, Join
from library.models.paths import path_of_file
from library.models.scan import Scan, ScanTrigger
from library.queries.joins import JoinedTracks, joins_of, with_tracks
from library.scanning import ScanAlreadyRuns
from library.scanning.parting import CannotPart, part, refuse_if_impossible, what_goes_back
from runtime.visible_text import printable

SHOWN_ON_A_SCAN = 100
LIST = "admin:library_join_changelist"
PAGE = "admin:library_join_change"

logger = logging.getLogger(__name__)


def joins_on_page(scan: Scan) -> str:
    """The joins of a scan as a list, for the scan's page; empty if there are none."""
    joins = joins_of(scan.pk)
    shown = with_tracks(list(joins[:SHOWN_ON_A_SCAN]))
    if not shown:
        return ""
    context = {
        "joins": [_words_of(each) for each in shown],
        "count": joins.count(),
        "list": f"{reverse(LIST)}?scan__id__exact={scan.pk}",
    }
    return render_to_string("admin/library/scan/joins.html", context)


@admin.register(Join)
class JoinAdmin(ReadOnlyAdmin):
    list_display = (*("number", "title", "lost_file", "file_now", "reason", "joined_at", "state"),)
    list_filter = ("reason", "ended_by")
    search_fields = ("lost_title", "lost_artist", "lost_path", "replaced_path")
    search_help_text = "Titles, artists and paths of the lost files, and paths of the others."
    ordering = ("-pk",)
    fields = (
        *("title", "lost_file", "file_now", "why", "scan", "joined_at", "state"),
        *("track_link", "replaced_id", "replaced_added_at", "audio_digest"),
    )
    readonly_fields = ("title", "lost_file", "file_now", "why", "state", "track_link")

    @admin.display(description="join", ordering="pk")
    def number(self, join: Join) -> int:
        return join.pk

    @admin.display(description="lost track", ordering="lost_title")
    def title(self, join: Join) -> str:
        return self.shortened(f"{join.lost_title} \N{EN DASH} {join.lost_artist}")

    @admin.display(description="lost file", ordering="lost_path")
    def lost_file(self, join: Join) -> str:
        return printable(f"{join.lost_root}/{join.lost_path}")

    @admin.display(description="lives on with", ordering="replaced_path")
    def file_now(self, join: Join) -> str:
        return printable(f"{join.replaced_root}/{path_of_file(join.replaced_path)}")

    @admin.display(description="because")
    def why(self, join: Join) -> str:
        return join.get_reason_display()

    @admin.display(description="state", ordering="ended_at")
    def state(self, join: Join) -> str:
        return _state(join)

    @admin.display(description="track")
    def track_link(self, join: Join) -> str:
        page = reverse("admin:library_track_change", args=[join.track_id])
        return format_html('<a href="{}">{}</a>', page, join.track_id)

    def has_part_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.part)
        return [path("<int:join_id>/part/", view, name="library_join_part"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        join = self.get_object(request, object_id)
        can_part = bool(join and join.ended_at is None and self.has_part_permission(request))
        context = {"can_part": can_part, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def part(self, request: HttpRequest, join_id: int) -> HttpResponse:
        """Shows what will happen and asks; with POST, parts the two tracks."""
        if not self.has_part_permission(request):
            raise PermissionDenied
        join = Join.objects.filter(pk=join_id).first()
        if join is None:
            raise Http404
        if request.method == "GET":
            return self._ask(request, join)
        if request.method != "POST":
            return HttpResponseNotAllowed(["GET", "POST"])
        self._part(request, join)
        if join.scan_id is None:
            return redirect(PAGE, join.pk)
        return redirect("admin:library_scan_change", join.scan_id)

    def _ask(self, request: HttpRequest, join: Join) -> TemplateResponse:
        refusal = ""
        try:
            refuse_if_impossible(join.pk)
        except CannotPart as problem:
            refusal = str(problem)
        context = {
            **self.admin_site.each_context(request),
            **_words_of(with_tracks([join])[0]),
            "title": "Part two tracks",
            "opts": self.opts,
            "refusal": refusal,
            "goes_back": what_goes_back(join),
        }
        return TemplateResponse(request, "admin/library/join/part.html", context)

    def _part(self, request: HttpRequest, join: Join) -> None:
        try:
            parted = part(join.pk, ScanTrigger.ADMIN)
        except (CannotPart, ScanAlreadyRuns) as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        logger.info("%s: %s", request.user.get_username(), parted.sentence)
        if parted.event_id is not None:
            announce_from_thread(parted.event_id)
        self.message_user(request, parted.sentence, messages.SUCCESS)


def _words_of(joined: JoinedTracks) -> dict[str, Any]:
    join = joined.join
    return {
        "join": join,
        "track": joined.track,
        "name": f"{joined.title} \N{EN DASH} {joined.artist}",
        "lost_name": f"{join.lost_title} \N{EN DASH} {join.lost_artist}",
        "lost_file": printable(f"{join.lost_root}/{join.lost_path}"),
        "file_now": printable(f"{join.replaced_root}/{joined.replaced_path}"),
        "why": join.get_reason_display(),
        "state": _state(join),
    }


def _state(join: Join) -> str:
    if join.ended_at is None:
        return "one track"
    return f"ended on {join.ended_at:%Y-%m-%d} by {Ended(join.ended_by).label}"
