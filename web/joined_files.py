"""Joins the player's ES modules into one script, and its styles into one sheet.

`collectstatic` does this, so that a browser gets a few files where it would ask for a hundred.
Whoever edits them needs no such step: with DEBUG the page loads the files as they are.

A module becomes a function that returns what it exports, and is called after those that it imports.
Modules that are reached by `import("./some.js")` alone go into a second script, which the first one
loads when it wants one of them. Only the forms of `import` and `export` that the player uses are
known; others are an error.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_IMPORT = re.compile(r'import \{ ([\w, ]+) \} from "(\.[^"]+\.js)";')
_EXPORT = re.compile(r"export ((?:async )?(?:const|class|function)) (\w+)")
_LATER = re.compile(r'import\("(\.[^"]+\.js)"\)')


class CannotJoin(Exception):
    """The message says which file cannot be joined, and why."""


class Joined(NamedTuple):
    """`later` is empty if the script loads nothing later."""

    script: str
    later: str


def joined_modules(entry: Path, later_name: str) -> Joined:
    """Scripts that do what the module `entry` does with those that it imports.

    `later_name`: the name of the second script, which lies beside the first one.

    Raises CannotJoin for modules that import each other in a circle, and for unknown forms of
    `import` and `export`.
    """
    names: dict[Path, str] = {}
    at_once = list(_in_order(entry.resolve(), (), names))
    given = f"{{ {', '.join(names.values())} }}"
    wanted = sorted({path for each in at_once for path in _wanted_later(each)})
    later = [path for each in wanted for path in _in_order(each, (), names)]
    for path in later:
        if not set(_wanted_later(path)) <= set(wanted):
            raise CannotJoin(f"{path}: what is loaded later may not load further modules later.")
    first, second = (
        "".join(_as_function(path, names) for path in part) for part in (at_once, later)
    )
    if not wanted:
        return Joined(first, "")
    asked = f"{{ {', '.join(names[path] for path in wanted)} }}"
    load = f'import("./{later_name}").then(({{ modules }}) => modules({given}))'
    return Joined(
        f"const loadLater = () => {load};\n{first}",
        f"let made;\nconst loadLater = async () => made;\n"
        f"export const modules = (given) => (made ??= make(given));\n"
        f"const make = ({given}) => {{\n{second}return {asked};\n}};\n",
    )


def joined_styles(paths: Sequence[Path]) -> str:
    """The sheets one after the other. They may name no files, since these lie elsewhere than the
    joined sheet."""
    texts = [path.read_text() for path in paths]
    for path, text in zip(paths, texts, strict=True):
        if "url(" in text or "@import" in text:
            raise CannotJoin(f"{path}: a style of the player may not name a file.")
    return "\n".join(texts)


def _in_order(path: Path, above: tuple[Path, ...], names: dict[Path, str]) -> Iterator[Path]:
    """Each module after those that it imports. In `names` each gets one, when it is reached."""
    if path in above:
        raise CannotJoin(f"{path}: it is imported, over others, by what it imports itself.")
    if path in names:
        return
    for _, address in _IMPORT.findall(path.read_text()):
        yield from _in_order((path.parent / address).resolve(), (*above, path), names)
    names[path] = f"module{len(names)}"
    yield path


def _wanted_later(path: Path) -> list[Path]:
    return [(path.parent / each).resolve() for each in _LATER.findall(path.read_text())]


def _as_function(path: Path, names: dict[Path, str]) -> str:
    exported: list[str] = []
    lines = [_as_statement(line, path, names, exported) for line in path.read_text().splitlines()]
    body = "\n".join(lines)
    return f"const {names[path]} = (() => {{\n{body}\nreturn {{ {', '.join(exported)} }};\n}})();\n"


def _as_statement(line: str, path: Path, names: dict[Path, str], exported: list[str]) -> str:
    if found := _IMPORT.fullmatch(line):
        module = names[(path.parent / found[2]).resolve()]
        return f"const {{ {found[1].replace(' as ', ': ')} }} = {module};"
    if found := _EXPORT.match(line):
        exported.append(found[2])
        line = line.removeprefix("export ")
    elif re.match(r"(import|export)\b", line):
        raise CannotJoin(f"{path}: this line is of a form that is not known: {line}")

    def later(found: re.Match[str]) -> str:
        name = names[(path.parent / found[1]).resolve()]
        return f"loadLater().then((modules) => modules.{name})"

    return _LATER.sub(later, line)
