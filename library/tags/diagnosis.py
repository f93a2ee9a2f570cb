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
    (b"\x7fELF", "a program"),
)
# Formats that hold sound, but that mus does not play. Parsers of other formats must not see these
# files, since some find what they look for anywhere.
_FOREIGN_FORMATS = (
    (rb"\x00\x00\x01\xba", "an MPEG program stream"),
    (rb"FLV\x01", "a Flash film"),
    (rb"RIFF....AVI[ X]", "an AVI film"),
    (rb"RIFF....RMID|MThd", "a MIDI file"),
    (rb"riff\x2e\x91\xcf\x11", "a Wave64 file"),
    (rb"caff\x00\x01", "a Core Audio file"),
    (rb"#!AMR", "an AMR file"),
    (rb"\.RMF\0|\.ra\xfd", "a RealAudio file"),
    (rb"\.snd\0", "a Sun audio file"),
    (rb"EA3[\x01-\x03]", "an ATRAC file"),
    (rb"Extended Module: |IMPM", "a tracker module"),
)
_FOREIGN_FORMAT = re.compile(b"|".join(b"(%b)" % mark for mark, _ in _FOREIGN_FORMATS), re.DOTALL)
_TRANSPORT_PACKETS = ((0, 188), (4, 192), (0, 204))
"""Where the first packet of an MPEG transport stream begins, and how far from it the next one: as
broadcast, on Blu-rays, and with error correction."""
_TRANSPORT_MARK = b"G"
_LEAST_PACKETS = 4
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


def foreign_format(beginning: bytes) -> str:
    """A sentence that names the format, if the file has one that mus does not play, else ""."""
    kind = "an MPEG transport stream" if _is_transport_stream(beginning) else ""
    if found := _FOREIGN_FORMAT.match(beginning):
        kind = _FOREIGN_FORMATS[(found.lastindex or 1) - 1][1]
    return f"This is {kind}, a format that mus does not play." if kind else ""


def _is_transport_stream(beginning: bytes) -> bool:
    for first, distance in _TRANSPORT_PACKETS:
        if beginning[first : first + 1] != _TRANSPORT_MARK:
            continue
        marks = [beginning[at : at + 1] for at in range(first, len(beginning), distance)]
        if len(marks) >= _LEAST_PACKETS and all(mark == _TRANSPORT_MARK for mark in marks):
            return True
    return False


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
