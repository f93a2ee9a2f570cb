"""A text of lyrics → its lines. Texts with time stamps (LRC) become synced lyrics.

- Several time stamps before one line repeat that line at each of these times.
- `[offset:+500]` shifts all lines: a positive number of milliseconds makes them appear sooner.
- `[ar:…]`, `[ti:…]` and other lines of that form describe the song, and are left out.
- `<mm:ss.xx>` before a word (the "enhanced" form of LRC) is left out of the text.
"""

import re
from collections.abc import Iterator

from library.lyrics.lyrics import Line
from library.tags.lyrics_text import PLAIN, SYNCED, TIME_STAMP, kind_of

MAX_LINES = 10_000
MAX_LINE_LENGTH = 2_000
MAX_STAMPS_PER_LINE = 100

_DESCRIPTION = re.compile(r"\s*\[\s*([A-Za-z#][A-Za-z_#-]*)\s*:(.*)\]\s*")
_WORD_STAMP = re.compile(r"<[0-9]{1,3}:[0-9]{1,2}(?:[.:,][0-9]{1,3})?>\s?")
_OFFSET = re.compile(r"\s*([+-]?[0-9]{1,7})\s*")
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def lines_of(text: str) -> tuple[str, tuple[Line, ...]]:
    """The kind of lyrics, and their lines; without a line if the text says nothing."""
    lines = re.split(r"\r\n|\n|\r", text)[:MAX_LINES]
    if kind_of(text) != SYNCED:
        return PLAIN, _plain(lines)
    synced = sorted(_synced(lines, _offset_s(lines)), key=_start_s)[:MAX_LINES]
    return SYNCED, tuple(synced)


def _plain(lines: list[str]) -> tuple[Line, ...]:
    texts = [_clean(line) for line in lines]
    while texts and not texts[0]:
        del texts[0]
    while texts and not texts[-1]:
        del texts[-1]
    return tuple(map(Line, texts))


def _synced(lines: list[str], offset_s: float) -> Iterator[Line]:
    for line in lines:
        if _DESCRIPTION.fullmatch(line):
            continue
        starts_s, text = _stamps(line)
        for start_s in starts_s:
            yield Line(text, max(0.0, round(start_s - offset_s, 3)))


def _stamps(line: str) -> tuple[list[float], str]:
    """The times before a line, and the line's text."""
    starts_s: list[float] = []
    line = line.lstrip()
    while len(starts_s) < MAX_STAMPS_PER_LINE and (found := TIME_STAMP.match(line)):
        starts_s.append(_seconds(*found.groups()))
        line = line[found.end() :].lstrip()
    return starts_s, _clean(_WORD_STAMP.sub("", line))


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    if hours is not None and fraction is None:
        # Three numbers, as in [01:02:50]: minutes, seconds and hundredths, as programs write them.
        return int(hours) * 60 + int(minutes) + int(seconds) / 10.0 ** len(seconds)
    part = int(fraction) / 10.0 ** len(fraction) if fraction else 0.0
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + part


def _offset_s(lines: list[str]) -> float:
    for line in lines:
        description = _DESCRIPTION.fullmatch(line)
        if description and description[1].lower() == "offset":
            number = _OFFSET.fullmatch(description[2])
            return int(number[1]) / 1000 if number else 0.0
    return 0.0


def _clean(line: str) -> str:
    return _CONTROLS.sub("", line)[:MAX_LINE_LENGTH].strip()


def _start_s(line: Line) -> float:
    return line.start_s or 0.0
