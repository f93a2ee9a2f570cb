"""mus with the channel layer of tests/events/layers.py that LAYER names."""

import os

from musproject.settings import *  # noqa: F403

CHANNEL_LAYERS = {"default": {"BACKEND": f"tests.events.layers.{os.environ['LAYER']}"}}
