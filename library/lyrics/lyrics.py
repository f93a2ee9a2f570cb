"""What lyrics are once they are read, wherever they came from."""

from typing import NamedTuple


class Line(NamedTuple):
    """A line, and the second at which it is sung: None in lyrics that are not synced."""

    text: str
    start_s: float | None = None


class Lyrics(NamedTuple):
    """`kind`: `synced` or `plain`. `language`: as the source names it, often ISO 639-2; empty if it
    does not say. `source`: `embedded` or `file`."""

    kind: str
    language: str
    source: str
    lines: tuple[Line, ...]
