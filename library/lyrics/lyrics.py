"""What lyrics are once they are read, wherever they came from."""

from typing import NamedTuple


class Cue(NamedTuple):
    """A word or syllable of a line: the characters from `begin` up to `end`, which are sung from
    second `start_s` on; until `end_s`, where that is known of all of the line's cues."""

    start_s: float
    begin: int
    end: int
    end_s: float | None = None


class Line(NamedTuple):
    """A line, and the second at which it is sung: None in lyrics that are not synced. Lines of the
    "enhanced" form of LRC have `cues`."""

    text: str
    start_s: float | None = None
    cues: tuple[Cue, ...] = ()


class Lyrics(NamedTuple):
    """`kind`: `synced` or `plain`. `language`: as the source names it, often ISO 639-2; empty if it
    does not say. `source`: `embedded` or `file`."""

    kind: str
    language: str
    source: str
    lines: tuple[Line, ...]
