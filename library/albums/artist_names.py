"""Names of artists as far as albums need them: who leads a credit, and what means "several"."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from library.models.folding import identity_key
from library.tags import UNKNOWN_ARTIST

VARIOUS = identity_key("Various Artists")
"""The key of all names in `_NAMES_OF_SEVERAL`."""
_NAMES_OF_SEVERAL = """
Various Artists | Various Artist | Various | Various Interprets | <Various Artists>
[Various Artists] | VA | V.A. | V/A | V. A. | Sampler
Verschiedene | Verschiedene Interpreten | Verschiedene Künstler | Diverse | Diverse Interpreten
Diverse artiester | Diversen | Artistes divers | Artistes variés | Multi-interprètes
Varios | Varios Artistas | Varios Intérpretes | Vários | Vários Artistas | Vários Intérpretes
Artisti Vari | Autori Vari | AA.VV. | AAVV | AA. VV. | Různí interpreti | Różni wykonawcy
Blandade artister | Diverse artister | Eri esittäjiä | Çeşitli Sanatçılar
Разные исполнители | Разные артисты | Сборник | 群星 | 华语群星 | 合輯 | オムニバス
ヴァリアス・アーティスト | ヴァリアス
"""  # noqa: RUF001
_VARIOUS = frozenset(
    identity_key(name)
    for line in _NAMES_OF_SEVERAL.strip().splitlines()
    for name in line.split(" | ")
)
_UNKNOWN = identity_key(UNKNOWN_ARTIST)
_GUESTS = re.compile(r"\s*[(\[]?\b(?:feat\.?|ft\.?|featuring)\s+(?![&+]|and\b).*$", re.IGNORECASE)
_SEPARATORS = (
    *(" & ", " and ", " und ", " et ", " y ", " e ", ", ", ";", " / ", "/", " + ", " x ", " ("),
    *(" with ", " vs ", " vs. ", " meets ", " con ", " mit ", " avec ", " \u00d7 ", "\u3001"),
)
_SEPARATOR = re.compile("|".join(map(re.escape, _SEPARATORS)))


@lru_cache(maxsize=4096)
def artist_key(name: str) -> str:
    """Equal keys mean one album artist. All names for several artists have the key VARIOUS, and
    guests (`feat. …`) are left out."""
    key = identity_key(name)
    if key in _VARIOUS:
        return VARIOUS
    return identity_key(_GUESTS.sub("", name)) or key


def names_nobody(name: str) -> bool:
    """Whether this name stands for several artists or for unknown ones."""
    return artist_key(name) in {VARIOUS, _UNKNOWN}


def leads(keys: Iterable[str]) -> dict[str, str]:
    """For each key that of the artist who leads the credit, if that artist occurs alone too:
    `queen` for `queen & david bowie` beside `queen`. Others lead themselves."""
    alone = set(keys)
    return {key: next((each for each in _first_parts(key) if each in alone), key) for key in alone}


def one_lead(keys: Iterable[str]) -> str:
    """The key of the artist who leads all these; empty if there is none."""
    distinct = set(keys)
    if len(distinct) == 1:
        return next(iter(distinct))
    if not distinct:
        return ""
    shortest = min(distinct, key=lambda key: (len(key), key))
    others = distinct - {shortest}
    return shortest if shortest and all(_leads(shortest, other) for other in others) else ""


def _leads(key: str, credit: str) -> bool:
    return bool(key) and credit.startswith(key) and key in _first_parts(credit)


def _first_parts(credit: str) -> Iterator[str]:
    """What stands before each separator, the shortest first."""
    return (credit[: found.start()] for found in _SEPARATOR.finditer(credit) if found.start())
