"""The django-ninja API object, with the routers of all modules."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError, ValidationErrorContext
from ninja.operation import Operation

from api import (
    albums,
    app_passwords,
    artists,
    bookmarks,
    failures,
    favourites,
    folders,
    groupings,
    home,
    joins,
    keys,
    library,
    playable_tracks,
    player_devices,
    player_queue,
    player_state,
    playlist_entries,
    playlist_files,
    playlist_folders,
    playlists,
    plays,
    radio_stations,
    ratings,
    scans,
    scrobbling,
    search,
    shares,
    smart_playlists,
    statistics,
    sync,
    tracks,
)
from api.answers import codes
from api.errors import handle_errors, problems_of
from api.openapi import ROOT, complete
from api.sessions import LoggedIn
from asgi.json_responses import json_response
from runtime.version import VERSION


class MusAPI(NinjaAPI):
    """django-ninja's API, with validation errors as sentences that name the value found."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        sentences = [problems_of(each.pydantic_validation_error) for each in error_contexts]
        return ValidationError([{"message": sentence} for sentence in sentences])

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = MusAPI(
    title="mus",
    version=VERSION,
    description="A music library: its tracks, albums, artists and folders, a search in all of "
    "them, the state of each user's player, and scans. Log in at /login/, and send the CSRF "
    "token with each change; or send an API key, as `Authorization: Bearer mus-...`.",
    auth=LoggedIn(),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
handle_errors(api)
for part in (  # in the order of the document
    tracks,
    albums,
    artists,
    folders,
    groupings,
    search,
    home,
    sync,
    favourites,
    ratings,
    plays,
    statistics,
    bookmarks,
    library,
    playable_tracks,
    player_state,
    player_queue,
    player_devices,
    smart_playlists,
    playlist_files,  # both before the next: `playlists/import` is not an id
    playlists,
    playlist_entries,
    playlist_folders,
    scrobbling,
    radio_stations,
    shares,
    keys,
    app_passwords,
    scans,
    failures,
    joins,
):
    api.add_router("", part.router)


@api.get(
    "openapi.json", response=codes({200: dict[str, Any]}), summary="This document", tags=["about"]
)
def openapi(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """All operations, as OpenAPI 3.1."""
    return json_response(document())


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document, which is the same as long as the process runs."""
    return complete(dict(api.get_openapi_schema(path_prefix=ROOT)))
