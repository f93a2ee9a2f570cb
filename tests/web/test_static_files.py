"""Scripts and styles as they are sent: hashed names, kept for ever, compressed, nothing inline."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.urls import resolve

from tests.library.runner.house import PASSWORD, USER
from tests.web.served import PROJECT_DIR, serve
from web.player_files import joined_files, player_modules
from web.views import player

pytestmark = pytest.mark.server

HASHED = re.compile(r"\.[0-9a-f]{12}\.")
# Of another module, not a text that happens to follow the word "from".
IMPORT = re.compile(r'\b(?:from|import)\s*"(\.[^"]+)"')
NESTED_TEMPLATE = re.compile(r"`[^`]*\$\{[^}`]*`")
SOURCES = PROJECT_DIR / "web" / "static"
DIRECTIVES = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[httpx.Client]:
    """An administrator."""
    with serve(tmp_path_factory.mktemp("static"), database, "--no-scan") as server:
        server.python(USER)
        with httpx.Client(base_url=server.url) as client:
            client.get("/login/")
            form = {"username": "ada", "password": PASSWORD}
            token = {"X-CSRFToken": client.cookies["csrftoken"]}
            assert client.post("/login/", data=form, headers=token).status_code == 302
            yield client


def test_the_page_names_its_files_by_their_content_and_has_nothing_inline(
    client: httpx.Client,
) -> None:
    page = client.get("/")
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    scripts = [each for each in files if each.endswith(".js")]
    assert len(scripts) == 2  # one of the player, one of the dialogue for the login
    assert len(files) <= 8
    assert [each for each in files if not HASHED.search(each)] == []
    assert re.findall(r"<style|<script(?![^>]*src=)|\son\w+=|\sstyle=", page.text) == []
    policy = {each.strip() for each in page.headers["Content-Security-Policy"].split(";")}
    assert policy >= DIRECTIVES
    assert not any("unsafe" in each or "*" in each or "http" in each for each in policy)


def test_files_are_kept_for_ever_and_sent_compressed(client: httpx.Client) -> None:
    for path in set(re.findall(r'"(/static/[^"]+\.(?:js|css))"', client.get("/").text)):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"], path
        assert answer.headers["Content-Encoding"] == "gzip", path


def test_modules_name_each_other_by_their_content() -> None:
    for name in player_modules():
        collected = _collected(name)
        for imported in IMPORT.findall(collected):
            assert HASHED.search(imported), (name, imported)


def test_what_is_sent_compressed_keeps_its_texts_whole() -> None:
    """The minifier takes a template inside a template for code, and spaces out of its text."""
    nested = [name for name in player_modules() if NESTED_TEMPLATE.search(_source(name))]
    assert nested == []


def test_the_joined_script_has_all_that_the_page_runs() -> None:
    files = joined_files()
    first, later = files["web/joined-player.js"], files["web/joined-player-later.js"]
    assert not re.search(r"^(?:import|export)\b", first, re.MULTILINE)
    of_workers = {"web/player/events-worker.js"}
    for name in {*player_modules()} - of_workers:
        last = [line for line in _source(name).splitlines() if line][-1].removeprefix("export ")
        assert last in first or last in later, name


def test_the_manifest_and_its_icons_are_there(client: httpx.Client) -> None:
    (address,) = re.findall(r'rel="manifest" href="([^"]+)"', client.get("/").text)
    answer = client.get(address)
    manifest = answer.json()
    assert answer.headers["Content-Type"].startswith("application/manifest+json")
    assert {"name", "start_url", "display", "icons"} <= manifest.keys()
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        found = client.get(str(httpx.URL(address).join(icon["src"])))
        assert found.status_code == 200
        assert found.headers["Content-Type"] == icon["type"]


def test_the_service_worker_keeps_what_the_page_needs_and_no_more(client: httpx.Client) -> None:
    answer = client.get("/service-worker.js")
    assert "no-store" in answer.headers["Cache-Control"]
    found = re.search(r"self\.SHELL = (.*);", answer.text)
    assert found
    shell = json.loads(found[1])
    page = client.get("/").text
    for path in re.findall(r'"(/static/[^"]+\.(?:js|css))"', page):
        assert path in shell["files"]
    assert all(path.startswith("/static/") for path in shell["files"])


def test_the_service_worker_opens_every_place_of_the_player() -> None:
    (views,) = re.findall(r"const VIEWS = /\^\(\?:\(([\w|]+)\)", _source("web/player/router.js"))
    (places,) = re.findall(
        r"const PLACES = /\^\(\?:\(\?:([\w|]+)\)", _source("web/service-worker.js")
    )
    assert set(places.split("|")) == set(views.split("|"))
    for place in views.split("|"):
        assert resolve(f"/{place}").func is player


def _source(name: str) -> str:
    return (SOURCES / name).read_text()


def _collected(name: str) -> str:
    manifest = json.loads((Path(settings.STATIC_ROOT) / "staticfiles.json").read_text())
    packed = Path(settings.STATIC_ROOT) / (manifest["paths"][name] + ".gz")
    return gzip.decompress(packed.read_bytes()).decode()
