"""What the page's service worker keeps, and under which names the page itself keeps things."""

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from web.language import catalogue_script
from web.player_files import page_styles, scripts

_CACHE = "mus-shell"
_KEPT = "mus-kept-"
_WORKER_SCRIPTS = ("web/kept-media.js", "web/service-worker.js")
_OTHER_FILES = (
    "web/show-password.js",
    "web/mus.css",
    "web/favicon.svg",
    "web/manifest.webmanifest",
    "web/icon-192.png",
)


def storage_name(name: str) -> str:
    """The name of a cache, a stored value or a channel of the player in the browser.

    All servers of one host share them, so below a base path the names begin with that path.
    """
    return name if settings.BASE_PATH == "/" else f"{settings.BASE_PATH}:{name}"


def for_templates(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001
    """A context processor: with what these names begin."""
    return {"storage_prefix": storage_name("")}


def service_worker(page_url: str) -> str:
    """The service worker's script: the list of files to cache, and an import of the code.

    The version is a digest of the file names, which change with the files' content, and with the
    language of the page.
    """
    texts = [name] if (name := catalogue_script()) else []
    files = [static(name) for name in (*scripts(), *page_styles(), *_OTHER_FILES, *texts)]
    version = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
    names = {"cache": storage_name(_CACHE), "kept": storage_name(_KEPT)}
    shell = json.dumps({"version": version, **names, "page": page_url, "files": files})
    imported = ", ".join(json.dumps(static(name)) for name in _WORKER_SCRIPTS)
    return f"self.SHELL = {shell};\nimportScripts({imported});\n"
