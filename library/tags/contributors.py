"""Those whom a file credits besides artists and composers: who conducted, played, produced, …"""

import re
from collections.abc import Iterator, Sequence

from library.tags import cleaning
from library.tags.remembering import Fields
from library.tags.separation import outside_brackets, separated
from library.tags.track_tags import Contributor

PERFORMER = "performer"
_ROLES = ("conductor", "lyricist", "arranger", "remixer", "producer")
FIELDS = (*_ROLES, PERFORMER, "involved_people", "musicians")

# What the lists of involved people in ID3 (TIPL, section 4.2.2, and IPLS of version 2.3) call the
# roles. No standard says so; these are the words of Picard, Mp3tag and beets.
_ROLE_OF = {
    **{role: role for role in (*_ROLES, PERFORMER)},
    **dict.fromkeys(("", "performance"), PERFORMER),
    **dict.fromkeys(("lyrics", "words"), "lyricist"),
    **dict.fromkeys(("arrangement", "orchestrator"), "arranger"),
    "remix": "remixer",
}
# In version 2.3 the musicians are in the same list: any other word is an instrument, except these.
_NOT_PERFORMING = re.compile(
    r"engineer|\bmix|dj-?mix|master|record|\bart\b|artwork|design|photo|illustrat|liner|a&r|manage"
    r"|publish|copyright|compil|edit|assist|techni|supervis|coordinat|executive|legal|label"
    r"|compos|writ|misc|encod|sound|translat|product",
    re.IGNORECASE,
)


def contributors(fields: Fields, separators: tuple[str, ...]) -> tuple[Contributor, ...]:
    """Each once, by role; within a role in the order of the file."""
    found = dict.fromkeys(_found(fields, separators))
    return tuple(found)[: cleaning.MAX_VALUES]


def _found(fields: Fields, separators: tuple[str, ...]) -> Iterator[Contributor]:
    for role in _ROLES:
        for text in cleaning.texts(fields.get(role, ())):
            yield from (Contributor(role, name) for name in separated(text, separators))
    for function, name in _pairs(fields.get("involved_people", ())):
        yield from _involved(function, name, separators)
    for instrument, name in _pairs(fields.get("musicians", ())):
        yield Contributor(PERFORMER, name, "" if instrument.casefold() == PERFORMER else instrument)
    for text in cleaning.texts(fields.get(PERFORMER, ())):
        yield from map(_performer, cleaning.texts(outside_brackets(text, ";")))


def _involved(function: str, name: str, separators: tuple[str, ...]) -> Iterator[Contributor]:
    if role := _ROLE_OF.get(function.casefold()):
        yield from (Contributor(role, each) for each in separated(name, separators))
    elif not _NOT_PERFORMING.search(function):
        yield Contributor(PERFORMER, name, function)


def _pairs(values: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pairs of a list, which ID3 holds as alternating texts, and which Mp3tag writes to other
    tags as a text: `producer:A;guitar:B`."""
    texts = [cleaning.text(value) for value in values[: 2 * cleaning.MAX_VALUES]]
    if all(":" in text for text in texts):
        pairs = [part.partition(":")[::2] for text in texts for part in text.split(";")]
        texts = [cleaning.text(each) for pair in pairs for each in pair]
    for function, name in zip(texts[::2], texts[1::2], strict=False):
        if name:
            yield function, name


def _performer(text: str) -> Contributor:
    """`Ringo Starr (drums (drum set))`: the instrument stands in the last brackets."""
    if text.endswith(")"):
        depth = 0
        for at in range(len(text) - 1, 0, -1):
            depth += {")": 1, "(": -1}.get(text[at], 0)
            if not depth:
                name, instrument = text[:at].strip(), text[at + 1 : -1].strip()
                return Contributor(PERFORMER, name, instrument) if name else _plain(text)
    return _plain(text)


def _plain(text: str) -> Contributor:
    return Contributor(PERFORMER, text)
