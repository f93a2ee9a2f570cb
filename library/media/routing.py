"""The URLs of this package's endpoints, for a URLRouter of channels."""

from django.urls import re_path

from library.media.cover_rows import FINDERS
from library.media.covers import send_cover
from library.media.lyrics import send_lyrics
from library.media.streams import stream_track

_TRACK = r"^api/v1/tracks/(?P<track_id>[0-9]+)"
_COVERED = rf"^api/v1/(?P<kind>{'|'.join(FINDERS)})/(?P<row_id>[0-9]+)"
routes = [
    re_path(_TRACK + r"/stream$", stream_track),  # type: ignore[arg-type]
    re_path(_TRACK + r"/lyrics$", send_lyrics),  # type: ignore[arg-type]
    re_path(_COVERED + r"/covers/(?P<size>[^/]*)\.webp$", send_cover),  # type: ignore[arg-type]
]
"""They check no login themselves: wrap them in `asgi.logins.for_users`."""
