"""What a case of a rule of albums is: files, and the albums that they make."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from library.albums.reasons import Apart, Rule, Together

ONE_ID = "11111111-2222-4333-8444-555555555555"
OTHER_ID = "99999999-2222-4333-8444-555555555555"

Files = Mapping[str, Mapping[str, Any]]
"""By path the tags of a file, named as `make_audio` has them; `by_hand` is a mark on its track."""


@dataclass(frozen=True)
class Expected:
    """An album as it should be: a pattern for the paths of its tracks, the rules that are stored,
    and the text that tells it from others of its name."""

    pattern: str
    together: Together
    apart: Apart | None = None
    disambiguation: str = ""

    def paths_among(self, files: Iterable[str]) -> list[str]:
        alternatives = self.pattern.split(" | ")
        return sorted(
            path for path in files if any(fnmatchcase(path, each) for each in alternatives)
        )


@dataclass(frozen=True)
class Case:
    rule: Rule
    name: str
    files: Files
    albums: tuple[Expected, ...]


def files(folder: str, numbers: Iterable[int], suffix: str = "mp3", **tags: Any) -> dict[str, Any]:
    """One file for each number. The title says the number, and `of` where that is given."""
    of = tags.pop("of", "")
    return {
        f"{folder}/{n:02} Song {n}.{suffix}": {
            "title": f"Song {n}{of}",
            "track_number": n,
            "artist": "Portishead",
            "album": "Dummy",
            "album_artist": "Portishead",
            **tags,
        }
        for n in numbers
    }


def nobody(**tags: Any) -> dict[str, Any]:
    """Tags without an album artist."""
    return {"album_artist": None, **tags}
