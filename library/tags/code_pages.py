"""Recognises tags in a code page that is not Western, although they claim to be ISO 8859-1.

Old taggers wrote the code page of the system they ran on. A code page is recognised only if all
texts of the tag make sense in it, and none as Western: Western words have few letters with accents,
and never only such letters.

Recognised are Windows-1251 (Cyrillic), Windows-1253 (Greek) and Shift-JIS (Japanese, if kana are in
the texts). Chinese and Korean are not: their code pages cannot be told apart in texts as short as a
tag's.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from library.tags.remembering import remembering_short

Values = dict[str, list[str]]
CYRILLIC, GREEK, JAPANESE = "cp1251", "cp1253", "cp932"
MIN_LETTERS = 4
"""Fewer letters of another alphabet in all texts of a tag could be anything."""
MIN_CAPITALS = 8
MAX_TEXTS, MAX_LENGTH = 100, 1_000
"""How many texts of a tag are looked at, and how many characters of each."""

_WESTERN = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]")
_KANA_BYTE = re.compile(rb"[\x82\x83]")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC_LETTER = re.compile("[\u0400-\u045f\u0490\u0491]")
_GREEK_LETTER = re.compile("[\u0386-\u03ce]")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc]")
_NOT_JAPANESE = re.compile("[\x80-\xff\uff61-\uff9f]")
_NOT_PUNCTUATION = re.compile("[^\0-\x7f\xa0\xab\xbb\u2013-\u2026\u2116]")
_VOWELS = frozenset("аеёиоуыэюяіїєαεηιουωάέήίόύώ")


def mended(values: Values) -> Values:
    """The values of a tag, decoded again if they are in one of these code pages. They were decoded
    as ISO 8859-1 or Windows-1252, by mus or by a tagger that wrote the result as Unicode."""
    suspects = [text for held in values.values() for text in held if not text.isascii()]
    if not suspects:
        return values
    encoded = [_encoded(text[:MAX_LENGTH]) for text in suspects[:MAX_TEXTS]]
    texts = [each for each in encoded if each is not None]
    page = code_page(texts) if len(texts) == len(encoded) else None
    if page is None:
        return values
    return {name: [_decoded_again(text, page) for text in held] for name, held in values.items()}


def _decoded_again(text: str, page: str) -> str:
    encoded = _encoded(text)
    # A text behind those that were looked at may have letters of any alphabet.
    return text if encoded is None else encoded.decode(page, "replace")


@remembering_short
def _encoded(text: str) -> bytes | None:
    """The text in a Western code page; None if none has all of its letters."""
    for page in ("cp1252", "latin-1"):
        try:
            return text.encode(page)
        except UnicodeEncodeError:
            continue
    return None


def code_page(texts: Sequence[bytes]) -> str | None:
    """The code page of all these texts; None if they are Western, or if it cannot be told."""
    joined = b"\n".join(texts)
    if _WESTERN.search(joined) and not _KANA_BYTE.search(joined):  # the usual case, done quickly
        return None
    for name, is_sensible in _CHECKS:
        try:
            decoded = joined.decode(name)
        except UnicodeDecodeError:
            continue
        if is_sensible(decoded):
            return name
    return None


def _is_japanese(text: str) -> bool:
    """Whether letters of the syllabaries are in the text, and nothing else that is not ASCII except
    Chinese characters and their punctuation."""
    return len(_KANA.findall(text)) > 1 and not _NOT_JAPANESE.search(text)


def _in_alphabet(letter: re.Pattern[str]) -> Callable[[str], bool]:
    def is_sensible(text: str) -> bool:
        others = letter.sub("", text)
        words = [word for word in _WORD.findall(text) if not word.isascii()]
        return (
            (others.isascii() or not _NOT_PUNCTUATION.search(others))
            and _are_enough("".join(words))
            and all(len(letter.findall(word)) == len(word) for word in words)
            and all(map(_has_usual_case, words))
            and _has_vowels(words)
        )

    return is_sensible


def _are_enough(letters: str) -> bool:
    """Capitals and small letters together are a better sign: other alphabets have no capitals."""
    if letters.islower():
        return False
    return len(letters) >= (MIN_CAPITALS if letters.isupper() else MIN_LETTERS)


def _has_usual_case(word: str) -> bool:
    """Whether the word is in lower or upper case or begins with a capital. Words of another
    alphabet, wrongly decoded, mix upper and lower case."""
    return word[1:].islower() or word.isupper() or len(word) == 1


def _has_vowels(words: Iterable[str]) -> bool:
    """Whether each word of four letters and more has a vowel; shorter ones may be initials."""
    return all(_VOWELS & set(word.lower()) for word in words if len(word) > 3)  # noqa: PLR2004


_CHECKS = (
    (JAPANESE, _is_japanese),
    (CYRILLIC, _in_alphabet(_CYRILLIC_LETTER)),
    (GREEK, _in_alphabet(_GREEK_LETTER)),
)
