"""The documents for developers name files that exist."""

import re
from pathlib import Path

import pytest

from tests.web.served import PROJECT_DIR

DOCUMENTS = [
    PROJECT_DIR / "ARCHITECTURE.md",
    *sorted((PROJECT_DIR / "docs").rglob("*.md")),
]
PATH = re.compile(r"`([\w./-]+/[\w.-]+\.(?:py|js|html|md|toml)|[\w/]+/)`")
LINK = re.compile(r"\]\(([^):#]+)\)")
BEGINNINGS = ("", "library", "web/static/web", "web/static/web/player", "accounts", "operations")


def exists(path: str, beside: Path) -> bool:
    return (beside / path).exists() or any(
        (PROJECT_DIR / each / path).exists() for each in BEGINNINGS
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_the_files_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text()
    for path in PATH.findall(text):
        assert exists(path.rstrip("/"), document.parent), path
    for link in LINK.findall(text):
        assert (document.parent / link).exists(), link
