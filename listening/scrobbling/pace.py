"""How fast scrobbling works: pauses and limits of time, in seconds.

Read as `pace.LEASE_S` and so on, so that tests can make everything faster.
"""

import random

POLL_S = 1.0
CALL_WITHIN_S = 30.0
"""A whole request: name, connection, headers and body."""
LEASE_S = 90.0
"""How long a server process may work on an account before it has to extend its claim."""
SPARE_S = 15.0
"""A request begins only if this much of the lease is left after its time limit."""
RUN_S = 60.0
"""After this time an account makes room for others."""
FIRST_PAUSE_S = 20.0
"""After the first failure. Services show a new play only after some seconds, so asking whether it
arrived has to wait as well."""
LONGEST_PAUSE_S = 3600.0
LONGEST_ASKED_PAUSE_S = 6 * 3600.0
"""The longest pause that a service may ask for."""


def pause_s(failures: int, asked_s: float) -> float:
    """How long to wait after so many failures in a row, if the service asks to wait `asked_s`.

    The pause doubles with each failure. Chance takes up to half of it, so that after an outage not
    all accounts come back at the same moment.
    """
    usual = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * (1 << min(failures - 1, 20)))
    own = usual * random.uniform(0.75, 1.25)  # noqa: S311  # nothing depends on its secrecy
    return max(own, min(asked_s, LONGEST_ASKED_PAUSE_S))
