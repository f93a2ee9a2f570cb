"""A module that is loaded when it is first used."""

import sys
from pathlib import Path

import pytest

from musproject.late_imports import load_when_used


@pytest.fixture
def late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a package that nobody has loaded yet; it and its parts are forgotten again."""
    package = tmp_path / "seldom_used"
    package.mkdir()
    (package / "__init__.py").write_text("WORD = 'here'\ndef said(*what, by): return what, by\n")
    (package / "part.py").write_text("OTHER = 'there'\n")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("seldom_used", "seldom_used.part"):
        monkeypatch.setitem(sys.modules, name, sys)
        monkeypatch.delitem(sys.modules, name)
    return "seldom_used"


def test_importing_it_loads_nothing_and_using_it_does(late: str) -> None:
    load_when_used(late)
    first, second = __import__(late), __import__(late)
    assert first is second
    assert "WORD" not in vars(first)
    assert first.WORD == second.WORD == "here"
    assert vars(sys.modules[late])["WORD"] == "here"
    with pytest.raises(AttributeError):
        first.NOTHING  # noqa: B018


def test_its_parts_can_be_imported_once_it_is_used(late: str) -> None:
    load_when_used(late)
    assert __import__(late).WORD == "here"
    assert __import__(f"{late}.part", fromlist=["OTHER"]).OTHER == "there"


def test_what_is_loaded_already_stays(late: str) -> None:
    loaded = __import__(late)
    load_when_used(late)
    assert sys.modules[late] is loaded


def test_taking_a_function_from_it_loads_nothing_and_calling_it_does(late: str) -> None:
    load_when_used(late, "said")
    first, second = __import__(late, fromlist=["said"]).said, vars(sys.modules[late])["said"]
    assert "WORD" not in vars(sys.modules[late])
    assert first("this", by="me") == second("this", by="me") == (("this",), "me")
    assert vars(sys.modules[late])["WORD"] == "here"
