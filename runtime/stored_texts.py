"""Sentences that are stored in English, such as why a file could not be read, in the language of
the page that shows them. They are written where no page is known: in scans and in threads of the
server."""

import re
from collections.abc import Iterable
from functools import cached_property

from django.conf import settings
from django.utils.translation import get_language, gettext

_PLACE = re.compile(r"%\((\w+)\)s")


class StoredTexts:
    """The sentences that are known, in English as they go through translation: `The folder
    %(folder)s is not there.` Those that have more of their own words come first."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._sentences = sorted(sentences, key=lambda each: -len(_PLACE.sub("", each)))

    def in_words(self, stored: str) -> str:
        """`stored`, which is one or several sentences, in the active language; what is not known
        stays as it is. What stands in the places of a sentence may be known as well."""
        if not stored or get_language() in {None, settings.LANGUAGE_CODE}:
            return stored
        for sentence, pattern in self._patterns:
            if found := pattern.fullmatch(stored):
                values = {name: self.in_words(each) for name, each in found.groupdict().items()}
                return gettext(sentence) % values if values else gettext(sentence)
        return self._in_parts(stored)

    def _in_parts(self, stored: str) -> str:
        """Several sentences, of which the first is known."""
        for sentence, pattern in self._patterns:
            found = pattern.match(stored) if sentence.endswith(".") else None
            if found and stored[found.end() :].startswith(" "):
                return f"{self.in_words(found[0])} {self.in_words(stored[found.end() + 1 :])}"
        return stored

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        return [(each, _pattern_of(each)) for each in self._sentences]


def _pattern_of(sentence: str) -> re.Pattern[str]:
    """A place takes as few characters as possible, and at least one."""
    words = _PLACE.split(sentence)
    own, places = words[::2], words[1::2]
    parts = [re.escape(own[0])]
    for name, following in zip(places, own[1:], strict=True):
        parts.append(f"(?P<{name}>.+?){re.escape(following)}")
    return re.compile("".join(parts), re.DOTALL)
