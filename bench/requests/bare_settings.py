"""The settings of mus, with an application that does nothing, so that `manage.py serve` serves it.

What a request of mus takes beyond a request of this server is what mus itself costs.
"""

from musproject.settings import *  # noqa: F403

ASGI_APPLICATION = "bench.requests.bare.application"
