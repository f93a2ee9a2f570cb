"""Where the endpoints of this package are found, for channels' URLRouter."""

from django.urls import re_path

from library.media.streams import stream_track

routes = [
    re_path(r"^api/v1/tracks/(?P<track_id>[0-9]+)/stream$", stream_track),  # type: ignore[arg-type]
]
"""For those who are logged in alone: `events.asgi.for_users` belongs around them."""
