"""Finds the texts that go through translation: in templates, in Python, and in scripts."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import django
from babel.messages.extract import extract
from django.conf import settings

PROJECT_DIR = Path(__file__).resolve().parent.parent
SCRIPTS = PROJECT_DIR / "web" / "static" / "web"
TEMPLATES = PROJECT_DIR / "templates"
PYTHON = ("accounts", "api", "asgi", "library", "listening", "web")
SAID_TO_SCRIPTS = ("library/scanning/summary.py",)
"""Sentences of events: scripts get them in English, and look up their translation."""
_KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
Id = str | tuple[str, str]


class Found(NamedTuple):
    """A text, or the singular and plural of one, and the file it was found in."""

    id: Id
    path: str


def texts_of(domain: str) -> Iterator[Found]:
    """All texts of the catalogue `django` (templates, Python) or `djangojs` (scripts)."""
    if domain == "djangojs":
        for path in sorted(SCRIPTS.rglob("*.js")):
            if path.parent.name != "texts":
                yield from _texts_in(path, "javascript", path.read_bytes())
        for name in SAID_TO_SCRIPTS:
            yield from _texts_in(PROJECT_DIR / name, "python", (PROJECT_DIR / name).read_bytes())
        return
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield from _texts_in(path, "python", _as_python(path))
    for package in PYTHON:
        for path in sorted((PROJECT_DIR / package).rglob("*.py")):
            yield from _texts_in(path, "python", path.read_bytes())


def _texts_in(path: Path, kind: str, content: bytes) -> Iterator[Found]:
    for _, message, _, _ in extract(kind, io.BytesIO(content), _KEYWORDS):
        found = message if isinstance(message, str) else (message[0], message[1])
        yield Found(found, path.relative_to(PROJECT_DIR).as_posix())


def _as_python(path: Path) -> bytes:
    """Django itself writes what a template translates as calls of gettext."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    from django.utils.translation.template import templatize  # noqa: PLC0415  # needs settings

    calls = templatize(path.read_text(), origin=path.name)
    return "\n".join(line.strip() for line in calls.splitlines()).encode()
