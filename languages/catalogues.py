"""The catalogues in web/locale: read, brought up to date, and compiled for Python and scripts."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from languages.extraction import PROJECT_DIR, SCRIPTS, texts_of

DOMAINS = ("django", "djangojs")
_LOCALE_DIR = PROJECT_DIR / "web" / "locale"
LANGUAGES = sorted(path.name for path in _LOCALE_DIR.iterdir())
"""Each folder of web/locale; a new language begins with a new folder."""
_HEADER = "# Texts of the pages of mus. `make messages` keeps the list of them up to date."
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
_SCRIPT = """// Made by `make messages` of web/locale/{language}/LC_MESSAGES/djangojs.po.
globalThis.django = (() => {{
  const texts = {texts};
  const form = (n) => Number({plural});
  return {{
    gettext: (text) => [texts[text] ?? text].flat()[0],
    ngettext: (one, many, n) => texts[one]?.[form(n)] ?? (n === 1 ? one : many),
  }};
}})();
"""


_LEFT_OUT = (
    *("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Project-Id", "Report-Msgid"),
    *("Last-Translator", "Language-Team"),
)
"""Lines of a header that would change without any text."""


def path_of(language: str, domain: str, ending: str = "po") -> Path:
    return _LOCALE_DIR / language / "LC_MESSAGES" / f"{domain}.{ending}"


def script_of(language: str) -> Path:
    return SCRIPTS / "texts" / f"{language}.js"


def read(language: str, domain: str) -> Catalog:
    path = path_of(language, domain)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, domain=domain)
    catalogue.creation_date = catalogue.revision_date = _ALWAYS  # compiled files have both
    return catalogue


def updated(catalogue: Catalog, domain: str) -> Catalog:
    """The texts that the pages have now, with the translations that `catalogue` has of them."""
    made = Catalog(locale=catalogue.locale, domain=domain, header_comment=_HEADER, fuzzy=False)
    for found in texts_of(domain):
        if not found.id:
            continue
        known = catalogue.get(found.id if isinstance(found.id, str) else found.id[0])
        is_same = known is not None and known.id == found.id
        made.add(found.id, known.string if known and is_same else None, [(found.path, 0)])
    return made


def compiled(message: Message) -> bool:
    """Whether all forms of the text are translated."""
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(forms) and all(forms)


def po_of(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalogue, sort_output=True, include_lineno=False, width=99)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not _changes_alone(line)).encode()


def mo_of(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def script_text(catalogue: Catalog, language: str) -> str:
    texts = {
        each.id if isinstance(each.id, str) else each.id[0]: each.string
        for each in sorted(catalogue, key=lambda message: str(message.id))
        if each.id and compiled(each)
    }
    lines = json.dumps(texts, ensure_ascii=False, indent=0)
    return _SCRIPT.format(language=language, texts=lines, plural=catalogue.plural_expr)


def write(catalogue: Catalog, language: str, domain: str) -> None:
    path_of(language, domain).parent.mkdir(parents=True, exist_ok=True)
    path_of(language, domain).write_bytes(po_of(catalogue))
    path_of(language, domain, "mo").write_bytes(mo_of(read(language, domain)))


def write_script(catalogue: Catalog, language: str) -> None:
    script_of(language).parent.mkdir(parents=True, exist_ok=True)
    script_of(language).write_text(script_text(catalogue, language))


def _changes_alone(line: str) -> bool:
    return line.startswith(tuple(f'"{name}' for name in _LEFT_OUT))
