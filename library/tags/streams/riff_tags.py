"""Texts in the chunks of WAV files: the INFO list, its code page, and the broadcast extension.

- INFO and CSET: "Multimedia Programming Interface and Data Specifications 1.0" (1991).
- `bext`: EBU Tech 3285.
"""

import codecs
import io
import struct

from library.tags import decoding
from library.tags.bounded_file import BoundedFile
from library.tags.code_pages import mended
from library.tags.native_tags import NativeTags
from library.tags.streams.chunks import Chunk, chunks
from library.tags.vocabularies import RIFF_INFO, Values, fields

MAX_LIST_BYTES = 1024 * 1024
_BEXT_BYTES = 330
"""Description (256), originator (32), its reference (32), date (10)."""
# Code pages whose names in Python are not "cp" and their number (Microsoft's "Code Page
# Identifiers").
_CODE_PAGES = {
    10000: "mac-roman",
    10007: "mac-cyrillic",
    20866: "koi8-r",
    20932: "euc-jp",
    21866: "koi8-u",
    51932: "euc-jp",
    51936: "gb2312",
    51949: "euc-kr",
    54936: "gb18030",
    **{28590 + part: f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 15)},
}


class RiffTexts:
    """Collects the texts of a file. The code page may be named after the texts."""

    def __init__(self, order: str) -> None:
        self._order = order
        self._code_page = 0
        self._listed: list[tuple[bytes, bytes]] = []
        self._broadcast: Values = {}

    def take(self, file: BoundedFile, chunk: Chunk) -> None:
        """Read the chunk if it is one of those with texts."""
        if chunk.name == b"LIST":
            self._take_list(file.read_between(chunk.at, chunk.at + min(chunk.size, MAX_LIST_BYTES)))
        elif chunk.name == b"CSET" and chunk.size >= 2:  # noqa: PLR2004
            data = file.read_between(chunk.at, chunk.at + 2).ljust(2, b"\0")
            (self._code_page,) = struct.unpack(f"{self._order}H", data)
        elif chunk.name == b"bext":
            self._take_broadcast(file.read_between(chunk.at, chunk.at + _BEXT_BYTES))

    def native_tags(self) -> NativeTags:
        values: Values = {}
        for name, text in self._listed:
            values.setdefault(decoding.latin1(name), []).append(_decoded(text, self._code_page))
        if not self._code_page:
            values = mended(values)
        return NativeTags({**self._broadcast, **fields(RIFF_INFO, values)})

    def _take_list(self, data: bytes) -> None:
        if data[:4] != b"INFO":
            return
        items = io.BytesIO(data)
        for item in chunks(items, 4, self._order):
            self._listed.append((item.name, data[item.at : item.end]))

    def _take_broadcast(self, data: bytes) -> None:
        description = decoding.latin1(data[:256].partition(b"\0")[0]).strip()
        date = decoding.latin1(data[320:330].partition(b"\0")[0]).strip()
        named = {"comment": description, "date": date}
        self._broadcast = {name: [text] for name, text in named.items() if text}


def _decoded(text: bytes, code_page: int) -> str:
    """A text that ends with NUL. Many programs write UTF-8, whatever the code page; some write
    UTF-16, which is recognised by its mark or by the NULs of its Latin letters."""
    if text[:2] in decoding.UTF16_MARKS or _is_utf16(text):
        return decoding.utf16(text).partition("\0")[0]
    text = text.partition(b"\0")[0]
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return text.decode(codecs.lookup(_CODE_PAGES.get(code_page, f"cp{code_page}")).name)
    except (LookupError, UnicodeDecodeError):
        return decoding.latin1(text)


def _is_utf16(text: bytes) -> bool:
    letters, zeros = text[:-2:2], text[1:-2:2]
    return len(zeros) > 1 and all(letters) and not any(zeros)
