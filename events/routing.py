"""The routes of this app's plain ASGI endpoints, for a channels URLRouter.

Who mounts them sees to the login: see `asgi.logins.for_users`.
"""

from django.urls import URLPattern, path

from events.stream import track_updates

# A URLRouter takes an ASGI application where django's types expect a view.
routes: list[URLPattern] = [
    path("api/v1/events/track-updates", track_updates),  # type: ignore[arg-type]
]
