"""Writes an answer as JSON."""

from json.encoder import JSONEncoder
from typing import Any

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def json_bytes(answer: dict[str, Any]) -> bytes:
    """A lone surrogate, which UTF-8 does not have, becomes a question mark. (In names of files
    `opensubsonic.objects.texts` has replaced them before.)"""
    return _encode({"subsonic-response": answer}).encode(errors="replace")
