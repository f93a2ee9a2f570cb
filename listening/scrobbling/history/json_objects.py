"""Finds the objects in JSON texts of any size, without holding more than a part of the text."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

LONGEST_OBJECT = 65_536
"""Characters. Longer objects contain what is searched, but are none of it."""
DEEPEST = 200
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}"]', re.DOTALL)  # possessive: nothing to go back to

JsonObject = dict[str, Any]


def json_objects(
    texts: Iterable[str], is_wanted: Callable[[JsonObject], bool]
) -> Iterator[JsonObject]:
    """The objects for which `is_wanted` is true, at whatever depth: in arrays, in other objects, or
    one on each line. `texts`: the parts of the text, one after the other. What is no JSON is passed
    over."""
    window = _Window()
    for text in texts:
        for each in window.closed_objects(text):
            found = _decoded(each)
            if found is not None and is_wanted(found):
                yield found


class _Window:
    """The end of what was read so far. All numbers are places in the whole text."""

    def __init__(self) -> None:
        self._text = ""
        self._first = 0  # the place of the window's first character
        self._scanned = 0
        self._open: list[int] = []  # where objects begin that are not closed yet

    def closed_objects(self, text: str) -> Iterator[str]:
        """The texts of the objects that end in the next part of the text."""
        self._text += text
        upto = len(self._text)
        for token in _TOKEN.finditer(self._text, self._scanned - self._first):
            if token[0] == '"':  # the string goes on in the next part
                upto = token.start()
                break
            if token[0] == "{" and len(self._open) < DEEPEST:
                self._open.append(self._first + token.start())
            elif token[0] == "}" and self._open:
                begin = self._open.pop() - self._first
                if begin >= 0:
                    yield self._text[begin : token.end()]
        self._forget(upto)

    def _forget(self, upto: int) -> None:
        """Keep what may be the beginning of an object or of a string."""
        oldest = max(0, len(self._text) - LONGEST_OBJECT)
        self._scanned = self._first + max(upto, oldest)
        begins = (each - self._first for each in self._open)
        kept = min((each for each in begins if each >= oldest), default=max(upto, oldest))
        kept = min(kept, self._scanned - self._first)
        self._text = self._text[kept:]
        self._first += kept


def _decoded(text: str) -> JsonObject | None:
    try:
        found = json.loads(text) if len(text) <= LONGEST_OBJECT else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
