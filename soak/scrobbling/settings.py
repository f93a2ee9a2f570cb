"""mus, with services on this machine, and pauses of a tenth of a second instead of minutes."""

import os

import daphne.server  # noqa: F401  # chooses Twisted's reactor: before whatever else loads Twisted

from listening.scrobbling import pace
from musproject.settings import *  # noqa: F403
from tests.listening.scrobbling.service import API_KEY, API_SECRET

LASTFM_API_KEY = API_KEY
LASTFM_API_SECRET = API_SECRET
SCROBBLE_PRIVATE_NETWORKS = True
SCROBBLE_ADDRESSES = dict(
    zip(("listenbrainz", "lastfm", "librefm"), os.environ["SOAK_SERVICES"].split(), strict=True)
)

pace.POLL_S = 0.1
pace.CALL_WITHIN_S = 1.0
pace.SPARE_S = 0.3
pace.LEASE_S = 3.0
pace.FIRST_PAUSE_S = 0.1
pace.LONGEST_PAUSE_S = 0.5
pace.LONGEST_ASKED_PAUSE_S = 0.5
