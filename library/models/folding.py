"""Texts made comparable: keys for searching, sorting and recognising equal names.

Python computes them, not the database, so that SQLite and PostgreSQL give equal results.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

IDENTITY_KEY_LENGTH = 200
SORT_KEY_BYTES = 240
SEARCHED_BYTES = 2_000
"""A search text and two sort keys together fit into one entry of a PostgreSQL index (2,704 bytes).
"""
REMEMBERED = 1024
"""How many texts each cache holds. A scan stores the tracks of an album one after the other, and
they share most of their texts."""


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """`text` for search and sorting: `Björk` and `BJÖRK` both give `bjork`.

    Steps: decompose by NFKD, drop combining marks, fold the case (Unicode Standard, section 3.13,
    default caseless matching), compose by NFKC, replace each run of white space by one space.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(unicodedata.normalize("NFKC", bare.casefold()).split())


def words_of(text: str) -> list[str]:
    """The folded words of a search.

    The longest comes first because it usually excludes most rows. A word that is part of another
    word is left out: whatever contains the longer word contains the shorter one.
    """
    words = sorted(set(fold(text).split()), key=lambda word: (-len(word), word))
    return [word for word in words if not any(word in other for other in words if other != word)]


def sort_key(text: str) -> str:
    """The key by which lists sort `text`: folded, and cut to SORT_KEY_BYTES."""
    return cut(fold(text), SORT_KEY_BYTES)


def search_text(texts: Iterable[str]) -> str:
    """The text that a search looks into: each of `texts` folded, on a line of its own.

    The line break keeps a search word from matching the end of one text and the start of the next.
    """
    return cut("\n".join(fold(text) for text in texts if text), SEARCHED_BYTES)


def cut(text: str, size_bytes: int) -> str:
    """`text`, or as many of its characters as `size_bytes` of UTF-8 hold."""
    if len(text) * 4 <= size_bytes:
        return text
    return text.encode()[:size_bytes].decode(errors="ignore")


@lru_cache(maxsize=REMEMBERED)
def identity_key(*parts: str) -> str:
    """One key for a name of one or several parts. Equal keys mean the same artist or album.

    Case, white space, Unicode normalisation (NFC or NFD), full and half width, and typographic
    variants of one character make no difference: a curly apostrophe is a straight one.
    Accents do: `Noel` and `Noël` are two names; and so does what is left out: `AC/DC` and `ACDC`.
    A key longer than IDENTITY_KEY_LENGTH is cut off there and ends in a digest of the whole key.
    """
    key = "\n".join(map(_identity, parts))
    if len(key) <= IDENTITY_KEY_LENGTH:
        return key
    return f"{key[:IDENTITY_KEY_LENGTH]}…{blake2b(key.encode(), digest_size=16).hexdigest()}"


def _identity(name: str) -> str:
    """NFKC_Casefold (Unicode Standard, section 3.13) after typographic variants were replaced. A
    name of nothing but ignored characters keeps these."""
    plain = name.translate(_TYPOGRAPHY)
    if not plain.isascii():
        folded = unicodedata.normalize("NFKC", plain).casefold()
        # Again: folding may decompose, and some characters decompose to typographic ones.
        plain = unicodedata.normalize("NFKC", folded).translate(_TYPOGRAPHY)
    return " ".join(plain.casefold().split()) or name


_VARIANTS = {
    # Among them accents that stand alone, the okina of Hawaiian, primes, Armenian and Hebrew.
    "'": "`´‘’‚‛ʹʻʼʽʾʿˈˊˋ′‵՚׳ꞌ＇",  # noqa: RUF001
    '"': "“”„‟″‶«»〝〞〟״ʺˮ＂",  # noqa: RUF001
    "-": "‐‑‒–—―−⁃⁻₋﹘﹣－",  # noqa: RUF001
    "/": "⁄∕／",  # noqa: RUF001
}
_INVISIBLE = (
    *(0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF),  # soft hyphen, joiners, byte order mark
    *range(0x200B, 0x2010),  # zero width space and joiners, direction marks
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),  # variation selectors
)
_TYPOGRAPHY: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **{ord(variant): plain for plain, variants in _VARIANTS.items() for variant in variants},
}
