"""The ASGI application that daphne, or any other ASGI server, serves."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musproject.settings")

application = get_asgi_application()
