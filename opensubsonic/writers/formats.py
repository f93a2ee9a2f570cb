"""The format in which a client wants its answers: XML, JSON, or JSON in a call of a function."""

import re
from typing import Any, NamedTuple

from opensubsonic.errors import Code, Refusal
from opensubsonic.parameters import Parameters
from opensubsonic.writers.json import json_bytes
from opensubsonic.writers.xml import xml_bytes

_CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,199}", re.ASCII)
_LINE_ENDS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029"})
"""Line ends in scripts older than ES2019, which may not be inside of strings; in JSON they may."""


class Written(NamedTuple):
    """An answer as bytes."""

    media_type: bytes
    content: bytes


class Format(NamedTuple):
    """`name`: xml, json or jsonp; `callback`: the function that JSONP calls."""

    name: str = "xml"
    callback: str = ""

    def write(self, answer: dict[str, Any]) -> Written:
        if self.name == "xml":
            return Written(b"text/xml; charset=utf-8", xml_bytes(answer))
        content = json_bytes(answer)
        if self.name == "json":
            return Written(b"application/json", content)
        script = f"{self.callback}({content.decode().translate(_LINE_ENDS)});"
        return Written(b"application/javascript; charset=utf-8", script.encode())


XML, JSON = Format("xml"), Format("json")


def wanted_format(parameters: Parameters) -> Format:
    """The format that `f` names; XML if it names none that there is."""
    name = parameters.text("f").lower()
    if name == "json":
        return JSON
    callback = parameters.text("callback")
    if name != "jsonp":
        return XML
    return Format("jsonp", callback) if _CALLBACK.fullmatch(callback) else JSON


def check_callback(parameters: Parameters) -> None:
    """Raises Refusal if JSONP is wanted with a callback that is no identifier: whatever else
    stood there would be executed as a script."""
    if parameters.text("f").lower() != "jsonp":
        return
    if not parameters.text("callback"):
        raise Refusal(Code.MISSING_PARAMETER, "The parameter callback is missing.")
    if not _CALLBACK.fullmatch(parameters.text("callback")):
        raise Refusal(Code.GENERIC, "The parameter callback must be the name of a function.")
