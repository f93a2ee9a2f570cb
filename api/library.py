"""The endpoint for the library's status: the music folders, and counts of tracks and failures."""

from dataclasses import asdict
from pathlib import PurePath
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from accounts.roles import is_administrator
from api.answers import codes
from asgi.json_responses import json_response
from library import told
from library.models.catalogue import Track
from library.models.scan import ScanFailure
from library.scanning.music_folders import list_music_folders
from library.scanning.read_with import rereading

router = Router(tags=["library"])


class FolderRow(Schema):
    """A music folder."""

    path: str = Field(description="For listeners only the folder's name.")
    problem: str = Field(description="Why the folder cannot be scanned; empty if it can be.")


class RereadingBody(Schema):
    """How far the files are read again that another version of mus, or one with other settings, has
    read."""

    done: int = Field(description="Tracks that are up to date.")
    total: int = Field(description="Tracks whose file is present.")
    is_waiting: bool = Field(
        description="Whether the others cannot be read at present, and are tried again later."
    )


class LibraryBody(Schema):
    folders: list[FolderRow]
    track_count: int = Field(description="Tracks whose file is present.")
    missing_count: int = Field(description="Tracks whose file was gone at the last scan.")
    failure_count: int = Field(description="Files and folders that still cannot be read.")
    rereading: RereadingBody | None = Field(
        description="Null if no file has to be read again after an upgrade or a changed setting."
    )


@router.get("library", response=codes({200: LibraryBody}), summary="Get the library's status")
def get_library(request: HttpRequest) -> HttpResponse:
    """The state of the music folders at this moment, and counts."""
    return json_response(_state(shows_paths=is_administrator(request.user)))


def _state(*, shows_paths: bool) -> dict[str, Any]:
    progress = rereading()
    folders = [
        {
            "path": each.path if shows_paths else PurePath(each.path).name,
            "problem": told.in_words(each.problem),
        }
        for each in list_music_folders()
    ]
    return {
        "folders": folders,
        "track_count": Track.objects.present().count(),
        "missing_count": Track.objects.missing().count(),
        "failure_count": ScanFailure.objects.count(),
        "rereading": progress and asdict(progress),
    }
