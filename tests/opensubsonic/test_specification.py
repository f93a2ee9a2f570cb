"""Every answer in every format, by GET and by POST, held against OpenSubsonic's own description."""

import json

import httpx
import pytest

from opensubsonic.endpoints import NAMES
from tests.opensubsonic.conftest import RestServer
from tests.opensubsonic.every_call import BYTES, CALLS, NOT_OF_THE_PROTOCOL, REFUSED, EveryCall
from tests.opensubsonic.specification import JsonAnswers, NotToBeHad, XmlAnswers, folder_of

pytestmark = pytest.mark.server

OF_OURS = {
    "artists.lastModified",  # as the older form has it
    "scanStatus.folderCount",
    "scanStatus.lastScan",
    "user.email",  # of Subsonic's own description
    "users.user.email",
}
"""Fields that the description lacks. The entries of getAlbumList have those of AlbumID3, too: some
clients read them as such."""
ALBUMS_OF_FOLDERS = "albumList.album."
HASHING = {"changePassword", "createUser", "deleteUser"}
"""Those that compute the hash of a password, which is slow on purpose, are called by GET alone."""
LATER = {"findSonicPath", "getSonicSimilarTracks"}
CALLBACK = "answered"


@pytest.fixture(scope="module")
def specification(tmp_path_factory: pytest.TempPathFactory) -> tuple[JsonAnswers, XmlAnswers]:
    try:
        folder = folder_of(tmp_path_factory.mktemp("opensubsonic"))
    except NotToBeHad as reason:
        pytest.skip(str(reason))
    return JsonAnswers(folder), XmlAnswers(folder)


@pytest.fixture(scope="module")
def every_call(rest_server: RestServer) -> EveryCall:
    return EveryCall(rest_server).prepare()


def test_every_endpoint_is_called_here() -> None:
    assert set(NAMES.values()) <= set(CALLS)


def test_every_endpoint_of_the_description_is_answered(
    specification: tuple[JsonAnswers, XmlAnswers],
) -> None:
    assert specification[0].names() - LATER <= set(NAMES.values())


@pytest.mark.parametrize("endpoint", sorted(set(CALLS) - BYTES - NOT_OF_THE_PROTOCOL))
def test_the_answer_is_as_described(
    endpoint: str, every_call: EveryCall, specification: tuple[JsonAnswers, XmlAnswers]
) -> None:
    if endpoint.lower() not in NAMES:
        pytest.skip("not there yet")
    in_json, in_xml = specification
    for ask in (every_call.get,) if endpoint in HASHING else (every_call.get, every_call.post):
        answer = ask(endpoint, **every_call.said(endpoint))
        assert answer.status_code == 200
        body = answer.json()
        assert body["subsonic-response"].get("error", {}).get("code") == REFUSED.get(endpoint)
        found = in_json.problems(endpoint, body)
        assert not [each for each in found if not _is_of_ours(each)]
        xml = ask(endpoint, **every_call.said(endpoint), f="xml")
        assert not in_xml.problems(xml.content)
        script = ask(endpoint, **every_call.said(endpoint), f="jsonp", callback=CALLBACK)
        assert unwrapped(script).keys() == body.keys()


def _is_of_ours(problem: str) -> bool:
    """Whether a field is one that we add to what is described."""
    place, _, what = problem.removeprefix("$.subsonic-response.").partition(": ")
    is_added = place in OF_OURS or place.startswith(ALBUMS_OF_FOLDERS)
    return is_added and what == "is not described"


def unwrapped(script: httpx.Response) -> dict[str, object]:
    text = script.text
    assert text.startswith(f"{CALLBACK}(")
    assert text.endswith(");")
    found: dict[str, object] = json.loads(text.removeprefix(f"{CALLBACK}(").removesuffix(");"))
    return found


@pytest.mark.parametrize("endpoint", sorted(BYTES))
def test_bytes_come_by_get_and_by_post(endpoint: str, every_call: EveryCall) -> None:
    if endpoint.lower() not in NAMES:
        pytest.skip("not there yet")
    for ask in (every_call.get, every_call.post):
        answer = ask(endpoint, **every_call.said(endpoint))
        assert answer.status_code == 200
        assert answer.content
        assert not answer.headers["content-type"].startswith(("application/json", "text/"))
        for f, kind in (("json", "application/json"), ("xml", "text/xml; charset=utf-8")):
            error = ask(endpoint, id="tr-999999", username="nobody", f=f)
            assert error.status_code == 200
            assert error.headers["content-type"] == kind
