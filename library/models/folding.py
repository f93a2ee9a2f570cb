"""Texts made comparable: keys for searching, sorting and recognising equal names.

Python computes them, not the database, so that SQLite and PostgreSQL give equal results.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b

from django.conf import settings

from library.models.letters import LETTERS, TYPOGRAPHY, WORD_CHARACTERS

IDENTITY_KEY_LENGTH = 200
SORT_KEY_BYTES = 240
SEARCHED_BYTES = 2_000
"""A search text and two sort keys together fit into one entry of a PostgreSQL index (2,704 bytes).
"""
REMEMBERED = 1024
"""How many texts each cache holds. A scan stores the tracks of an album one after the other, and
they share most of their texts."""
SHORT_PART = 2
"""Parts of a word with punctuation in it that are not longer than this make one word with their
neighbours: `ac/dc`, `a-ha` and `lo-fi`, but not `hyper-ballad`."""

_NO_PUNCTUATION = re.compile(r"[a-z0-9]+(?: [a-z0-9]{2,}| [0-9])*")
_LETTER_AND_LETTER = re.compile(r"(?<![^\W_])([^\W\d_])(?: [&+n] |[&+])([^\W\d_])(?![^\W_])")
_WORD_AND_WORD = re.compile(r"(?<=[^\W_])(?:&|'n')(?=[^\W_])")
_IN_NUMBER = re.compile(r"(?<=\d)[.,:](?=\d)")
_DOLLAR = re.compile(r"\$(?=[^\W\d_])|(?<=[^\W\d_])\$")
_EXCLAMATION = re.compile(r"(?<![^\W_])([^\W\d_])!(?=[^\W\d_]{1,3}(?![^\W_]))")
_OPENING = "\"'([\N{LEFT DOUBLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}"
_LEADING_SIGNS = re.compile(r"[\W_]*")
_BETWEEN_WORDS = frozenset("-/|\\:;,.·•~*&'\"")
_MEANING_AND = frozenset({"&", "+", "n", "'n'", "'n", "n'"})
_AND = "and"
_SINGLE_LETTERS_BELOW = "\u0900"
"""A single character of a script above this one may be a word."""


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """`text` in plain small letters: `Björk` and `BJÖRK` both give `bjork`, a
    typographic apostrophe gives that of keyboards.

    Steps: plain forms of quotation marks and dashes, decompose by NFKD, fold the case (Unicode
    Standard, section 3.13, default caseless matching), replace letters as `library.models.letters`
    says, compose by NFKC, replace each run of white space by one space.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.translate(TYPOGRAPHY)).casefold()
    # й is a letter of its own, not an accentuated и.
    bare = decomposed.replace("\u0438\u0306", "\u0439").translate(LETTERS)
    return " ".join(unicodedata.normalize("NFKC", bare).split())


@lru_cache(maxsize=REMEMBERED)
def plain(text: str) -> str:
    """The folded words of `text`, without the punctuation that people leave out or type otherwise.

    - Apostrophes vanish: `don't` is `dont`. So do signs in numbers: `50,000` is `50000`.
    - Other signs in a word part it, except from a part of one or two letters: `hyper-ballad` is
      `hyper ballad`, `ac/dc` is `acdc`. Single letters make one word: `r.e.m.` and `r e m` are
      `rem`.
    - `&`, `+` and `'n'` between words are `and`; between two letters `n`: `r&b` is `rnb`.
    - `$` at a letter is `s`, and `!` in a word such as `p!nk` is `i`.
    - A text of signs alone stays as it is: `!!!`, `( )`. So does a sign between words that is not
      there to part them, such as `÷`.
    """
    folded = fold(text)
    if _NO_PUNCTUATION.fullmatch(folded) or not _has_words(folded):
        return folded
    signed = _IN_NUMBER.sub("", _EXCLAMATION.sub(r"\1i", _DOLLAR.sub("s", folded)))
    signed = _WORD_AND_WORD.sub(f" {_AND} ", _LETTER_AND_LETTER.sub(r"\1n\2", signed))
    return " ".join(_with_initials_joined(_words(signed.split())))


def _has_words(folded: str) -> bool:
    return bool(folded.translate(WORD_CHARACTERS).strip("\n"))


def _words(tokens: list[str]) -> Iterator[str]:
    for number, token in enumerate(tokens):
        if token in _MEANING_AND and 0 < number < len(tokens) - 1:
            yield _AND
        else:
            yield from _parts(token)


def _parts(token: str) -> list[str]:
    """The words of a text without spaces; the text itself if it has none and is not there to part
    other words."""
    parts = token.replace("'", "").replace("`", "").translate(WORD_CHARACTERS).split("\n")
    words: list[str] = []
    last = ""
    for part in filter(None, parts):
        if words and min(len(part), len(last)) <= SHORT_PART:
            words[-1] += part
        else:
            words.append(part)
        last = part
    return words or ([] if _BETWEEN_WORDS.issuperset(token) else [token])


def _with_initials_joined(words: Iterable[str]) -> list[str]:
    """The words, with neighbours of one letter made one."""
    joined: list[str] = []
    was_initial = False
    for word in words:
        is_initial = len(word) == 1 and word.isalpha() and word < _SINGLE_LETTERS_BELOW
        if is_initial and was_initial:
            joined[-1] += word
        else:
            joined.append(word)
        was_initial = is_initial
    return joined


def words_of(text: str) -> list[str]:
    """The words of a search.

    The longest comes first because it usually excludes most rows. A word that is part of another
    word is left out: whatever contains the longer word contains the shorter one. So is `and` beside
    other words, which titles have as a sign or in another language, and signs beside words.
    """
    found = set(plain(text).split())
    found = {word for word in found if _has_words(word)} or found
    found = found - {_AND} or found
    words = sorted(found, key=lambda word: (-len(word), word))
    return [word for word in words if not any(word in other for other in words if other != word)]


def name_key(text: str) -> str:
    """The key by which a search recognises a whole name, and the key that its beginning has."""
    return cut(plain(text), SORT_KEY_BYTES)


def sort_key(text: str, sort_form: str = "") -> str:
    """The key by which lists sort `text`: plain, and cut to SORT_KEY_BYTES.

    `sort_form` is what the tags say that `text` is sorted as. Without one, a leading article of
    IGNORED_ARTICLES does not count.
    """
    return sort_key_without(tuple(settings.IGNORED_ARTICLES), text, sort_form)


@lru_cache(maxsize=REMEMBERED)
def sort_key_without(articles: tuple[str, ...], text: str, sort_form: str) -> str:
    """`sort_key` with the articles at hand: asking Django for a setting takes longer than this."""
    return name_key(sort_form or without_article(text, articles))


@lru_cache(maxsize=8)
def _folded_articles(articles: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The articles, and those that may be part of the next word."""
    known = frozenset(map(fold, articles))
    return known, tuple(article for article in known if article.endswith("'"))


def without_article(text: str, articles: tuple[str, ...]) -> str:
    """`text` without one leading article, if anything but articles follows it.

    An article that ends in an apostrophe, such as `L'`, may be part of the next word. `LA Woman`
    begins with a city: an article of two letters is in capitals only if all of the text is.
    """
    known, elided = _folded_articles(articles)
    bare = fold(text)
    if bare and not bare[0].isalnum():
        bare = _LEADING_SIGNS.sub("", bare, count=1)
    first, _, rest = bare.partition(" ")
    for article in elided:
        if bare.startswith(article):
            first, rest = article, bare[len(article) :]
    if first not in known or not rest or known.issuperset(plain(rest).split()):
        return text
    begins_with_capitals = text.lstrip(_OPENING)[:2].isupper() and not text.isupper()
    is_name = len(first) == 2 and first.isalpha() and begins_with_capitals  # noqa: PLR2004
    return text if is_name else rest


def search_text(texts: Iterable[str]) -> str:
    """The text that a search looks into: each of `texts` in plain words, on a line of its own.

    The line break keeps a search word from matching the end of one text and the start of the next.
    A space stands before each word, so that a search can ask for the beginning of a word.
    """
    return cut("\n".join(f" {plain(text)}" for text in texts if text), SEARCHED_BYTES)


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
