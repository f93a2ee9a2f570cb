"""The limit on wrong links, which is that of wrong passwords (`accounts.login_limit`).

They are counted by the client's network, in the database, so that the limit holds for all servers.
A link that was counted is not counted again: whoever opens an old link five times guesses nothing.
"""

from datetime import timedelta

from accounts.login_attempts import count, counted_address, has_to_wait, remaining_wait
from listening.shares.links import selector_in

_NAME = "a shared link"
"""Stands for the user name; no user can have one with spaces."""
_MOST_REMEMBERED = 10_000
_remembered: set[tuple[str, str]] = set()
"""The networks and the wrong links that were counted in this process."""


def wait_for(address: str) -> timedelta | None:
    """How long the client at this address has to wait before it may open a link; None if it need
    not wait."""
    network = counted_address(address)
    return remaining_wait(_NAME, network) if has_to_wait(_NAME, network) else None


def note_wrong(address: str, token: str) -> None:
    """Somebody at this address opened a link that opens nothing. One that has not the form of a
    link is no guess."""
    network = counted_address(address)
    guess = (network, token)
    if selector_in(token) is None or guess in _remembered or has_to_wait(_NAME, network):
        return
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered.add(guess)
    count(_NAME, network)
