"""Joins the player's ES modules into one script, and its styles into one sheet.

`collectstatic` does this, so that a browser gets two files where it would ask for a hundred.
Whoever edits them needs no such step: with DEBUG the page loads the files as they are.

A module becomes a function that returns what it exports, and is called after those that it imports.
Only the forms of `import` and `export` that the player uses are known; others are an error.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_IMPORT = re.compile(r'import \{ ([\w, ]+) \} from "(\.[^"]+\.js)";')
_EXPORT = re.compile(r"export ((?:async )?(?:const|class|function)) (\w+)")


class CannotJoin(Exception):
    """The message says which file cannot be joined, and why."""


def joined_modules(entry: Path) -> str:
    """A script that does what the module `entry` does with those that it imports.

    Raises CannotJoin for modules that import each other in a circle, and for unknown forms of
    `import` and `export`.
    """
    names: dict[Path, str] = {}
    parts = [_as_function(path, names) for path in _in_order(entry.resolve(), (), names)]
    return "".join(parts)


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
        return line.removeprefix("export ")
    if re.match(r"(import|export)\b", line):
        raise CannotJoin(f"{path}: this line is of a form that is not known: {line}")
    return line
