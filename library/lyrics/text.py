"""A text of lyrics → its lines. Texts with time stamps (LRC) become synced lyrics.

- Several time stamps before one line repeat that line at each of these times.
- `[offset:+500]` shifts all lines: a positive number of milliseconds makes them appear sooner.
- `[ar:…]`, `[ti:…]` and other lines of that form describe the song, and are left out.
- `<mm:ss.xx>` before a word (the "enhanced" form of LRC) is left out of the text and becomes a cue;
  one at the end of the line says when the last word ends. Some programs write `[mm:ss.xx]` there.
- Lines that all have one time, such as `[00:00.00]`, were never synced. They become plain lyrics,
  with the lines that have no time.
"""

import re
from collections.abc import Iterator

from library.lyrics.lyrics import Cue, Line
from library.tags.lyrics_text import PLAIN, SYNCED, TIME_STAMP, kind_of

MAX_LINES = 10_000
MAX_LINE_LENGTH = 2_000
MAX_STAMPS_PER_LINE = 100

_DESCRIPTION = re.compile(r"\s*\[\s*([A-Za-z#][A-Za-z_#-]*)\s*:(.*)\]\s*")
_WORD_STAMP = re.compile(r"[<\[]([0-9]{1,3}):([0-9]{1,2})(?:[.:,]([0-9]{1,3}))?[>\]]\s?")
_OFFSET = re.compile(r"\s*([+-]?[0-9]{1,7})\s*")
_CONTROLS = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")


def lines_of(text: str) -> tuple[str, tuple[Line, ...]]:
    """The kind of lyrics, and their lines; without a line if the text says nothing."""
    lines = re.split(r"\r\n|\n|\r", text)[:MAX_LINES]
    if kind_of(text) != SYNCED:
        return PLAIN, _plain(lines)
    synced = sorted(_synced(lines, _offset_s(lines)), key=_start_s)[:MAX_LINES]
    if len({line.start_s for line in synced}) == 1:
        plain = _plain([_stamps(each)[1] for each in lines if not _DESCRIPTION.fullmatch(each)])
        if sum(bool(line.text) for line in plain) > 1:
            return PLAIN, plain
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
        starts_s, words = _stamps(line)
        # A line that is sung again is sung by other times than those of its words.
        cues = _cues(words, offset_s) if len(starts_s) == 1 else ()
        text = _clean(_WORD_STAMP.sub("", words))
        for start_s in starts_s:
            yield Line(text, _shifted(start_s, offset_s), cues)


def _shifted(start_s: float, offset_s: float) -> float:
    return max(0.0, round(start_s - offset_s, 3))


def _cues(words: str, offset_s: float) -> tuple[Cue, ...]:
    """The cues of a line, counted in its text without stamps; none if their times go backwards."""
    stamps = [*_WORD_STAMP.finditer(words)]
    starts_s = [_shifted(_seconds(None, *stamp.groups()), offset_s) for stamp in stamps]
    if not stamps or starts_s != sorted(starts_s):
        return ()
    ends = [*(stamp.start() for stamp in stamps[1:]), len(words)]
    before = _CONTROLS.sub("", words[: stamps[0].start()]).lstrip()
    cues = list[Cue]()
    for stamp, start_s, end in zip(stamps, starts_s, ends, strict=True):
        word = _CONTROLS.sub("", words[stamp.end() : end])
        word = word if before else word.lstrip()
        cues.append(Cue(start_s, len(before), len(before) + len(word)))
        before += word
    return _with_ends(cues, len(before.rstrip()))


def _with_ends(cues: list[Cue], length: int) -> tuple[Cue, ...]:
    """Those cues that have text. A last one without says when the one before it ends."""
    if length > MAX_LINE_LENGTH:
        return ()
    has_end = cues[-1].begin >= length
    followed = [
        cue._replace(end_s=after.start_s if has_end else None, end=min(cue.end, length))
        for cue, after in zip(cues, [*cues[1:], cues[-1]], strict=True)
    ]
    return tuple(cue for cue in followed if cue.begin < cue.end)


def _stamps(line: str) -> tuple[list[float], str]:
    """The times before a line, and the rest of the line."""
    starts_s: list[float] = []
    line = line.lstrip()
    while len(starts_s) < MAX_STAMPS_PER_LINE and (found := TIME_STAMP.match(line)):
        starts_s.append(_seconds(*found.groups()))
        line = line[found.end() :].lstrip()
    return starts_s, line


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
