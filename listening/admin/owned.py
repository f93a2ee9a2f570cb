"""The base class of pages of people's things: they can be viewed, searched and exported."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, ClassVar

from asgiref.sync import sync_to_async
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from library.admin.reading import ReadOnlyAdmin
from listening.exporting import as_csv, as_json, table_of

CHUNK_CHARACTERS = 64 * 1024


class OwnedAdmin(ReadOnlyAdmin):
    """Only the person changes these rows. The exports hold what the list shows: choose the user in
    the filter, and all rows. `shown`: what a row may belong to; `owner`: other rows that are named.
    """

    shown: ClassVar[tuple[str, ...]] = ("track", "lost")
    owner: ClassVar[tuple[str, ...]] = ("user",)
    list_filter: ClassVar[tuple[Any, ...]] = ("user",)
    search_fields: ClassVar[tuple[str, ...]] = (
        *("user__username", "track__title", "track__artist", "lost__title", "lost__artist"),
    )
    search_help_text = "User names, titles and artists."
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)
    actions = ("export_csv", "export_json")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.owner, *self.shown)

    @admin.display(description="of")
    def what(self, row: Any) -> str:
        """What the row belongs to."""
        names = [name for name in self.shown if getattr(row, f"{name}_id") is not None]
        if not names:
            return ""
        said = self.shortened(str(getattr(row, names[0])))
        kind = row.lost.get_kind_display() if names[0] == "lost" else names[0]
        said = said if kind == "track" else f"{said} ({kind})"
        return f"{said}, not in the library" if names[0] == "lost" else said

    @admin.action(description="Export the selected rows as CSV")
    def export_csv(self, _request: HttpRequest, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        table = table_of(self.model)
        return download(as_csv(table, _chosen(queryset)), f"{table.name}.csv", "text/csv")

    @admin.action(description="Export the selected rows as JSON")
    def export_json(self, _request: HttpRequest, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        table = table_of(self.model)
        return download(as_json(table, _chosen(queryset)), f"{table.name}.json", "application/json")


def download(texts: Iterator[str], name: str, content_type: str) -> StreamingHttpResponse:
    """A file that is made while it is sent."""
    headers = {"Content-Disposition": f'attachment; filename="mus-{name}"'}
    # An asynchronous iterator: Django would collect all of any other in memory first.
    return StreamingHttpResponse(
        _chunks(texts), content_type=f"{content_type}; charset=utf-8", headers=headers
    )


async def _chunks(texts: Iterator[str]) -> AsyncIterator[str]:
    while chunk := await sync_to_async(_next_chunk)(texts):
        yield chunk


def _next_chunk(texts: Iterator[str]) -> str:
    parts: list[str] = []
    size = 0
    for text in texts:
        parts.append(text)
        size += len(text)
        if size >= CHUNK_CHARACTERS:
            break
    return "".join(parts)


def _chosen(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Without the order and the related rows of the list."""
    return queryset.order_by().select_related(None)
