"""That an answer says the same in JSON and in XML, by a walk through both."""

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree as ET

from opensubsonic.writers.formats import JSON, XML

TEXTS_AS_ELEMENTS = {"artistInfo", "artistInfo2", "albumInfo"}
NAMESPACE = "{http://subsonic.org/restapi}"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def assert_same_in_xml(body: dict[str, Any], written: Sequence[dict[str, Any]]) -> None:
    """`body`: what JSON said; `written`: the answer in no format yet, which is the last one."""
    answer = written[-1]
    assert json.loads(JSON.write(answer).content)["subsonic-response"] == body
    root = ET.fromstring(XML.write(answer).content)  # noqa: S314  # our own
    assert root.tag == f"{NAMESPACE}subsonic-response"
    assert_says(root, body, "subsonic-response")


def assert_says(element: ET.Element, value: dict[str, Any], place: str) -> None:
    """The element has the attributes, children and text that JSON's object has, and no others."""
    if place.rpartition(".")[2] in TEXTS_AS_ELEMENTS:
        value = {name: each if isinstance(each, list) else [each] for name, each in value.items()}
    scalars = {name: each for name, each in value.items() if not isinstance(each, dict | list)}
    # A cueLine, which has children, has its value as an attribute.
    text = "" if "cue" in value else scalars.pop("value", "")
    assert element.attrib == {name: _text(each) for name, each in scalars.items()}, place
    assert (element.text or "") == _text(text), place
    children = {name: each for name, each in value.items() if isinstance(each, dict | list)}
    tags = {child.tag.removeprefix(NAMESPACE) for child in element}
    assert tags <= set(children), place
    for name, each in children.items():
        found = element.findall(NAMESPACE + name)
        entries = each if isinstance(each, list) else [each]
        assert len(found) == len(entries), f"{place}.{name}"
        for child, entry in zip(found, entries, strict=True):
            _assert_entry(child, entry, f"{place}.{name}")


def _assert_entry(element: ET.Element, entry: Any, place: str) -> None:
    if isinstance(entry, dict):
        assert_says(element, entry, place)
        return
    assert not isinstance(entry, list), place
    assert not element.attrib, place
    assert not len(element), place
    assert (element.text or "") == _text(entry), place


def _text(value: Any) -> str:
    assert value is not None, "null is never sent"
    if isinstance(value, bool):
        return str(value).lower()
    return _FORBIDDEN.sub("", str(value))
