"""What the frames of an ID3v2 tag, and the fields of an ID3v1 tag, say.

Sections are those of ID3v2.4.
"""

import re
import struct
from collections.abc import Iterator
from functools import lru_cache

from mutagen.id3 import TCON

from library.tags import decoding
from library.tags.code_pages import mended
from library.tags.dates import with_day_and_month
from library.tags.id3_lyrics import plain_lyrics, synced_lyrics
from library.tags.id3_texts import DECODERS, TERMINATORS, after_terminator
from library.tags.native_tags import NativeTags, Picture, is_picture
from library.tags.remembering import (
    LONGEST_REMEMBERED,
    REMEMBERED,
    remembering_short,
    remembering_the_last,
)
from library.tags.vocabularies import ID3, Values, add, fields, free_name

_MASTER_VOLUME = 1
_LOOKS_CODED = re.compile(r"\(?[0-9]|\(|RX$|CR$")


def native_tags(found: Iterator[tuple[str, bytes]]) -> NativeTags:
    values: Values = {}
    lyrics: Values = {}
    pictures: list[Picture] = []
    for name, body in found:
        if not body:
            continue
        if name not in _STRUCTURED:
            is_short = len(body) <= LONGEST_REMEMBERED
            add(values, name, _decoded_short(body) if is_short else _decoded(body))
        elif name == "APIC":
            if (picture := _picture(body)) is not None:
                pictures.append(picture)
        elif name in _NAMED:
            add(values, *_NAMED[name](body))
        else:
            several = values if name == "RVA2" else lyrics
            for full_name, text in _SEVERAL[name](body):
                several.setdefault(full_name, []).append(text)
    values = mended(values)
    _join_frames(values)
    return NativeTags(fields(ID3, {**values, **lyrics}), pictures)


def _join_frames(values: Values) -> None:
    """Change the values of frames that mean something else beside others."""
    if "TCON" in values:
        values["TCON"] = genres(values["TCON"])
    if day_and_month := values.pop("TDAT", None):
        values["TYER"] = [
            with_day_and_month(each, day_and_month[0]) for each in values.get("TYER", ())
        ]
    # TIT1 is the grouping, unless iTunes wrote the frames that it has had since version 12.5: then
    # the grouping is in GRP1, and TIT1 is the work.
    if "TIT1" in values and ("GRP1" in values or "MVNM" in values):
        values["TIT1:work"] = values.pop("TIT1")


def genres(values: list[str]) -> list[str]:
    """Genres as names. Files may hold numbers, as in `17`, `(17)Rock` and `(RX)` (TCON in version
    2.3)."""
    if not any(_LOOKS_CODED.match(value) for value in values):
        return values
    return [name for value in values for name in _genres_in(value)]


@remembering_short
def _genres_in(value: str) -> list[str]:
    frame = TCON(encoding=3, text=[value[:1000]])  # type: ignore[no-untyped-call]
    return [name for name in frame.genres if name != "Unknown"]


@remembering_short
def _user_text(body: bytes) -> tuple[str, list[str]]:
    """A TXXX frame (section 4.2.6): its name as in `vocabularies`, and its values."""
    description, *texts = _decoded(body)
    return f"TXXX:{free_name(description)}", texts


@remembering_short
def _comment(body: bytes) -> tuple[str, list[str]]:
    """A COMM frame (section 4.10): as TXXX, with the language behind the byte for the encoding."""
    description, *texts = _decoded(body[:1] + body[4:])
    return f"COMM:{free_name(description)}" if description.strip() else "COMM", texts


def _identifier(body: bytes) -> tuple[str, list[str]]:
    owner, _, identifier = body.partition(b"\0")
    return f"UFID:{decoding.latin1(owner)}", [decoding.latin1(identifier)]


_NAMED = {"TXXX": _user_text, "COMM": _comment, "UFID": _identifier}
"""The frames of which there may be several, which differ by a name inside."""


def _volume(body: bytes) -> Iterator[tuple[str, str]]:
    """The master volume in an RVA2 frame (section 4.11): gain and peak, each with its name as in
    `vocabularies`. Its identification is "album" or "track"; other words mean the track."""
    identification, _, channels = body.partition(b"\0")
    name = "RVA2:album" if identification.lower().startswith(b"album") else "RVA2:track"
    at = 0
    while at + 4 <= len(channels):
        channel, gain, peak_bits = struct.unpack_from(">BhB", channels, at)
        peak = channels[at + 4 : at + 4 + (peak_bits + 7) // 8]
        if channel == _MASTER_VOLUME:
            yield name, f"{gain / 512:.4f} dB"
            if peak_bits:
                yield f"{name} peak", f"{int.from_bytes(peak, 'big') / 2 ** (peak_bits - 1):.6f}"
            return
        at += 4 + len(peak)


def _plain_lyrics(body: bytes) -> Iterator[tuple[str, str]]:
    return zip(("USLT:language", "USLT"), plain_lyrics(body), strict=True)


def _synced_lyrics(body: bytes) -> Iterator[tuple[str, str]]:
    return zip(("SYLT:language", "SYLT"), synced_lyrics(body), strict=True)


_SEVERAL = {"RVA2": _volume, "USLT": _plain_lyrics, "SYLT": _synced_lyrics}
"""The frames that state values of several names."""
_STRUCTURED = frozenset({"APIC", *_NAMED, *_SEVERAL})
"""The frames that are more than texts."""


def _decoded(body: bytes) -> list[str]:
    """The values of a text frame: a byte for the encoding, then strings separated by NULs."""
    if body[0] >= len(DECODERS):
        return [""]
    return DECODERS[body[0]](body[1:]).rstrip("\0").split("\0")


_decoded_short = lru_cache(REMEMBERED)(_decoded)


@remembering_the_last
def _picture(body: bytes) -> Picture | None:
    """The picture in a frame APIC (section 4.14), or PIC of version 2.2, whose format has three
    letters without a NUL after them."""
    encoding = body[0]
    if encoding >= len(DECODERS):
        return None
    is_short = body[1:4] in {b"JPG", b"PNG", b"GIF", b"BMP"}
    after_format = 4 if is_short else body.find(b"\0", 1) + 1
    if not 0 < after_format < len(body):
        return None
    kind, start = body[after_format], after_format + 1
    picture = body[after_terminator(body, start, TERMINATORS[encoding]) :]
    if not is_picture(picture) and is_picture(narrow := body[body.find(b"\0", start) + 1 :]):
        picture = narrow  # a description in UTF-16 that a single NUL ends
    return Picture(kind, picture)


def read_id3v1(tail: bytes) -> NativeTags | None:
    """The ID3v1.1 tag in the last 128 bytes of a file; None if there is none."""
    if len(tail) < 128 or not (tag := tail[-128:]).startswith(b"TAG"):  # noqa: PLR2004
        return None
    title, artist, album, year, comment, genre = struct.unpack("<3x30s30s30s4s30sB", tag)
    named = zip(("TIT2", "TPE1", "TALB", "TYER"), (title, artist, album, year), strict=True)
    values = {name: [decoding.latin1(text.partition(b"\0")[0])] for name, text in named}
    values["COMM"] = [decoding.latin1(comment.partition(b"\0")[0])]
    values = mended(values)
    values["TCON"] = genres([str(genre)]) if genre < 0xFF else []  # noqa: PLR2004
    if not comment[28] and comment[29]:
        values["TRCK"] = [str(comment[29])]
    return NativeTags(fields(ID3, values))
