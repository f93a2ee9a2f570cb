"""No script, style or template writes an address with a slash first: mus may be below a path."""

import re
from pathlib import Path

import pytest

from tests.web.served import PROJECT_DIR

STATIC = (PROJECT_DIR / "web" / "static", PROJECT_DIR / "library" / "static")
SOURCES = [
    *(path for folder in STATIC for path in folder.rglob("*") if path.suffix in {".js", ".css"}),
    *(PROJECT_DIR / "templates").rglob("*.html"),
]
COMMENT = re.compile(r"(?m)^\s*//.*$|\{#.*?#\}")
ADDRESS = re.compile(r"""["'`]/(?:[A-Za-z]|\$\{)|(?:href|src|action)=["']?/|url\(["']?/""")
STORES = re.compile(
    r"""(?:setItem|getItem|removeItem|BroadcastChannel|caches\??\.open|locks\.request)\(["'`]"""
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT_DIR)))
def test_addresses_and_names_of_stores_come_from_one_module(path: Path) -> None:
    text = COMMENT.sub("", path.read_text())
    assert ADDRESS.findall(text) == []
    assert STORES.findall(text) == []


@pytest.mark.parametrize(
    "text",
    [
        *('go("/tracks")', "`/${view}`", "fetch('/login/')", '<a href="/albums">', "url(/x.png)"),
        *('const ROOT = "/api/v1/";', 'register("/service-worker.js")'),
    ],
)
def test_an_address_is_found_however_it_is_written(text: str) -> None:
    assert ADDRESS.search(text)
