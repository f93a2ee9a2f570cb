"""What an earlier OpenAPI document offered is still offered, by the same names.

`promises/` holds the documents of versions that clients were written for. A field, a parameter or
an answer may be added; none of theirs may go, change its type or become narrower.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.application import document

PROMISES = sorted((Path(__file__).parent / "promises").glob("*.json"))
FOR_PEOPLE = {"description", "info", "operationId", "servers", "summary", "tags", "title"}
MOST = {"maximum", "maxLength", "maxItems"}
LEAST = {"minimum", "minLength", "minItems"}

Tree = dict[str, Any]


def broken(old: Any, new: Any, place: str) -> Iterator[str]:
    """Each place where `new` does not offer what `old` did."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() - FOR_PEOPLE):
            yield from _broken_key(key, old, new, f"{place}.{key}")
    elif isinstance(old, list) and isinstance(new, list):
        offered = {_name_of(each): each for each in new}
        for each in old:
            name = _name_of(each)
            if name in offered:
                yield from broken(each, offered[name], f"{place}[{name}]")
            else:
                yield f"{place} has no {name} any more"
        added = offered.keys() - {_name_of(each) for each in old}
        yield from (f"{place} asks for {name}" for name in added if _is_demanded(offered[name]))
    elif old != new:
        yield f"{place} was {old!r} and is {new!r}"


def _broken_key(key: str, old: Tree, new: Tree, place: str) -> Iterator[str]:
    if key not in new:
        if key not in MOST | LEAST:
            yield f"{place} is gone"
    elif key in MOST | LEAST:
        if (new[key] < old[key]) if key in MOST else (new[key] > old[key]):
            yield f"{place} is narrower: {old[key]} was allowed"
    elif key == "required" and isinstance(old[key], list) and "requestBody" in place:
        yield from (f"{place} asks for {name}" for name in set(new[key]) - set(old[key]))
    else:
        yield from broken(old[key], new[key], place)


def _name_of(element: Any) -> str:
    """What an element of a list is found by: the name of a parameter, the type of a schema."""
    if isinstance(element, dict) and "in" in element:
        return f"{element['in']} {element['name']}"
    if isinstance(element, dict):
        return str(element.get("type") or sorted(element))
    return str(element)


def _is_demanded(parameter: Any) -> bool:
    return isinstance(parameter, dict) and "in" in parameter and parameter.get("required", False)


def without_references(node: Any, root: Tree) -> Any:
    """`node` with each `$ref` replaced by what it refers to."""
    if isinstance(node, list):
        return [without_references(each, root) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        found: Any = root
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return without_references(found, root)
    return {key: without_references(each, root) for key, each in node.items()}


def today() -> Tree:
    tree: Tree = json.loads(json.dumps(document()))
    return tree


def problems(old: Tree, new: Tree) -> list[str]:
    old_paths = without_references(old["paths"], old)
    return list(broken(old_paths, without_references(new["paths"], new), "paths"))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda path: path.stem)
def test_what_was_offered_is_offered_still(promise: Path) -> None:
    assert problems(json.loads(promise.read_text()), today()) == []


def _no_path(tree: Tree) -> None:
    del tree["paths"]["/api/v1/albums"]


def _no_field(tree: Tree) -> None:
    del tree["components"]["schemas"]["TrackRow"]["properties"]["genre"]


def _other_type(tree: Tree) -> None:
    tree["components"]["schemas"]["TrackRow"]["properties"]["genre"]["type"] = "array"


def _no_parameter(tree: Tree) -> None:
    del tree["paths"]["/api/v1/tracks"]["get"]["parameters"][0]


def _smaller_limit(tree: Tree) -> None:
    _parameter(tree, "limit")["schema"]["maximum"] = 50


def _no_order(tree: Tree) -> None:
    _parameter(tree, "sort")["schema"]["enum"].remove("-year")


def _parameter_that_is_demanded(tree: Tree) -> None:
    parameters: list[Tree] = tree["paths"]["/api/v1/tracks"]["get"]["parameters"]
    parameters.append({"in": "query", "name": "token", "required": True, "schema": {}})


def _parameter(tree: Tree, name: str) -> Tree:
    parameters: list[Tree] = tree["paths"]["/api/v1/tracks"]["get"]["parameters"]
    return next(each for each in parameters if each["name"] == name)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_no_path, "/api/v1/albums is gone"),
        (_no_field, "genre is gone"),
        (_other_type, "was 'string' and is 'array'"),
        (_no_parameter, "has no query q any more"),
        (_smaller_limit, "500 was allowed"),
        (_no_order, "has no -year any more"),
        (_parameter_that_is_demanded, "asks for query token"),
    ],
)
def test_a_broken_promise_is_seen(spoil: Callable[[Tree], None], said: str) -> None:
    spoilt = today()
    spoil(spoilt)
    assert said in " ".join(problems(today(), spoilt))
