"""mus, which gives a request less time to arrive: tests need not wait."""

import daphne.server  # noqa: F401  # chooses Twisted's reactor: before whatever else loads Twisted

from musproject.settings import *  # noqa: F403
from operations.server import bounded_channels

bounded_channels.ARRIVES_WITHIN_S = 0.6
bounded_channels.LINGER_S = 0.6
