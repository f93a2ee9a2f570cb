"""Finds English in a page that should be in German: words that the English texts of the catalogues
have, and their German ones do not."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from languages.catalogues import DOMAINS, read

LANGUAGE = "de"
NAMES = {"ada", "android", "chrome", "flac", "headless", "linux", "mus", "mp3", "lb", "qorv"}
"""What pages show that is of no language. Data of the test begins with `Qorv`."""
_PLACES = re.compile(r"%\(\w+\)[sd]|</?\w[^>]*>|\{\{.*?\}\}")
_OPERATORS = re.compile(r"[a-z]+:(?!\s)\S*")
"""Operators of the search, such as `year:1969`: they are the same in all languages."""
_BROKEN = re.compile(r"[^\W\d_],[^\W\d_]|\bundefined\b|\bnull\b|\bNaN\b|%\(")
_WORD = re.compile(r"[^\W\d_]{2,}")

TEXTS = """() => {
  const found = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!parentElement.closest("script, style, code, kbd, noscript, :lang(en)")) found.push(data);
  }
  for (const each of document.body.querySelectorAll("*")) {
    if (each.closest(":lang(en)")) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-valuetext"])
      if (each.hasAttribute(name)) found.push(each.getAttribute(name));
  }
  return [...new Set(found.map((each) => each.trim()).filter(Boolean))];
}"""


def english_words() -> set[str]:
    english: set[str] = set()
    german: set[str] = set()
    for domain in DOMAINS:
        for each in read(LANGUAGE, domain):
            if each.id:
                english.update(_words_of(each.id))
                german.update(_words_of(each.string or ""))
    return english - german - NAMES


def english_in(page: Page, words: set[str]) -> list[str]:
    """The texts of the page, its names for screen readers and its title that have such words; also
    what a script made of several texts or of no value."""
    return [
        text
        for text in page.evaluate(TEXTS)
        if words.intersection(_words_in(text)) or _BROKEN.search(text)
    ]


def _words_of(texts: str | tuple[str, ...] | list[str] | None) -> Iterator[str]:
    for text in [texts] if isinstance(texts, str) else texts or ():
        yield from _words_in(_PLACES.sub(" ", text))


def _words_in(text: str) -> list[str]:
    return [each.lower() for each in _WORD.findall(_OPERATORS.sub(" ", text))]
