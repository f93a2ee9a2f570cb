"""Decodes texts of tags, whose stated encoding is often wrong. Never raises."""

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MARK_OF_THE_OTHER_ORDER = "\ufffe"
_MAX_CUT_BYTES = 3
"""The most bytes of a letter in UTF-8 whose last byte is missing."""


def latin1(data: bytes) -> str:
    """Decode text that claims to be ISO 8859-1 but may be in another encoding.

    These cases are recognised, all of which would make no sense as ISO 8859-1:

    - A UTF-16 byte order mark: the text is UTF-16.
    - Valid multi-byte UTF-8: the text is UTF-8. In ISO 8859-1 these bytes would be pairs of letters
      and signs that no language uses.
    - Bytes 0x80 to 0x9F: the text is Windows-1252, where these are quotation marks and dashes. In
      ISO 8859-1 they are control characters.

    Nothing else is guessed from a single text. Other code pages use the same bytes as Western
    letters; `code_pages` recognises some of them in a whole tag.
    """
    if data.isascii():
        return data.decode("ascii")
    if data[:2] in UTF16_MARKS:
        return utf16(data)
    text = _utf8_or_none(data)
    if text is not None:
        return text
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def claims_latin1(data: bytes) -> bool:
    """Whether `latin1` decodes these bytes as a Western code page."""
    return not data.isascii() and data[:2] not in UTF16_MARKS and _utf8_or_none(data) is None


def _utf8_or_none(data: bytes) -> str | None:
    """The text, if it is UTF-8. Its last letter may be cut, as by the fields of ID3v1."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        whole = data[: error.start]
        if error.end < len(data) or len(data) - error.start > _MAX_CUT_BYTES or whole.isascii():
            return None
        return whole.decode("utf-8")


def utf16(data: bytes) -> str:
    """Decode UTF-16 in the byte order of its mark. Each of several values may have a mark, even one
    of another order. Without a mark the order is the one in which most high bytes are zero; if it
    cannot be told, little-endian."""
    text = _utf16_of_one_order(data)
    if _MARK_OF_THE_OTHER_ORDER not in text:
        return text
    return "\0".join(map(_utf16_of_one_order, _split_at_wide_nuls(data)))


def _utf16_of_one_order(data: bytes) -> str:
    data = data[: len(data) & ~1]
    if data.startswith(UTF16_MARKS):
        codec = "utf-16"  # in the order of the mark; three times as fast as by the order's name
    else:
        is_big = data[::2].count(0) > data[1::2].count(0)
        codec = "utf-16-be" if is_big else "utf-16-le"
    return data.decode(codec, "replace").replace("\ufeff", "")


def _split_at_wide_nuls(data: bytes) -> list[bytes]:
    units = [data[at : at + 2] for at in range(0, len(data) & ~1, 2)]
    parts: list[list[bytes]] = [[]]
    for unit in units:
        if unit == b"\0\0":
            parts.append([])
        else:
            parts[-1].append(unit)
    return [b"".join(part) for part in parts]


def utf16_be(data: bytes) -> str:
    if data[:2] in UTF16_MARKS:
        return utf16(data)
    return data[: len(data) & ~1].decode("utf-16-be", "replace")


def utf8(data: bytes) -> str:
    return data.decode("utf-8", "replace").removeprefix("\ufeff")
