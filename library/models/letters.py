"""The letters that stand for others when texts are searched and sorted: `ø` for `o`, `ё` for `е`.

What Unicode decomposes (accents, wide and narrow forms, ligatures) is not listed here.
"""

# ruff: noqa: RUF001, RUF002  # letters that look alike are what this is about

import re
import unicodedata

_LETTER_WITH = re.compile(r"LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH ")
_SMALL_CAPITAL = re.compile(r"LATIN LETTER SMALL CAPITAL ([A-Z])$")
_LATIN_BLOCKS = (
    *range(0x0180, 0x02B0),
    *range(0x1D00, 0x1DC0),
    *range(0x1E00, 0x1F00),
    *range(0x2C60, 0x2C80),
    *range(0xA720, 0xA800),
)
_LATIN = {
    **dict(zip("øłđðħŧıȷŋĸəɛɔ", "olddhtijnkeeo", strict=True)),
    "þ": "th",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "×": "x",
}
# Letters of Arabic that keyboards and taggers exchange, its letter stretcher, and a letter of
# Ukrainian that keyboards may lack.
_OF_OTHER_SCRIPTS = {**dict(zip("ىیکةہھٱґ", "ييكهههاг", strict=True)), "ـ": ""}
_HIRAGANA_BEFORE_KATAKANA = 0x60
_KATAKANA = (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)
_KEPT_MARKS = frozenset({8, 9, 84, 91, 103, 107, 118, 122, 129, 130, 132})
"""Canonical combining classes of marks that make another letter rather than accentuate one: the
voiced kana, and vowels and tones of India and South East Asia. Vowel signs of class 0 stay too."""
_VANISHING = frozenset({"Cc", "Cf", "Cs", "Me"})


class _Letters(dict[int, str | None]):
    """What stands for each character of a decomposed text in lower case, for `str.translate`.
    Filled as characters are met."""

    def __missing__(self, code: int) -> str | None:
        self[code] = found = _letter_for(chr(code))
        return found


def _letter_for(character: str) -> str | None:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Cc" and character.isspace():
        return " "
    if category in _VANISHING or _is_dropped_mark(character, category):
        return None
    return character


def _is_dropped_mark(character: str, category: str) -> bool:
    kind = unicodedata.combining(character)
    if kind:
        return kind not in _KEPT_MARKS
    return category == "Mn" and unicodedata.name(character, "").startswith(
        ("VARIATION SELECTOR", "COMBINING GRAPHEME", "MONGOLIAN FREE VARIATION")
    )


def _latin_letters() -> dict[int, str]:
    found: dict[int, str] = {}
    for code in _LATIN_BLOCKS:
        name = unicodedata.name(chr(code), "")
        if match := _LETTER_WITH.match(name) or _SMALL_CAPITAL.match(name):
            found[code] = match[1].lower()
    return found


LETTERS = _Letters(
    {
        **_latin_letters(),
        **{ord(letter): text for letter, text in (_LATIN | _OF_OTHER_SCRIPTS).items()},
        **{code: chr(code - _HIRAGANA_BEFORE_KATAKANA) for code in _KATAKANA},
    }
)
"""For `str.translate` of a text that is decomposed (NFKD) and in lower case. Katakana become
hiragana, which is what a Japanese keyboard gives before the conversion; digits of any script become
those of ASCII; accents, vowel points and invisible characters vanish."""

TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("’‘‛‚′´`ʹʻʼʽˈʾʿˊˋ՚＇❛❜", "'"),
        **dict.fromkeys("“”„‟″«»‹›〝〞〟＂¨❝❞", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-"),
        **dict.fromkeys("⁄∕", "/"),
        **dict.fromkeys("™℠", None),
    }
)
"""Typographic marks, and the plain one that keyboards have. Applied before the decomposition, which
makes a space and an accent of `´`."""

_SEPARATED = "\n"


class _Words(dict[int, str]):
    """For `str.translate`: letters, digits and their signs as they are, all else a line break."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        is_of_word = unicodedata.category(character)[0] in "LNM"
        self[code] = found = character if is_of_word else _SEPARATED
        return found


WORD_CHARACTERS = _Words()
