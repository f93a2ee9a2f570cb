"""Writes an answer as XML; see `opensubsonic.call.Body` for what becomes of which value."""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

NAMESPACE = "http://subsonic.org/restapi"
TEXTS_AS_ELEMENTS = frozenset({"artistInfo", "artistInfo2", "albumInfo"})
"""In these the protocol has an element for each text, where it has attributes elsewhere."""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0, section 2.2, does not allow. Tags of files have them."""


def xml_bytes(answer: dict[str, Any]) -> bytes:
    parts = [_HEAD]
    _add_element(parts, "subsonic-response", {"xmlns": NAMESPACE, **answer})
    return "".join(parts).encode()


def _add_element(parts: list[str], name: str, value: Any) -> None:
    """Large answers have tens of thousands of values, so nothing is done here for each of them
    that can be done once."""
    if not isinstance(value, Mapping):
        parts.append(f"<{name}>{escape(_text(value))}</{name}>")
        return
    parts.append(f"<{name}")
    children = []
    has_elements = name in TEXTS_AS_ELEMENTS
    for key, each in value.items():
        is_text = key == "value" and name not in _WITHOUT_TEXT
        if has_elements or is_text or isinstance(each, _WITH_CHILDREN):
            children.append((key, each))
        elif each is not None:
            parts.append(f' {key}="{_in_attribute(each)}"')
    parts.append(">")
    for key, each in children:
        _add_child(parts, key, each)
    parts.append(f"</{name}>")


_WITHOUT_TEXT = frozenset({"cueLine"})
"""Elements that have their `value` as an attribute, since they have children."""
_WITH_CHILDREN = (dict, list, tuple, Mapping)
"""The first are what there nearly always is, and quicker to recognise than a Mapping."""
_IN_ATTRIBUTES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _add_child(parts: list[str], name: str, value: Any) -> None:
    if name == "value" and not isinstance(value, _WITH_CHILDREN):
        parts.append(escape(_text(value)))
    elif isinstance(value, list | tuple):
        for each in value:
            _add_element(parts, name, each)
    else:
        _add_element(parts, name, value)


def _in_attribute(value: Any) -> str:
    text = _text(value)
    return escape(text, _IN_ATTRIBUTES) if _ESCAPED.search(text) else text


_ESCAPED = re.compile('[&<>"\n\r\t]')


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
