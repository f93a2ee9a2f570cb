"""A search divided into tokens: words, phrases in quotation marks, names with colon and value.

Which names are operators is not known here: the text of each token is kept, so that it can be
searched as it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

QUOTE = '"'
# Phones write typographic quotation marks. Each is replaced by one character, so places stay.
_QUOTES = dict.fromkeys(map(ord, "“”„‟«»＂"), QUOTE) | {ord("："): ":"}  # noqa: RUF001
# The name is of letters alone, and at least two: `2:54` and `x:y` are names of artists.
_TOKEN = re.compile(
    r"(?P<minus>(?<!\S)-(?=[^\W_]|\"))?(?:(?P<name>[^\W\d_]{2,}):)?"
    r"(?:\"(?P<quoted>[^\"]*)(?P<end>\"?)|(?P<bare>\S*))"
)
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Token:
    """`text`: as it was typed. `name`: in lower case, empty without a colon. `value`: the word, the
    phrase, or what follows the colon. `is_closed`: whether a phrase has both quotation marks.
    `is_last`: whether nothing follows it."""

    text: str
    name: str
    value: str
    is_excluded: bool
    is_quoted: bool
    is_closed: bool
    is_last: bool


def tokens_of(text: str) -> Iterator[Token]:
    """The tokens in their order. Never fails."""
    typed = text.strip()
    marked = typed.translate(_QUOTES)
    place = 0
    while place < len(marked):
        found = _TOKEN.match(marked, place)
        assert found is not None  # noqa: S101  # for the type checker: every part is optional
        end = max(found.end(), place + 1)
        after = _SPACE.match(marked, end)
        next_place = after.end() if after else end
        quoted = found["quoted"]
        yield Token(
            text=typed[place:end],
            name=(found["name"] or "").lower(),
            value=(found["bare"] or "") if quoted is None else quoted.strip(),
            is_excluded=found["minus"] is not None,
            is_quoted=quoted is not None,
            is_closed=bool(found["end"]),
            is_last=next_place == len(marked),
        )
        place = next_place
