"""Text as it is compared: without case, accents or compatibility forms, alike on every database."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

IDENTITY_KEY_LENGTH = 200
SORT_KEY_BYTES = 240
SEARCHED_BYTES = 2_000
"""With two sort keys it fits an entry of a PostgreSQL index (2,704 bytes)."""
REMEMBERED = 1024
"""Texts: the tracks of an album, which a scan stores one after the other, share most of theirs."""


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """`text` for search and sorting: `Björk` and `BJÖRK` both give `bjork`.

    Decomposed by NFKD, stripped of combining marks, case-folded (Unicode 3.13, default caseless
    matching) and with white space runs made one space.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFKC", bare.casefold()).split())


def words_of(text: str) -> list[str]:
    """The folded words of a search, the longest first, since it excludes the most; without those
    that are part of another one anyway."""
    words = sorted(set(fold(text).split()), key=lambda word: (-len(word), word))
    return [word for word in words if not any(word in other for other in words if other != word)]


def sort_key(text: str) -> str:
    """What lists are ordered by: `text` folded, and cut to what an index holds."""
    return cut(fold(text), SORT_KEY_BYTES)


def search_text(texts: Iterable[str]) -> str:
    """What words are looked for in: a line for each text, so that none is found across two."""
    return cut("\n".join(fold(text) for text in texts if text), SEARCHED_BYTES)


def cut(text: str, size_bytes: int) -> str:
    """`text`, or as many of its characters as `size_bytes` of UTF-8 hold."""
    if len(text) * 4 <= size_bytes:
        return text
    return text.encode()[:size_bytes].decode(errors="ignore")


@lru_cache(maxsize=REMEMBERED)
def identity_key(*parts: str) -> str:
    """Parts folded into one key, equal where people would call them the same.

    Case and the form of characters (NFC, NFD) make no difference, accents do: `Noel` and `Noël`
    are two names. A key too long for an index ends in a digest of what was cut off.
    """
    key = "\n".join(
        " ".join(unicodedata.normalize("NFC", part).casefold().split()) for part in parts
    )
    if len(key) <= IDENTITY_KEY_LENGTH:
        return key
    return f"{key[:IDENTITY_KEY_LENGTH]}…{blake2b(key.encode(), digest_size=16).hexdigest()}"
