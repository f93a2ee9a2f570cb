"""Which scripts and styles the player's page consists of.

The page gets them joined, as `collectstatic` wrote them. With DEBUG it gets each file as it is, so
that edits are seen at once.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

from web.joined_files import joined_modules, joined_styles

_STATIC_DIR = Path(__file__).parent / "static"
_PLAYER_DIR = _STATIC_DIR / "web" / "player"
_PAGE, _EVENTS_WORKER = "web/player/main.js", "web/player/events-worker.js"
_STYLES = (
    "web/player.css",
    "web/albums.css",
    "web/scans.css",
    "web/radio.css",
    "web/player-bar.css",
    "web/search.css",
    "web/search-tips.css",
    "web/playlists.css",
    "web/smart.css",
    "web/history.css",
    "web/statistics.css",
    "web/opinions.css",
    "web/shares.css",
    "web/home.css",
    "web/offline.css",
    "web/tiles.css",
    "web/pages.css",
    "web/player-narrow.css",
    "web/now-playing.css",
)
"""In this order, after those of all pages; later rules win."""
_JOINED = {
    _PAGE: "web/joined-player.js",
    _EVENTS_WORKER: "web/joined-events-worker.js",
}
_LATER = "web/joined-player-later.js"
"""What the page's script loads once it wants it: views that few people open."""
_JOINED_STYLES = "web/joined-player.css"


def joined_files() -> Mapping[str, str]:
    """The content of each joined file by its static name. Raises CannotJoin."""
    page = joined_modules(_STATIC_DIR / _PAGE, Path(_LATER).name)
    worker = joined_modules(_STATIC_DIR / _EVENTS_WORKER, "")
    return {
        _JOINED[_PAGE]: page.script,
        _LATER: page.later,
        _JOINED[_EVENTS_WORKER]: worker.script,
        _JOINED_STYLES: joined_styles([_STATIC_DIR / name for name in _STYLES]),
    }


def page_script() -> str:
    """The static name of the script that the page begins with."""
    return _name_of(_PAGE)


def events_worker() -> str:
    """The static name of the script of the shared worker that holds the stream of events."""
    return _name_of(_EVENTS_WORKER)


def page_styles() -> tuple[str, ...]:
    """The static names of the styles that the page links to, in their order."""
    return _STYLES if settings.DEBUG else (_JOINED_STYLES,)


def preloaded_modules() -> tuple[str, ...]:
    """The static names for `<link rel="modulepreload">`. Without these links a browser would find
    each module only after reading the one that imports it."""
    return player_modules() if settings.DEBUG else ()


def scripts() -> tuple[str, ...]:
    """The static names of all scripts that the page loads, at once or later."""
    return player_modules() if settings.DEBUG else (page_script(), _LATER, events_worker())


@cache
def player_modules() -> tuple[str, ...]:
    """The static names of all ES modules of the player."""
    found = _PLAYER_DIR.rglob("*.js")
    return tuple(sorted(path.relative_to(_STATIC_DIR).as_posix() for path in found))


def _name_of(entry: str) -> str:
    return entry if settings.DEBUG else _JOINED[entry]
