"""Each sentence that scans and scrobbling store for people is known, so that pages translate it."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

from library import told
from listening.scrobbling import told as told_of_services

PROJECT = Path(__file__).resolve().parents[2]
OF_FILES = (
    *("library/tags/diagnosis.py", "library/tags/reader.py", "library/tags/file.py"),
    *("library/tags/pool.py", "library/files/listings.py", "library/scanning/emptied.py"),
)
OF_SERVICES = tuple(
    f"listening/scrobbling/{name}.py"
    for name in ("audioscrobbler", "calls", "couriers", "delivery", "listenbrainz")
)
CALLS = {"UnreadableAudio", "Unlisted", "_replace", "NotTaken", "AnswerLost", "Refused"}
CALLS |= {"SecretRefused", "CannotAsk", "end_with_problem"}
SENTENCE = 12


def stored_sentences(path: str) -> Iterator[str]:
    """What is given to the calls above or returned; `x` stands in the places."""
    for node in ast.walk(ast.parse((PROJECT / path).read_text())):
        is_call = isinstance(node, ast.Call) and _name(node.func) in CALLS
        if is_call or isinstance(node, ast.Return | ast.Assign):
            yield from filter(None, map(_sentence, _texts_in(node)))


def _texts_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            str(getattr(each, "value", "")) if _is_text(each) else "x" for each in node.values
        )
    elif _is_text(node):
        yield str(getattr(node, "value", ""))
    else:
        for child in ast.iter_child_nodes(node):
            yield from _texts_in(child)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _sentence(text: str) -> str:
    """Empty if it is none. A detail in brackets is put together elsewhere."""
    is_sentence = text[:1].isupper() and text.endswith(".") and len(text) >= SENTENCE
    return re.sub(r"(?<=[a-z])x\.$", " (x).", text) if is_sentence else ""


@pytest.mark.parametrize(
    ("paths", "in_words"), [(OF_FILES, told.in_words), (OF_SERVICES, told_of_services.in_words)]
)
def test_stored_sentences_are_translated(
    paths: tuple[str, ...], in_words: Callable[[str], str]
) -> None:
    sentences = {text for path in paths for text in stored_sentences(path)}
    assert len(sentences) > len(paths)
    with translation.override("de"):
        assert sorted(text for text in sentences if in_words(text) == text) == []


def test_several_sentences_and_what_stands_in_them() -> None:
    stored = (
        "Music library scan failed: The music folder /a. B cannot be read: Permission denied. Is "
        "its disk mounted? Its tracks were left as they are. The server stopped, and the scan "
        "with it."
    )
    assert told.in_words(stored) == stored, "nobody asked for another language"
    with translation.override("de"):
        assert told.in_words(stored) == (
            "Der Scan der Bibliothek ist fehlgeschlagen: Der Musikordner /a. B lässt sich nicht "
            "lesen: keine Berechtigung. Ist sein Datenträger eingebunden? Seine Titel blieben, wie "
            "sie sind. Der Server wurde beendet und mit ihm der Scan."
        )
        assert told.in_words("No sentence 100 % of mus.") == "No sentence 100 % of mus."
