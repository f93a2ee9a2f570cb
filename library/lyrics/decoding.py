"""Decodes files of lyrics, which do not say in which encoding they are."""

import re

from charset_normalizer import from_bytes

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
"""Byte order marks. Those of UTF-32 come before those of UTF-16, which they begin with."""
CODE_PAGES = ["cp1252", "shift_jis", "gb18030", "big5", "euc_kr", "cp1251", "cp1250", "cp1253"]
MAX_GUESSED_BYTES = 64 * 1024
_SIGN_IN_A_WORD = re.compile("[A-Za-z\u00c0-\u00ff][\u00a1-\u00bf][a-z\u00e0-\u00ff]")


def decode(data: bytes) -> str:
    """The text of a file. Never raises: bytes that fit no encoding become U+FFFD."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if (utf16 := _utf16_without_mark(data)) is not None:
        return data.decode(utf16, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    return data.decode(_code_page(data[:MAX_GUESSED_BYTES]), "replace")


def _code_page(data: bytes) -> str:
    """The likeliest code page. The library takes short Western texts for Central European ones,
    which use the same bytes: so Windows-1252 is preferred where it makes sense of these."""
    best = from_bytes(data, cp_isolation=CODE_PAGES).best()
    if best is not None and best.encoding not in {"cp1250", "cp1252"}:
        return best.encoding
    western = data.decode("cp1252", "replace")
    is_western = "\ufffd" not in western and not _SIGN_IN_A_WORD.search(western)
    return "cp1252" if best is None or is_western else best.encoding


def _utf16_without_mark(data: bytes) -> str | None:
    """Line breaks and digits of UTF-16 have a NUL as the other byte; no other encoding has NULs."""
    sample = data[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd < len(sample) // 20 or not even + odd:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"
