"""The application of `watchful_settings`. Settings themselves cannot import what uses models."""

from asgi import login_watch
from musproject.asgi import application as application  # noqa: PLC0414  # for the server

login_watch.EVERY_S = 0.2
