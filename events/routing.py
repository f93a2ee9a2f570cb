"""The URLs of this app's plain ASGI endpoints, for a URLRouter of channels.

The endpoints check no login themselves: wrap them in `asgi.logins.for_users`.
"""

from django.urls import URLPattern, path

from events.stream import track_updates

# The type comments: a URLRouter takes ASGI applications where Django's types expect views.
routes: list[URLPattern] = [
    path("api/v1/events/track-updates", track_updates),  # type: ignore[arg-type]
]
