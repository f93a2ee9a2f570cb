"""How large the body of a request may be, by its path.

This is the only table of these limits. The server refuses a larger body before reading it. The
proxy configurations in deploy/ repeat the largest limit; a test compares them with this table.
"""

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
}

LARGEST_BYTES = max(MOST_BYTES, *LIMITS_BYTES.values())


def body_limit_bytes(target: bytes, base_path: str = "/") -> int:
    """The limit for a request target as the client sent it: percent-encoded, with its query."""
    path = unquote(target.partition(b"?")[0].decode("latin-1"), "latin-1")
    return LIMITS_BYTES.get(own_path_of(path, base_path), MOST_BYTES)
