"""Bytes whose encoding is only half known → text, never an exception."""

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def latin1(data: bytes) -> str:
    """Text said to be ISO 8859-1, which is often something else.

    Three corrections, each safe since the bytes in question are no text in ISO 8859-1: a UTF-16
    byte order mark means UTF-16; bytes that are valid multi-byte UTF-8 are UTF-8 (no language
    writes the pairs that such bytes would be); 0x80 to 0x9F are control characters there and
    quotation marks and dashes in Windows-1252. Nothing more is guessed: other code pages (such as
    Windows-1251) use the same bytes as Western letters do, and come out as those.
    """
    if data.isascii():
        return data.decode("ascii")
    if data[:2] in UTF16_MARKS:
        return utf16(data)
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def utf16(data: bytes) -> str:
    """UTF-16 in the order its mark says, else little-endian; each value may repeat the mark."""
    encoding = "utf-16-be" if data[:2] == UTF16_MARKS[1] else "utf-16-le"
    return data[: len(data) & ~1].decode(encoding, "replace").replace("\ufeff", "")


def utf16_be(data: bytes) -> str:
    if data[:2] in UTF16_MARKS:
        return utf16(data)
    return data[: len(data) & ~1].decode("utf-16-be", "replace")


def utf8(data: bytes) -> str:
    return data.decode("utf-8", "replace").removeprefix("\ufeff")
