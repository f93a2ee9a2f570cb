"""Texts of answers."""


def as_text(path: str) -> str:
    """A path, or a part of one, in which U+FFFD stands for each byte that is no UTF-8."""
    if path.isascii():
        return path
    return path.encode(errors="surrogateescape").decode(errors="replace")
