"""The page that a shared link opens: its music with a player, for people without a login."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from asgi.files.respond import METHODS
from library.media.types import media_type_of
from library.queries.tracks import track_rows
from listening.models import Share
from listening.shares.contents import (
    MOST_TRACKS,
    MOST_TRACKS_IN_ALL,
    length_of,
    title_of,
    track_ids_of,
)
from listening.shares.guesses import note_wrong, wait_for
from listening.shares.links import Visit, file_key, page_key
from listening.shares.opening import find_for_page, find_to_visit
from web.share_files import GONE_PAGE, HEADERS

POLICY = "; ".join(
    (
        *("default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'"),
        *(
            "media-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ),
    )
)
_COLUMNS = (*("id", "title", "artist", "album_title", "duration_s", "cover_id", "path", "codec"),)
_HUES = 12

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class SharedTrack:
    """A track as the page lists it. `place`: the beginning of the addresses of its files."""

    place: str
    title: str
    artist: str
    album: str
    duration_s: float
    has_cover: bool
    media_type: str
    hue: int

    @property
    def letter(self) -> str:
        name = (self.album or self.title).strip()
        return name[:1].upper() or "♪"

    @property
    def length(self) -> str:
        """Such as 3:07 or 1:02:03."""
        minutes, seconds = divmod(int(self.duration_s), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _changes_nothing(view: View) -> View:
    """Without a login, and for reads alone. Other methods get no page about CSRF tokens, which
    would have the headers of other pages."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, **arguments: str) -> HttpResponse:
        if request.method in METHODS:
            return view(request, **arguments)
        return _with_headers(HttpResponseNotAllowed(sorted(METHODS)))

    return answer


@_changes_nothing
def share(request: HttpRequest, token: str) -> HttpResponse:
    """Loading the page counts no visit; its files do, see `listening.shares.opening`."""
    address = request.META.get("REMOTE_ADDR") or ""
    wait = wait_for(address)
    if wait is not None:
        minutes = math.ceil(wait.total_seconds() / 60)
        refusal = _page("share_limit.html", {"minutes": minutes}, status=429)
        refusal["Retry-After"] = str(math.ceil(wait.total_seconds()))
        return refusal
    found = find_to_visit(token)
    if found is None:
        note_wrong(address, token)
        return gone(request)
    return _page("share.html", _context(request, found, Visit.new(timezone.now()), token))


@_changes_nothing
def share_from(request: HttpRequest, token: str, visit: str, start: str, key: str) -> HttpResponse:
    """The next tracks of a long list, for a page that is open: it is the same visit."""
    found = find_for_page(token, visit, key)
    if found is None:
        return gone(request)
    return _page("share.html", _context(request, *found, token, int(start)))


@_changes_nothing
def gone(request: HttpRequest, **_: object) -> HttpResponse:  # noqa: ARG001
    """What every address below `s/` answers that opens nothing, whatever the reason."""
    return _page(GONE_PAGE, {}, status=404)


def _page(template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Rendered without the request: the page knows nothing of a login, and sets no cookie."""
    return _with_headers(HttpResponse(render_to_string(template, context), status=status))


def _with_headers(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = POLICY
    return response


def _context(
    request: HttpRequest, found: Share, visit: Visit, token: str, start: int = 0
) -> dict[str, Any]:
    place = f"{reverse('share', args=[token])}/{visit}/"
    ids = track_ids_of(found, MOST_TRACKS_IN_ALL)
    end = start + MOST_TRACKS
    rows = track_rows(ids[start:end], _COLUMNS, only_present=True)
    tracks = [_track(found, visit, place, row) for row in rows]
    artists = {each.artist for each in tracks}
    pictured = next((each for each in tracks if each.has_cover), None)
    return {
        "title": title_of(found),
        "by": artists.pop() if len(artists) == 1 and len(ids) == len(tracks) else "",
        "tracks": tracks,
        "count": len(ids),
        "length": _in_words(length_of(ids)),
        "next": f"{place}from-{end}-{page_key(found, visit)}" if end < len(ids) else "",
        "pictured": pictured,
        "picture_url": pictured and request.build_absolute_uri(f"{pictured.place}preview"),
        "allows_download": found.allows_download,
    }


def _track(found: Share, visit: Visit, place: str, row: tuple[Any, ...]) -> SharedTrack:
    pk, title, artist, album, duration_s, cover_id, path, codec = row
    return SharedTrack(
        place=f"{place}{pk}-{file_key(found, visit, pk)}/",
        title=title,
        artist=artist,
        album=album,
        duration_s=duration_s,
        has_cover=bool(cover_id),
        media_type=media_type_of(path, codec),
        hue=sum(map(ord, album or title)) % _HUES,
    )


def _in_words(duration_s: float) -> str:
    """Such as "48 min" or "3 h 12 min"."""
    hours, minutes = divmod(max(1, round(duration_s / 60)), 60)
    if hours:
        return gettext("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return gettext("%(minutes)d min") % {"minutes": minutes}
