"""What nginx itself answers by the files in deploy/nginx: static files, music, and refusals."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import httpx
import pytest

from asgi.body_limits import LARGEST_BYTES
from asgi.refusals import BODY_TOO_LARGE
from tests.library.media.conftest import row, stored
from tests.operations.deploy.below_a_path import NAME as OTHER_NAME
from tests.operations.deploy.below_a_path import Ports, front_below_a_path, port_of
from tests.operations.deploy.fronts import NAME, Front, front_of
from tests.operations.deploy.tools import PROJECT_DIR
from tests.services import free_port
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

STATIC = PROJECT_DIR / ".static"
HSTS = "max-age=15552000"
KEY = """
from django.contrib.auth.models import User
from accounts.api_keys import make_key
print(make_key(User.objects.create_user("lee"), "tests")[1])
"""
SOUND = bytes(range(256)) * 100
TOO_LARGE = b"x" * (LARGEST_BYTES + 1)


@dataclass(frozen=True)
class Site:
    server: ServedMus
    front: Front
    base: str
    key: str

    def ask(self, path: str, **headers: str) -> httpx.Response:
        with self.front.browser() as browser:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            return browser.get(self.base + path, headers=names | self.bearer())

    def post(self, path: str, body: bytes) -> httpx.Response:
        with self.front.browser() as browser:
            return browser.post(self.base + path, content=body, headers=self.bearer())

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}


@pytest.fixture(scope="module", params=["/", "/music/"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, database: Path
) -> Iterator[Site]:
    folder, base = tmp_path_factory.mktemp("site"), request.param
    settings = {
        "HTTPS": "true",
        "TRUSTED_PROXIES": "127.0.0.1",
        "ALLOWED_HOSTS": f"{NAME},{OTHER_NAME}",
        "X_ACCEL_REDIRECT_PREFIX": "/_music/",
        "BASE_PATH": base,
    }
    with serve(folder, database, "--no-scan", **settings) as server:
        key = server.python(KEY).split()[-1]
        music, port = Path(server.variables["MUSIC_DIR"]), port_of(server)
        front = (
            front_of("nginx", folder / "front", [port], music)
            if base == "/"
            else front_below_a_path("nginx", folder / "front", Ports(port, free_port()), music)
        )
        with front as proxy:
            yield Site(server, proxy, base, key)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("web/mus.css", "text/css"),
        ("web/copy-key.js", "(application|text)/javascript"),
        ("web/manifest.webmanifest", "application/manifest.json"),
    ],
)
def test_a_static_file_is_sent_as_make_install_compressed_it(
    site: Site, name: str, media_type: str
) -> None:
    answer = site.ask(f"static/{name}", Accept_Encoding="gzip")
    compressed = (STATIC / f"{name}.gz").read_bytes()
    assert answer.content == gzip.decompress(compressed)
    assert re.match(media_type, answer.headers["content-type"])
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(len(compressed))
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["strict-transport-security"] == HSTS


def test_a_hashed_manifest_is_kept_for_ever(site: Site) -> None:
    (file,) = (STATIC / "web").glob("manifest.*.webmanifest")
    answer = site.ask(f"static/web/{file.name}", Accept_Encoding="identity")
    assert answer.content == file.read_bytes()
    assert "immutable" in answer.headers["cache-control"]


def test_scripts_that_mus_sends_are_compressed_by_their_type() -> None:
    for file in ("mus.conf", "mus-below-a-path.conf"):
        text = (PROJECT_DIR / "deploy" / "nginx" / file).read_text()
        (types,) = re.findall(r"gzip_types ([^;]+);", text)
        assert {"application/javascript", "text/javascript"} <= set(types.split())


def test_a_body_that_nginx_refuses_is_an_error_of_the_api(site: Site) -> None:
    answer = site.post("api/v1/player/state", TOO_LARGE)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "error": {"code": BODY_TOO_LARGE.code, "message": BODY_TOO_LARGE.message}
    }


@pytest.mark.parametrize("query", ["f=json", "u=lee&f=json&v=1.16.1", "f=jsonp"])
def test_a_body_that_nginx_refuses_is_an_error_of_opensubsonic_as_json(
    site: Site, query: str
) -> None:
    answer = site.post(f"rest/createPlaylist.view?{query}", TOO_LARGE)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()["subsonic-response"]
    assert (told["status"], told["openSubsonic"]) == ("failed", True)
    assert told["error"] == {"code": 0, "message": BODY_TOO_LARGE.message}


def test_a_body_that_nginx_refuses_is_an_error_of_opensubsonic_as_xml(site: Site) -> None:
    answer = site.post("rest/createPlaylist", TOO_LARGE)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/xml"
    told = ET.fromstring(answer.text)  # noqa: S314  # from our own file
    assert told.get("status") == "failed"
    assert [dict(each.items()) for each in told] == [
        {"code": "0", "message": BODY_TOO_LARGE.message}
    ]


def test_a_body_that_nginx_refuses_elsewhere_is_told_on_a_page(site: Site) -> None:
    answer = site.post("", TOO_LARGE)
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")


def test_music_that_nginx_sends_has_the_etag_of_mus(site: Site) -> None:
    music = Path(site.server.variables["MUSIC_DIR"])
    (music / "a.flac").write_bytes(SOUND)
    (path,) = stored(site.server, row(music / "a.flac", music))
    told = httpx.get(
        site.server.url + path,
        headers={
            "Host": NAME,
            "X-Forwarded-Proto": "https",
            **site.bearer(),
        },
    )
    assert "x-accel-redirect" in told.headers
    etag = told.headers["etag"]
    whole = site.ask(path[1:])
    assert whole.content == SOUND
    assert whole.headers["etag"] == etag
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["strict-transport-security"] == HSTS
    assert site.ask(path[1:], If_None_Match=etag).status_code == 304
    assert site.ask(path[1:], If_Match=etag).content == SOUND
    rest = site.ask(path[1:], If_Range=etag, Range="bytes=1000-")
    assert (rest.status_code, rest.content) == (206, SOUND[1000:])
    other = site.ask(path[1:], If_Range='"other"', Range="bytes=1000-")
    assert (other.status_code, other.content) == (200, SOUND)
