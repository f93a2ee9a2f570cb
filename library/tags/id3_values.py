"""What the frames of an ID3v2 tag, and the fields of an ID3v1 tag, say.

Sections are those of ID3v2.4.
"""

import re
import struct
from collections.abc import Iterator, Sequence

from mutagen.id3 import TCON

from library.tags import decoding
from library.tags.native_tags import NativeTags, Picture
from library.tags.remembering import remembering_short, remembering_the_last
from library.tags.vocabularies import ID3, Values, fields, free_name

_DECODERS = (decoding.latin1, decoding.utf16, decoding.utf16_be, decoding.utf8)
_TERMINATORS = (b"\0", b"\0\0", b"\0\0", b"\0")
_LOOKS_CODED = re.compile(r"\(?[0-9]|\(|RX$|CR$")


def native_tags(found: Iterator[tuple[str, bytes]]) -> NativeTags:
    values: Values = {}
    pictures: list[Picture] = []
    for name, body in found:
        if not body:
            continue
        if name == "APIC":
            if (picture := _picture(body)) is not None:
                pictures.append(picture)
        elif name == "UFID":
            owner, _, identifier = body.partition(b"\0")
            values[f"UFID:{decoding.latin1(owner)}"] = [decoding.latin1(identifier)]
        elif name == "TXXX":
            description, texts = _user_text(body)
            values.setdefault(description, []).extend(texts)
        else:
            values.setdefault(name, []).extend(_texts(body))
    if "TCON" in values:
        values["TCON"] = genres(values["TCON"])
    return NativeTags(fields(ID3, values), pictures)


def genres(values: list[str]) -> list[str]:
    """Genres as names. Files may hold numbers, as in `17`, `(17)Rock` and `(RX)` (TCON in version
    2.3)."""
    if not any(_LOOKS_CODED.match(value) for value in values):
        return values
    frame = TCON(encoding=3, text=[value[:1000] for value in values])  # type: ignore[no-untyped-call]
    return [name for name in frame.genres if name != "Unknown"]


@remembering_short
def _user_text(body: bytes) -> tuple[str, Sequence[str]]:
    """A TXXX frame (section 4.2.6): its name as in `vocabularies`, and its values."""
    description, *texts = _texts(body)
    return f"TXXX:{free_name(description)}", texts


@remembering_short
def _texts(body: bytes) -> Sequence[str]:
    """The values of a text frame: a byte for the encoding, then strings separated by NULs."""
    if body[0] >= len(_DECODERS):
        return ("",)
    return _DECODERS[body[0]](body[1:]).rstrip("\0").split("\0")


@remembering_the_last
def _picture(body: bytes) -> Picture | None:
    """The picture in a frame APIC (section 4.14), or PIC of version 2.2, whose format has three
    letters without a NUL after them."""
    encoding = body[0]
    if encoding >= len(_DECODERS):
        return None
    is_short = body[1:4] in {b"JPG", b"PNG", b"GIF", b"BMP"}
    after_format = 4 if is_short else body.find(b"\0", 1) + 1
    if not 0 < after_format < len(body):
        return None
    start = _after_terminator(body, after_format + 1, _TERMINATORS[encoding])
    return Picture(body[after_format], body[start:])


def _after_terminator(data: bytes, start: int, terminator: bytes) -> int:
    at = data.find(terminator, start)
    while at != -1 and (at - start) % len(terminator):
        at = data.find(terminator, at + 1)
    return len(data) if at == -1 else at + len(terminator)


def read_id3v1(tail: bytes) -> NativeTags | None:
    """The ID3v1.1 tag in the last 128 bytes of a file; None if there is none."""
    if len(tail) < 128 or not (tag := tail[-128:]).startswith(b"TAG"):  # noqa: PLR2004
        return None
    title, artist, album, year, comment, genre = struct.unpack("<3x30s30s30s4s30sB", tag)
    named = zip(("TIT2", "TPE1", "TALB", "TYER"), (title, artist, album, year), strict=True)
    values = {name: [decoding.latin1(text.partition(b"\0")[0])] for name, text in named}
    values["TCON"] = genres([str(genre)]) if genre < 0xFF else []  # noqa: PLR2004
    if not comment[28] and comment[29]:
        values["TRCK"] = [str(comment[29])]
    return NativeTags({field: held for field, held in fields(ID3, values).items() if any(held)})
