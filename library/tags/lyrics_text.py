"""Recognises synced lyrics: texts in which each line begins with its time, as in LRC files.

LRC has no standard. `[mm:ss.xx]` stands before a line; some programs write `[mm:ss:xx]`,
`[mm:ss]` or `[hh:mm:ss.xx]`.
"""

import re

TIME_STAMP = re.compile(r"\[(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-9]{1,2})(?:[.:,]([0-9]{1,3}))?\]")
"""Hours, minutes, seconds and their fraction. A third number after a colon is a fraction."""
SYNCED, PLAIN = "synced", "plain"
LOOKED_AT = 64 * 1024
"""Characters, or bytes of a file. Lyrics that are synced say so before."""

_SYNCED_LINE = re.compile(rf"^[^\S\n]*(?:{TIME_STAMP.pattern})", re.MULTILINE)


def kind_of(text: str) -> str:
    """SYNCED, PLAIN, or "" for a text that says nothing."""
    beginning = text[:LOOKED_AT]
    if "[" in beginning and _SYNCED_LINE.search(beginning):
        return SYNCED
    return PLAIN if beginning.strip("\0 \t\r\n\ufeff") else ""


def kind_of_file(beginning: bytes) -> str:
    """The same of the first bytes of a file, in any encoding that contains ASCII. UTF-16 has a NUL
    beside each ASCII character."""
    return kind_of(beginning.replace(b"\0", b"").decode("latin-1"))
