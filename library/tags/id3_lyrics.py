"""Lyrics in ID3v2 frames (sections 4.8 and 4.9 of ID3v2.4): USLT and SYLT."""

from library.tags.id3_texts import DECODERS, TERMINATORS, after_terminator

MAX_LINES = 10_000
MAX_TIME_MS = 1000 * 60_000 - 1
"""Later times, which LRC cannot write, occur in damaged frames only. They are passed over."""
_MILLISECONDS, _LYRICS_TYPES = 2, frozenset({0, 1, 2})
"""Of SYLT, only what is sung or a transcription of it, with times in milliseconds. Times in MPEG
frames occur in no file that is known; chords, trivia and links to pictures are no lyrics."""


def plain_lyrics(body: bytes) -> tuple[str, str]:
    """The language and the text of a USLT frame."""
    encoding = body[0]
    if encoding >= len(DECODERS) or len(body) < 5:  # noqa: PLR2004
        return "", ""
    start = after_terminator(body, 4, TERMINATORS[encoding])
    return body[1:4].decode("latin-1"), DECODERS[encoding](body[start:]).strip("\0")


def synced_lyrics(body: bytes) -> tuple[str, str]:
    """The language of a SYLT frame, and its lines with time stamps as in LRC.

    A string that starts with a line break begins a line; other strings are further syllables.
    """
    encoding = body[0]
    if encoding >= len(DECODERS) or len(body) < 7:  # noqa: PLR2004
        return "", ""
    language, unit, kind = body[1:4].decode("latin-1"), body[4], body[5]
    if unit != _MILLISECONDS or kind not in _LYRICS_TYPES:
        return "", ""
    decode, terminator = DECODERS[encoding], TERMINATORS[encoding]
    at = after_terminator(body, 6, terminator)
    strings: list[tuple[int, str]] = []
    while at < len(body) and len(strings) < MAX_LINES:
        end = after_terminator(body, at, terminator)
        if end + 4 > len(body):
            break
        text = decode(body[at : end - len(terminator)]).replace("\r\n", "\n").replace("\r", "\n")
        time_ms = int.from_bytes(body[end : end + 4], "big")
        if time_ms <= MAX_TIME_MS:
            strings.append((time_ms, text))
        at = end + 4
    return language, _as_lrc(strings)


def _as_lrc(strings: list[tuple[int, str]]) -> str:
    has_breaks = sum("\n" in text for _, text in strings[1:]) > len(strings) // 100
    lines: list[str] = []
    begins_line = True
    for time_ms, text in strings:
        if begins_line or not has_breaks or text.startswith("\n"):
            minutes, ms = divmod(time_ms, 60_000)
            lines.append(f"[{minutes:02}:{ms // 1000:02}.{ms % 1000:03}]")
        lines[-1] += text.replace("\n", " ").strip("\0") if has_breaks else text.strip("\0\n ")
        begins_line = text.endswith("\n")
    return "\n".join(lines)
