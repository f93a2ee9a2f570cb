"""Writes an answer as JSON."""

from json.encoder import JSONEncoder
from typing import Any

import orjson

_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def json_bytes(answer: dict[str, Any]) -> bytes:
    """A lone surrogate, which UTF-8 does not have, becomes a question mark. (In names of files
    `opensubsonic.objects.texts` has replaced them before.)"""
    whole = {"subsonic-response": answer}
    try:
        return orjson.dumps(whole)
    except orjson.JSONEncodeError:  # of a lone surrogate, or a number of more than 64 bits
        return _encode(whole).encode(errors="replace")
