"""The pages of shared links on a real server: who gets in, and what cannot be reached."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.audio_files import JPEG, make_audio
from tests.web.served import ServedMus, manage, serve

MAKE = """
import json
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from library.models.catalogue import Track
from listening.models import Share
from listening.shares.editing import ShareContents, delete_share, make_share
from listening.shares.links import token_of
admin = User.objects.create_superuser("ada")
guest = User.objects.create_user("guest")
ids = dict(Track.objects.values_list("title", "pk"))
album = Track.objects.get(title="One").album_id
of_album, of_other = ShareContents(album_ids=[album]), ShareContents([ids["Other"]])
def made(contents=of_album, user=admin, **values):
    return make_share(user, contents, values)
shares = {
    "album": made(allows_download=True, description='For "you" & <b>me</b>'),
    "other": made(of_other),
    "twice": made(visit_limit=2),
    "ended": made(expires_at=timezone.now() - timedelta(seconds=1)),
    "deleted": made(),
}
from django.conf import settings
settings.SHARING = "everybody"
shares["forbidden"] = made(user=guest)
delete_share(admin, shares["deleted"].pk)
print(json.dumps({"tokens": {name: token_of(each) for name, each in shares.items()}, "ids": ids}))
"""
LATER = """
from listening.models import Share
print(Share.objects.get(selector="{selector}").visit_count)
"""


@dataclass
class Shared:
    """A server that serves below a path. `tokens`: of its links, by name. `ids`: of its tracks."""

    server: ServedMus
    tokens: dict[str, str]
    ids: dict[str, int]
    at: str = "192.0.2.1"

    def get(self, path: str, **headers: str) -> httpx.Response:
        """As the client at `at`, since wrong links are counted for each."""
        given = {"X-Forwarded-For": self.at, **headers}
        return httpx.get(f"{self.server.url}/music/{path}", headers=given)

    def page(self, name: str) -> httpx.Response:
        return self.get(f"s/{self.tokens[name]}")

    def files(self, name: str) -> list[str]:
        """The beginnings of the addresses of the files of a new page."""
        found = re.findall(r'class="track" href="/music/([^"]*)stream"', self.page(name).text)
        assert found
        return found

    def visits(self, name: str) -> int:
        return int(self.server.python(LATER.format(selector=self.tokens[name][:8])))


@pytest.fixture(scope="module")
def shared(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("shared")
    variables = {"SHARING": "administrators", "BASE_PATH": "/music/"}
    variables["TRUSTED_PROXIES"] = "127.0.0.1"
    with serve(folder, database, "--no-scan", **variables) as server:
        for number, title in enumerate(("One", "Two", "Three"), start=1):
            tags: dict[str, Any] = {"artist": "Ann", "album": "First", "track_number": number}
            make_audio(folder / "music" / "First" / f"{number}.mp3", title=title, **tags)
        (folder / "music" / "First" / "cover.jpg").write_bytes(JPEG)
        make_audio(folder / "music" / "Second" / "1.mp3", title="Other", album="Second")
        manage(server.variables, "scan_tracks").check_returncode()
        yield Shared(server, **json.loads(server.python(MAKE)))


def test_the_page_lists_the_music_and_plays_it_without_a_login(shared: Shared) -> None:
    page = shared.page("album")
    assert page.status_code == 200
    assert [page.text.count(f">{title}</span>") for title in ("One", "Two", "Three")] == [1] * 3
    assert "Other" not in page.text
    assert "For &quot;you&quot; &amp; &lt;b&gt;me&lt;/b&gt;" in page.text
    first, *_ = shared.files("album")
    sound = shared.get(f"{first}stream", Range="bytes=10-19")
    assert (sound.status_code, len(sound.content)) == (206, 10)
    assert sound.headers["content-type"] == "audio/mpeg"
    cover = shared.get(f"{first}covers/64.webp")
    assert (cover.status_code, cover.headers["content-type"]) == (200, "image/webp")
    kept = shared.get(f"{first}download")
    assert kept.headers["content-disposition"].startswith("attachment")
    for response in (page, sound, cover, kept):
        assert "set-cookie" not in response.headers
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in response.headers["x-robots-tag"]
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "FOO"])
def test_what_is_no_read_is_refused_with_the_headers_of_a_share(
    shared: Shared, method: str
) -> None:
    link = f"{shared.server.url}/music/s/{shared.tokens['album']}"
    for address in (link, f"{link}/nothing"):
        answer = httpx.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "no-store" in answer.headers["cache-control"]


def test_messengers_find_a_title_and_a_picture(shared: Shared) -> None:
    text = shared.page("album").text
    assert '<meta property="og:title" content="For &quot;you&quot;' in text
    found = re.search(r'<meta property="og:image" content="([^"]*)"', text)
    assert found
    assert found[1].startswith(f"{shared.server.url}/music/s/")
    picture = httpx.get(found[1])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")


def test_nothing_but_its_own_files_can_be_reached(shared: Shared) -> None:
    """Every combination of the parts of two visits to two shares, and of all tracks."""
    addresses = [*shared.files("album"), *shared.files("album"), *shared.files("other")]
    right = set(addresses)
    parts = [re.fullmatch(r"s/(\w+)/([\w-]+)/(\d+)-(\w+)/", each) for each in addresses]
    by_part = [dict.fromkeys(each[n] for each in parts if each) for n in (1, 2, 4)]
    tokens, visits, keys = by_part
    assert (len(tokens), len(visits), len(keys)) == (2, 3, 7)
    reached = set()
    with httpx.Client() as client:
        for token, visit, pk, key in product(tokens, visits, shared.ids.values(), keys):
            address = f"s/{token}/{visit}/{pk}-{key}/"
            status = client.head(f"{shared.server.url}/music/{address}stream").status_code
            assert status in {200, 404}
            reached |= {address} if status == 200 else set()
    assert reached == right


@pytest.mark.parametrize(
    "end", ["download", "covers/original.webp", "covers/65.webp", "lyrics", "..%2fstream", ""]
)
def test_other_addresses_below_a_share_open_nothing(shared: Shared, end: str) -> None:
    (file,) = shared.files("other")  # without downloads
    assert shared.get(f"{file}{end}").status_code == 404


def test_whatever_opens_nothing_looks_the_same(shared: Shared) -> None:
    shared.at = "192.0.2.2"
    dead = [shared.page(name) for name in ("ended", "deleted", "forbidden")]
    token = shared.tokens["album"]
    wrong = f"{token[:-1]}{'a' if token[-1] != 'a' else 'b'}"
    dead += [shared.get(f"s/{each}") for each in (wrong, "", "x/y/z")]
    assert {each.status_code for each in dead} == {404}
    assert len({each.content for each in dead}) == 1
    headers = [{**each.headers, "date": ""} for each in dead]
    assert all(each == headers[0] for each in headers)
    assert "noindex" in headers[0]["x-robots-tag"]
    assert [shared.page("ended").status_code for _ in range(9)] == [404] * 9  # guesses nothing
    assert shared.page("album").status_code == 200


def test_a_visit_counts_once_and_plays_on_when_the_limit_is_reached(shared: Shared) -> None:
    pages = [shared.files("twice") for _ in range(4)]  # also that of a messenger
    assert shared.visits("twice") == 0
    for page in pages[:2]:
        for file, part in product(page, ("0-9", "10-19")):
            assert shared.get(f"{file}covers/64.webp").status_code == 200
            sound = shared.get(f"{file}stream", Range=f"bytes={part}")
            assert sound.status_code == 206
    assert shared.visits("twice") == 2
    assert shared.page("twice").status_code == 404
    assert shared.get(f"{pages[2][0]}stream").status_code == 404
    assert httpx.head(f"{shared.server.url}/music/{pages[2][0]}stream").status_code == 404
    assert shared.get(f"{pages[0][2]}stream").status_code == 200
    assert shared.visits("twice") == 2


def test_the_log_has_no_link(shared: Shared) -> None:
    shared.at = "192.0.2.1"
    shared.files("album")
    token = shared.tokens["album"]
    encoded = "".join(f"%{ord(letter):02x}" for letter in token)
    for address in (f"%73/{token}", f"s/{encoded}", f"s//{token}", f"S/{token}", token):
        assert shared.get(address).status_code in {200, 404}
    assert encoded not in shared.server.output()
    assert f"/music/s/{shared.tokens['album'][:8]}" in shared.server.output()
    assert not any(token in shared.server.output() for token in shared.tokens.values())


def test_who_guesses_has_to_wait(shared: Shared) -> None:
    """What plays, plays on, and others notice nothing."""
    shared.at = "192.0.2.3"
    file, *_ = shared.files("album")
    tries = [shared.get(f"s/{'a' * 33}{letter}") for letter in "bcdefghijk"]
    assert [each.status_code for each in tries][-1] == 429
    assert int(tries[-1].headers["retry-after"]) > 0
    assert shared.page("album").status_code == 429
    assert shared.get(f"{file}stream").status_code == 200
    shared.at = "192.0.2.4"
    assert shared.page("album").status_code == 200
