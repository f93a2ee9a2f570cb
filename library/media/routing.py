"""Where the endpoints of this package are found, for channels' URLRouter."""

from django.urls import re_path

from library.media.covers import send_cover
from library.media.streams import stream_track

_TRACK = r"^api/v1/tracks/(?P<track_id>[0-9]+)"
routes = [
    re_path(_TRACK + r"/stream$", stream_track),  # type: ignore[arg-type]
    re_path(_TRACK + r"/covers/(?P<size>[^/]*)\.webp$", send_cover),  # type: ignore[arg-type]
]
"""For those who are logged in alone: `asgi.logins.for_users` belongs around them."""
