"""Decodes text files that do not say in which encoding they are."""

import codecs
import re
from typing import NamedTuple

from django.utils.translation import gettext

from library.lyrics.decoding import MARKS, decode
from listening.playlist_files.entries import BadPlaylistFile

_SAMPLE_BYTES = 2_000
_LINE_END = re.compile("\r\n|\r|\n")
_LINE_END_BYTES = re.compile(b"\r\n|\r|\n")
_OTHER = re.compile(rb"[\x80-\xff]")
_PAIR = re.compile(rb"[\x80-\xff]{2}")
_FIRST_AFTER_LATIN = 0x0370
_ENCODING = re.compile(rb"^[ \t]*#EXTENC:[ \t]*([\w.:-]{1,40})", re.IGNORECASE | re.MULTILINE)


class Line(NamedTuple):
    """`raw`: the line with bytes that are no UTF-8 as lone surrogates; empty without such bytes."""

    text: str
    raw: str = ""


def lines_of(content: bytes) -> list[Line]:
    """The lines of the file, whatever ends them.

    A line that is valid UTF-8 is taken as that, even if others are not: programs of different age
    append to the same file. Raises BadPlaylistFile if the file is no text.
    """
    if _is_wide(content):
        lines = [Line(text) for text in _LINE_END.split(decode(content).removeprefix("\ufeff"))]
    else:
        lines = _decoded(_LINE_END_BYTES.split(content.removeprefix(b"\xef\xbb\xbf")), content)
    if any("\0" in line.text for line in lines):
        raise BadPlaylistFile(gettext("The file is not a text."))
    return lines


def as_utf8(content: bytes) -> bytes:
    """The text of the file in UTF-8."""
    return "\n".join(line.text for line in lines_of(content)).encode("utf-8", "replace")


def _is_wide(content: bytes) -> bool:
    """Whether characters have two or four bytes."""
    marks = tuple(mark for mark, encoding in MARKS if encoding != "utf-8-sig")
    return content.startswith(marks) or b"\0" in content[:_SAMPLE_BYTES]


def _decoded(raw_lines: list[bytes], content: bytes) -> list[Line]:
    lines, odd = [], []
    for number, raw in enumerate(raw_lines):
        try:
            lines.append(Line(raw.decode()))
        except UnicodeDecodeError:
            lines.append(Line(""))
            odd.append(number)
    texts = _in_code_page([raw_lines[number] for number in odd], _stated_encoding(content))
    for number, text in zip(odd, texts, strict=True):
        lines[number] = Line(text, raw_lines[number].decode("utf-8", "surrogateescape"))
    return lines


def _in_code_page(lines: list[bytes], encoding: str) -> list[str]:
    if not lines:
        return []
    if encoding:
        try:
            return [line.decode(encoding) for line in lines]
        except UnicodeError:  # it states another one than it has
            pass
    # Together they tell more about the code page than each alone.
    content = b"\n".join(lines)
    texts = decode(content).split("\n")
    if len(texts) != len(lines) or (_is_spelled_with_ascii(content) and not _is_latin(texts)):
        texts = [line.decode("cp1252", "replace") for line in lines]
    return texts


def _is_spelled_with_ascii(content: bytes) -> bool:
    """Whether the other bytes stand alone, as accented letters do, and are not words by themselves.
    In few of them the guess finds Chinese."""
    return len(_PAIR.findall(content)) * 5 < len(_OTHER.findall(content))


def _is_latin(texts: list[str]) -> bool:
    return all(ord(each) < _FIRST_AFTER_LATIN for text in texts for each in text if each.isalpha())


def _stated_encoding(content: bytes) -> str:
    """The encoding that the file says it has; empty if it does not or if Python has none of that
    name."""
    stated = _ENCODING.search(content)
    if stated is None:
        return ""
    try:
        codec = codecs.lookup(stated[1].decode("ascii", "replace"))
        b"a".decode(codec.name)
    except (LookupError, ValueError):
        return ""
    return codec.name
