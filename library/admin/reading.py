"""The base class of the library's admin pages: rows can be viewed, but not added, changed or
deleted."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator

from library.models.folding import words_of
from runtime.visible_text import printable

COLUMN_LENGTH = 120


def duration_text(seconds: float) -> str:
    """A duration such as `3:05` or `1:02:03`; empty for 0, which means unknown."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02}:{rest:02}"
    return f"{minutes}:{rest:02}" if minutes or rest else ""


TRACKS_OF_GENRE = "track_genres__genre__id__exact"
"""The parameter of the list of tracks that limits it to those of a genre."""


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in its stubs
    """An admin page for rows that only scans write.

    `folded_fields`: columns of folded text to search in; case and accents are then ignored. Without
    any, Django's `search_fields` are searched.
    """

    list_per_page = 100
    list_max_show_all = 0
    show_full_result_count = False  # saves a query that counts all rows
    empty_value_display = "\N{EN DASH}"
    folded_fields: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list. Its heading is the kind of rows; Django's says "Select … to view"."""
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        if not self.folded_fields:
            return super().get_search_results(request, queryset, search_term)
        for word in words_of(search_term):
            found = Q()
            for name in self.folded_fields:
                found |= Q(**{f"{name}__contains": word})
            queryset = queryset.filter(found)
        return queryset, False

    @staticmethod
    def shortened(text: str) -> str:
        """`text` cut to fit a column; some tags hold very long texts."""
        return Truncator(text).chars(COLUMN_LENGTH)

    @admin.display(description="folder", ordering="root")
    def music_folder(self, row: Any) -> str:
        return printable(row.root)

    @admin.display(description="path", ordering="path")
    def file_path(self, row: Any) -> str:
        """The path as printable text: bytes that are not UTF-8 cannot be sent to a browser."""
        return printable(row.path)
