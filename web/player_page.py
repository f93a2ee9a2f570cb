"""The files of the player's page: its scripts, and the files that its service worker caches."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

_STATIC_DIR = Path(__file__).parent / "static"
_PLAYER_DIR = _STATIC_DIR / "web" / "player"
_CACHE = "mus-shell"
_WORKER_SCRIPT = "web/service-worker.js"
PLAYER_STYLES = (
    "web/player.css",
    "web/player-bar.css",
    "web/search.css",
    "web/playlists.css",
    "web/smart.css",
    "web/history.css",
    "web/opinions.css",
    "web/player-narrow.css",
)
"""The page links to these in this order, after those of all pages; later rules win."""
_OTHER_FILES = (
    "web/show-password.js",
    "web/mus.css",
    *PLAYER_STYLES,
    "web/favicon.svg",
    "web/manifest.webmanifest",
    "web/icon-192.png",
)


@cache
def player_modules() -> tuple[str, ...]:
    """The static names of all ES modules of the player, for `<link rel="modulepreload">`.

    Without these links a browser would find each module only after reading the one that imports it.
    """
    found = _PLAYER_DIR.rglob("*.js")
    return tuple(sorted(path.relative_to(_STATIC_DIR).as_posix() for path in found))


def storage_name(name: str) -> str:
    """The name of a cache, a stored value or a channel of the player in the browser.

    All servers of one host share them, so below a base path the names begin with that path.
    """
    return name if settings.BASE_PATH == "/" else f"{settings.BASE_PATH}:{name}"


def service_worker(page_url: str) -> str:
    """The service worker's script: the list of files to cache, and an import of the code.

    The version is a digest of the file names, which change with the files' content.
    """
    files = [static(name) for name in (*player_modules(), *_OTHER_FILES)]
    version = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
    shell = json.dumps(
        {"version": version, "cache": storage_name(_CACHE), "page": page_url, "files": files}
    )
    return f"self.SHELL = {shell};\nimportScripts({json.dumps(static(_WORKER_SCRIPT))});\n"
