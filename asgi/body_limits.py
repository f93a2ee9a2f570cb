"""How large the body of a request may be, by its path.

This is the only table of these limits. The server refuses a larger body before reading it. The
proxy configurations in deploy/ repeat the largest limit; a test compares them with this table.
"""

import re
from urllib.parse import unquote

from asgi.base_path import own_path_of

KIB = 1024
MIB = 1024 * KIB

MOST_BYTES = MIB
"""For every path that the table does not name."""

LIMITS_BYTES: dict[str, int] = {
    # These forms need no login, so anybody may send to them. A form with passwords is far smaller.
    "/login/": 64 * KIB,
    "/logout/": 64 * KIB,
    "/setup/": 64 * KIB,
    "/admin/login/": 64 * KIB,
    "/password/": 64 * KIB,
    "/api/v1/player/queue": 8 * MIB,
    "/api/v1/playlists/import": 8 * MIB,
    "/scrobbling/import/": 8 * MIB,
}

LIMITS_OF_PATTERNS_BYTES: dict[str, int] = {
    # Up to 100,000 ids of tracks or entries.
    "/api/v1/playlists/[0-9]+/entries(/[a-z]+)?": 8 * MIB,
    # Subsonic clients send queues and playlists of 20,000 ids, and some double slashes.
    "/+rest/.*": 8 * MIB,
}
"""The same for whole paths that fit a regular expression."""

LARGEST_BYTES = max(MOST_BYTES, *LIMITS_BYTES.values(), *LIMITS_OF_PATTERNS_BYTES.values())

_PATTERNS = {re.compile(each): limit for each, limit in LIMITS_OF_PATTERNS_BYTES.items()}


def body_limit_bytes(target: bytes, base_path: str = "/") -> int:
    """The limit for a request target as the client sent it: percent-encoded, with its query."""
    path = unquote(target.partition(b"?")[0].decode("latin-1"), "latin-1")
    own_path = own_path_of(path, base_path)
    fitting = (limit for pattern, limit in _PATTERNS.items() if pattern.fullmatch(own_path))
    return LIMITS_BYTES.get(own_path) or next(fitting, MOST_BYTES)
