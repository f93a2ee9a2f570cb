"""mus, which checks the logins behind streams every moment: tests need not wait."""

from musproject.settings import *  # noqa: F403

ASGI_APPLICATION = "tests.library.media.watchful_asgi.application"
