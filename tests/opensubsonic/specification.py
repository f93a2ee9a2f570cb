"""OpenSubsonic's own description of its answers: the OpenAPI document, and Subsonic's XSD.

They are not part of this project. OPENSUBSONIC_SPECIFICATION names a folder that has them: the
folder `openapi` of the repository opensubsonic/open-subsonic-api, and
`subsonic-rest-api-1.16.1.xsd`. Without it they are fetched, if there is a network.
"""

import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import jsonschema  # type: ignore[import-untyped]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ARCHIVE = "https://codeload.github.com/opensubsonic/open-subsonic-api/tar.gz/refs/heads/main"
XSD = "https://www.subsonic.org/pages/inc/api/schema/subsonic-rest-api-1.16.1.xsd"
XSD_NAME = "subsonic-rest-api-1.16.1.xsd"
FETCHED_WITHIN_S = 20


class NotToBeHad(Exception):
    """There is neither a folder nor a network."""


def folder_of(folder: Path) -> Path:
    """The folder with both; `folder`: where they are put if they have to be fetched."""
    given = os.environ.get("OPENSUBSONIC_SPECIFICATION")
    if given:
        return Path(given)
    try:
        archive = httpx.get(ARCHIVE, timeout=FETCHED_WITHIN_S).raise_for_status().content
        xsd = httpx.get(XSD, timeout=FETCHED_WITHIN_S, follow_redirects=True).raise_for_status()
    except httpx.HTTPError as error:
        raise NotToBeHad(f"OpenSubsonic's description cannot be fetched: {error}") from None
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar.getmembers():
            below = member.name.partition("/")[2]
            if below.startswith("openapi/") and member.isfile() and ".." not in below:
                target = folder / below
                target.parent.mkdir(parents=True, exist_ok=True)
                file = tar.extractfile(member)
                target.write_bytes(file.read() if file else b"")
    (folder / XSD_NAME).write_bytes(xsd.content)
    return folder


class JsonAnswers:
    """The schemas of the answers by endpoint."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "openapi"
        self._registry: Registry[Any] = Registry(retrieve=self._retrieve)  # type: ignore[call-arg]

    def names(self) -> set[str]:
        return {file.stem for file in (self._folder / "endpoints").glob("*.json")}

    def problems(self, endpoint: str, answer: dict[str, Any]) -> list[str]:
        """What is wrong with an answer: it does not fit, or has a field that is not described."""
        place = self._schema_of(endpoint)
        if place is None:
            return []
        schema = {"$ref": place.as_uri()}
        validator = jsonschema.Draft202012Validator(schema, registry=self._registry)
        found = [
            f"{each.json_path}: {each.message[:300]}" for each in validator.iter_errors(answer)
        ]
        return [*found, *_unknown(answer, self._described(place), "$")]

    def _schema_of(self, endpoint: str) -> Path | None:
        path = self._folder / "endpoints" / f"{endpoint}.json"
        methods = json.loads(path.read_text())
        described = methods.get("get") or methods["post"]
        answer, path = self._followed(described["responses"]["200"], path)
        content = answer["content"].get("application/json") if "content" in answer else None
        if content is None:
            return None
        target: Path = path.parent / content["schema"]["$ref"]
        return target.resolve()

    def _followed(self, value: dict[str, Any], path: Path) -> tuple[dict[str, Any], Path]:
        while "$ref" in value:
            path = (path.parent / value["$ref"]).resolve()
            value = json.loads(path.read_text())
        return value, path

    def _retrieve(self, uri: str) -> Resource[Any]:
        text = Path(uri.removeprefix("file://")).read_text()
        return Resource.from_contents(json.loads(text), default_specification=DRAFT202012)

    def _described(self, path: Path) -> "Described":
        return Described.of(self, json.loads(path.read_text()), path)


@dataclass
class Described:
    """The fields of an object, whatever the branches of its schema; None: any."""

    fields: dict[str, tuple[dict[str, Any], Path]]
    answers: JsonAnswers

    @classmethod
    def of(cls, answers: JsonAnswers, schema: dict[str, Any], path: Path) -> "Described":
        schema, path = answers._followed(schema, path)  # one module
        found: dict[str, tuple[dict[str, Any], Path]] = {}
        for name, each in schema.get("properties", {}).items():
            found[name] = (each, path)
        for branch in (
            *schema.get("allOf", ()),
            *schema.get("oneOf", ()),
            *schema.get("anyOf", ()),
        ):
            for name, each in cls.of(answers, branch, path).fields.items():
                found.setdefault(name, each)
        return cls(found, answers)

    def below(self, name: str) -> "Described | None":
        schema, path = self.answers._followed(*self.fields[name])
        if schema.get("type") == "array":
            schema, path = self.answers._followed(schema["items"], path)
        described = Described.of(self.answers, schema, path)
        return described if described.fields else None


def _unknown(value: dict[str, Any], described: Described, place: str) -> Iterator[str]:
    """The fields that are in the answer, but not in the description."""
    for name, each in value.items():
        if name not in described.fields:
            yield f"{place}.{name}: is not described"
            continue
        below = described.below(name)
        for entry in each if isinstance(each, list) else [each]:
            if isinstance(entry, dict) and below:
                yield from _unknown(entry, below, f"{place}.{name}")


_X = "{http://www.w3.org/2001/XMLSchema}"
_SUB = "{http://subsonic.org/restapi}"
_PATTERNS = {
    "xs:boolean": r"true|false",
    "xs:int": r"-?\d{1,10}",
    "xs:long": r"-?\d{1,19}",
    "xs:float": r"-?\d+(\.\d+)?([eE][-+]?\d+)?",
    "xs:double": r"-?\d+(\.\d+)?([eE][-+]?\d+)?",
    "xs:dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)",
    "xs:string": r"(?s).*",
}


class XmlAnswers:
    """The XSD of Subsonic 1.16.1. What OpenSubsonic added since is not in it: attributes and
    elements that it does not name are accepted, those that it names have to be as it says."""

    def __init__(self, folder: Path) -> None:
        root = ET.parse(folder / XSD_NAME).getroot()  # noqa: S314  # a document that we chose
        self._types = {f"sub:{each.get('name')}": each for each in root if each.get("name")}

    def problems(self, answer: bytes) -> list[str]:
        return list(self._of(ET.fromstring(answer), "sub:Response", "/"))  # noqa: S314  # our own

    def _of(self, element: ET.Element, kind: str, place: str) -> Iterator[str]:
        attributes, children, is_text = self._described(kind)
        for name, declared in attributes.items():
            value = element.get(name)
            if value is None:
                if declared.get("use") == "required":
                    yield f"{place}: the attribute {name} is missing"
            elif not self._fits(value, declared.get("type", "xs:string")):
                yield f"{place}@{name}: {value!r} is no {declared.get('type')}"
        if not is_text and (element.text or "").strip():
            yield f"{place}: has text"
        for name, declared in children.items():
            yield from self._children(element, name, declared, place)

    def _children(
        self, element: ET.Element, name: str, declared: ET.Element, place: str
    ) -> Iterator[str]:
        found = element.findall(_SUB + name)
        most = declared.get("maxOccurs", "1")
        if most != "unbounded" and len(found) > int(most):
            yield f"{place}: {len(found)} times {name}"
        is_choice = declared.get("of") == "choice"
        if not is_choice and len(found) < int(declared.get("minOccurs", "1")):
            yield f"{place}: {name} is missing"
        kind = declared.get("type", "xs:string")
        for each in found:
            if kind in self._types and self._types[kind].tag == f"{_X}complexType":
                yield from self._of(each, kind, f"{place}{name}/")
            elif not self._fits(each.text or "", kind):
                yield f"{place}{name}: {each.text!r} is no {kind}"

    def _described(self, kind: str) -> tuple[dict[str, ET.Element], dict[str, ET.Element], bool]:
        """Attributes, children, and whether there is text, with those of the type's base."""
        node = self._types[kind]
        attributes: dict[str, ET.Element] = {}
        children: dict[str, ET.Element] = {}
        base = node.find(f".//{_X}extension")
        if base is not None and base.get("base") in self._types:
            attributes, children, _ = self._described(str(base.get("base")))
        attributes |= {str(each.get("name")): each for each in node.iter(f"{_X}attribute")}
        for group in ("sequence", "choice"):
            for each in node.iter(f"{_X}{group}"):
                for child in each.findall(f"{_X}element"):
                    child.set("of", group)
                    children[str(child.get("name"))] = child
        is_text = node.get("mixed") == "true" or node.find(f"{_X}simpleContent") is not None
        return attributes, children, is_text

    def _fits(self, value: str, kind: str) -> bool:
        if kind in _PATTERNS:
            return re.fullmatch(_PATTERNS[kind], value) is not None
        restriction = self._types[kind].find(f"{_X}restriction")
        if restriction is None or not self._fits(value, str(restriction.get("base"))):
            return restriction is None
        facets = {each.tag.removeprefix(_X): each.get("value", "") for each in restriction}
        allowed = [each.get("value") for each in restriction.findall(f"{_X}enumeration")]
        if allowed and value not in allowed:
            return False
        if "pattern" in facets and not re.fullmatch(facets["pattern"], value):
            return False
        least, most = facets.get("minInclusive"), facets.get("maxInclusive")
        return (least is None or float(value) >= float(least)) and (
            most is None or float(value) <= float(most)
        )
