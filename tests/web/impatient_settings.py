"""mus, which gives a request less time to arrive: tests need not wait."""

import daphne.server  # noqa: F401  # chooses Twisted's reactor: before whatever else loads Twisted

from library.management import bounded_channels
from musproject.settings import *  # noqa: F403

bounded_channels.ARRIVES_WITHIN_S = 0.6
bounded_channels.LINGER_S = 0.6
