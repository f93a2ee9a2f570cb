"""Explains why a file could not be read, for the person who can mend it."""

import re
import struct

_KINDS_OF_FILE = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x1a\x45\xdf\xa3", "a Matroska or WebM film"),
    (b"\x7fELF", "a program"),
)
_WEB_PAGE = re.compile(rb"\s*(?:<!doctype html|<html)", re.IGNORECASE)
_CUT_OFF = re.compile(
    "truncated|not enough data|too small|unable to read|cut off|ended unexpectedly|missing"
    "|no complete|final ogg header|end of file|too short",
    re.IGNORECASE,
)
# Replacements for messages of mutagen that would mislead people.
_CLEARER_WORDS = {
    "not a MP4 file": "its index, the moov atom, is missing",
    "no appropriate stream found": "no complete audio stream",
}
_PRINTABLE_SHARE = 0.95
MAX_DETAIL_LENGTH = 200


def reason(beginning: bytes, words: str, error: type[Exception], *, is_known_format: bool) -> str:
    """A sentence that says why a file that starts with `beginning` could not be read.

    `words` and `error`: the message and type of the parser's error. `is_known_format`: whether any
    parser recognised the file.
    """
    if not beginning:
        return "The file is empty."
    if kind := _kind_of_file(beginning):
        return f"No audio found: this looks like {kind}."
    if issubclass(error, MemoryError):
        return "The file is damaged: reading it would take more memory than any track needs."
    detail = f" ({text})" if (text := _one_line(_CLEARER_WORDS.get(words, words))) else ""
    if not is_known_format:
        return f"No audio found: the file begins like no known format{detail}."
    if issubclass(error, EOFError | IndexError | struct.error) or _CUT_OFF.search(detail):
        return f"The file seems to be cut off or damaged{detail}."
    return f"No audio could be read: the file is damaged{detail}."


def _kind_of_file(beginning: bytes) -> str:
    if not beginning.strip(b"\0"):
        return "nothing but zeros"
    for signature, kind in _KINDS_OF_FILE:
        if beginning.startswith(signature):
            return kind
    if _WEB_PAGE.match(beginning):
        return "a web page"
    return "text" if _is_text(beginning) else ""


def _is_text(beginning: bytes) -> bool:
    try:
        text = beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(beginning) - 3:  # otherwise the sample may end within a character
            return False
        text = beginning[: error.start].decode("utf-8")
    readable = sum(character.isprintable() or character.isspace() for character in text)
    return readable >= _PRINTABLE_SHARE * len(text)


def _one_line(words: str) -> str:
    text = " ".join(words.encode("ascii", "backslashreplace").decode("ascii").split())
    return text[:MAX_DETAIL_LENGTH].rstrip(".")
