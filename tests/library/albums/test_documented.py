"""`docs/albums.md` names each rule with its tests, and nothing else."""

import re
from pathlib import Path

from library.albums.reasons import Apart, Reading, Rule, Together
from tests.library.albums.rule_cases import CASES

RULES: tuple[Rule, ...] = (*Together, *Apart, *Reading)
PAGE = Path(__file__).resolve().parents[3] / "docs" / "albums.md"
_NAME = re.compile(r"`(\w+)`")


def documented() -> list[tuple[str, list[str]]]:
    """The rules of the page's tables, each with the names of its tests."""
    found: list[tuple[str, list[str]]] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and not line.startswith(("| what", "| ---")):
            *_, rule, tests = line.strip("| ").split(" | ")
            found.append((rule.strip("`"), _NAME.findall(tests)))
    return found


def test_each_rule_stands_on_the_page_in_the_order_of_the_code() -> None:
    assert [rule for rule, _ in documented()] == list(map(str, RULES))


def test_each_rule_names_its_tests() -> None:
    names = [[case.name for case in CASES if case.rule is rule] for rule in RULES]
    assert [tests for _, tests in documented()] == names
