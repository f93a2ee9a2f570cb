"""The words and numbers by which people name a disc: `CD 2`, `Disc One`, `Disque 1`."""

import re

# Words that mean a disc wherever they stand before a number.
_PLAIN = ("cd", "disc", "disk")
# Words that also occur in titles of albums (`Italo Disco 3`, `LP 5`): they mean a disc only in
# brackets, behind a dash, or as the beginning of a folder's name.
_AMBIGUOUS = (
    *("compact disc", "disque", "disco", "platte", "schijf", "skiva", "levy", "lemez", "płyta"),
    *("диск", "blu-?ray", "bd", "dvd", "sacd", "hdcd"),
    *("lp", "vinyl", "record", "cassette", "tape", "digital media"),
)
# Words of languages that are written without spaces.
_UNSPACED = ("ディスク", "디스크", "碟", "光盘", "光碟")
# What stands before the word in names that taggers make: `Digital Media 01`, `12" Vinyl 1`.
_KIND = r"(?:(?:7|10|12)(?:\"|''|in|inch)?\s+|hybrid\s+|enhanced\s+|shm-?|blu-?spec\s+|mini\s*)?"
_AFTER_WORD = r"(?:-?(?:r|rom|audio))?"
_IN_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_WORDS = {word: at for words in (_IN_WORDS, _ROMAN) for at, word in enumerate(words, 1)}
_NUMBER = r"[\s._#-]*(?:no\.?\s*|nr\.?\s*)?(?P<number>\d{1,2})(?!\d)"
_WORD_NUMBER = rf"[\s._-]+(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b"
_OF_HOW_MANY = r"(?:\s*(?:of|/|von|de|di|van|av)\s*\d{1,2}(?!\d))?"

PLAIN_WORD = rf"(?:\s+(?:{'|'.join(_PLAIN)})|\s*(?:{'|'.join(_UNSPACED)}))"
"""With what parts it from the text before."""
ANY_WORD = rf"{_KIND}(?:{'|'.join((*_PLAIN, *_AMBIGUOUS, *_UNSPACED))}){_AFTER_WORD}"
NUMBER = rf"(?:{_NUMBER}|{_WORD_NUMBER}){_OF_HOW_MANY}"
"""The number of a disc behind the word. `number_in` reads it from the match."""
OPENING, CLOSING = r"[(\[{\uff08\uff3b\u3010]", r"[)\]}\uff09\uff3d\u3011]"
"""Brackets, also the wide ones of Chinese and Japanese."""
BONUS = r"(?:bonus|extra)\s*(?:cd|disc|disk)"


def number_in(found: re.Match[str]) -> int | None:
    """The number that `NUMBER` found; None for 0, which is no disc."""
    return int(found["number"]) or None if found["number"] else _WORDS[found["word"].lower()]
