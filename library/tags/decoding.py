"""Decodes texts of tags, whose stated encoding is often wrong. Never raises."""

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def latin1(data: bytes) -> str:
    """Decode text that claims to be ISO 8859-1 but may be in another encoding.

    These cases are recognised, all of which would make no sense as ISO 8859-1:

    - A UTF-16 byte order mark: the text is UTF-16.
    - Valid multi-byte UTF-8: the text is UTF-8. In ISO 8859-1 these bytes would be pairs of letters
      and signs that no language uses.
    - Bytes 0x80 to 0x9F: the text is Windows-1252, where these are quotation marks and dashes. In
      ISO 8859-1 they are control characters.

    Nothing else is guessed. Other code pages, such as Windows-1251, use the same bytes as Western
    letters, and are decoded as those.
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
    """Decode UTF-16 in the byte order of its mark, or little-endian without one. Each of several
    values may repeat the mark."""
    encoding = "utf-16-be" if data[:2] == UTF16_MARKS[1] else "utf-16-le"
    return data[: len(data) & ~1].decode(encoding, "replace").replace("\ufeff", "")


def utf16_be(data: bytes) -> str:
    if data[:2] in UTF16_MARKS:
        return utf16(data)
    return data[: len(data) & ~1].decode("utf-16-be", "replace")


def utf8(data: bytes) -> str:
    return data.decode("utf-8", "replace").removeprefix("\ufeff")
