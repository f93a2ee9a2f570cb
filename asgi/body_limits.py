"""How large the body of a request may be, by its path.

This is the only table of these limits. The server refuses a larger body before reading it. The
proxy configurations in deploy/ repeat the largest limit; a test compares them with this table.
"""

from urllib.parse import unquote_to_bytes

KIB = 1024
MIB = 1024 * KIB

MOST_BYTES = MIB
"""For every path that the table does not name."""

LIMITS_BYTES: dict[bytes, int] = {
    # These forms need no login, so anybody may send to them. A form with passwords is far smaller.
    b"/login/": 64 * KIB,
    b"/logout/": 64 * KIB,
    b"/setup/": 64 * KIB,
    b"/admin/login/": 64 * KIB,
    b"/password/": 64 * KIB,
}

LARGEST_BYTES = max(MOST_BYTES, *LIMITS_BYTES.values())


def body_limit_bytes(target: bytes, root_path: str = "") -> int:
    """The limit for a request target as the client sent it: percent-encoded, with its query."""
    path = unquote_to_bytes(target.partition(b"?")[0]).removeprefix(root_path.encode())
    return LIMITS_BYTES.get(path, MOST_BYTES)
