"""Modules and styles that are joined into one file."""

from pathlib import Path

import pytest

from tests.web.small_modules import write_small_modules
from web.joined_files import CannotJoin, joined_modules, joined_styles


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    return write_small_modules(tmp_path)


def test_each_module_is_there_once_and_keeps_what_it_does_not_export(entry: Path) -> None:
    joined, later = joined_modules(entry, "later.js")
    assert (joined + later).count("let number = 0;") == 1
    for line in ("import ", "export "):
        assert not any(each.startswith(line) for each in joined.splitlines())
    places = [joined.index(text) for text in ("let number", "class Person", "console.log")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./count.js";',
        'import "./count.js";',
        'import count from "./count.js";',
        "export default 1;",
        "export let changing = 1;",
        "export { count };",
        "import {",
    ],
)
def test_a_form_that_is_not_known_is_an_error(entry: Path, line: str) -> None:
    with entry.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(CannotJoin, match=r"entry\.js"):
        joined_modules(entry, "later.js")


def test_a_second_script_has_what_is_loaded_later_alone(entry: Path) -> None:
    joined, later = joined_modules(entry, "later.js")
    assert '"late"' in later
    assert '"late"' not in joined
    assert joined.count('import("./later.js")') == 1
    entry.write_text('import { count } from "./count.js";\n')
    assert joined_modules(entry, "later.js").later == ""


def test_what_is_loaded_later_loads_no_further_modules_later(entry: Path) -> None:
    part = entry.with_name("deep") / "late-part.js"
    part.write_text(f'{part.read_text()}const more = () => import("./people.js");\n')
    with pytest.raises(CannotJoin, match="late-part"):
        joined_modules(entry, "later.js")


def test_modules_that_import_each_other_are_an_error(entry: Path) -> None:
    count = entry.with_name("count.js")
    count.write_text(f'import {{ Person }} from "./deep/people.js";\n{count.read_text()}')
    with pytest.raises(CannotJoin, match="people"):
        joined_modules(entry, "later.js")


def test_styles_keep_their_order_and_name_no_file(tmp_path: Path) -> None:
    first, second = tmp_path / "b.css", tmp_path / "a.css"
    first.write_text("p { color: red; }")
    second.write_text("p { color: blue; }")
    assert joined_styles([first, second]) == "p { color: red; }\np { color: blue; }"
    second.write_text("p { background: url(a.png); }")
    with pytest.raises(CannotJoin, match=r"a\.css"):
        joined_styles([first, second])
