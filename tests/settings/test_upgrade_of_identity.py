"""Tracks that a version without joins and API keys has scanned keep their ids after an upgrade.

The database is given back to that version: which scan added a track, joins and keys are gone then,
and the scans in the history are as that version wrote them.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.audio_files import make_noise, retag
from tests.settings.upgraded import variables_on
from tests.web.served import manage

NAMES = (
    *("moved", "one", "other", "copied before", "copied after", "silent"),
    "tagged",
)
"""The titles of the tracks. Each test changes files of its own."""
GO_BACK = """
import json
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from library.models.catalogue import Track
from library.queries.revision import library_revision
from listening.models import PlayerState
ada = User.objects.create_user("ada")
PlayerState.objects.create(user=ada, current_track=Track.objects.get(title="moved"))
client = Client()
client.force_login(ada)
Track.objects.filter(title__startswith="silent").update(audio_digest="", read_with="")
print(json.dumps({
    "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
    "revision": library_revision()[0], "epoch": library_revision()[1].partition("-")[0],
    "ids": dict(Track.objects.exclude(path__startswith="copies").values_list("title", "pk")),
}))
for target in [("accounts", "zero"), ("listening", "0002"), ("library", "0018")]:
    call_command("migrate", *target, verbosity=0)
"""
"""Fills the library, and gives it back to the version before."""
ROWS = """
import json
from library.models.catalogue import Track
from library.models.joins import Join
print(json.dumps({
    "tracks": list(Track.objects.order_by("pk").values_list(
        "pk", "title", "path", "missing_since__year", "added_by_scan")),
    "joins": list(Join.objects.values_list("track_id", "replaced_id")),
}))
"""
AS_A_CLIENT = """
import json
from django.conf import settings
from django.test import Client
from library.queries.revision import library_revision
from listening.models import PlayerState
client = Client(SERVER_NAME="localhost")
client.cookies[settings.SESSION_COOKIE_NAME] = "{session}"
answer = client.get("/api/v1/sync", {{"since": "{since}"}} if "{since}" else {{}})
assert answer.status_code == 200, answer.content
said = answer.json()
print(json.dumps({{
    "token": said["token"], "is_whole": said["is_whole"],
    "titles": sorted(row["title"] for row in said["tracks"]),
    "removed": len(said["removed"]), "playing": PlayerState.objects.get().current_track_id,
}}))
"""
BY_AN_OLDER_SERVER = """
from django.utils import timezone
from library.models.catalogue import Track
from library.models.revision import Revision
from library.models.scan import Scan
number = Revision.objects.raised()
Track.objects.filter(title="Tagged anew").update(revision=number)
Scan.objects.create(
    trigger="api", state="completed", finished_at=timezone.now(), updated=1, revision=number
)
"""


class Upgraded:
    """A library of the version before, that was migrated. `ids`: by title, before the upgrade."""

    def __init__(self, variables: dict[str, str]) -> None:
        self.variables = variables
        self.music = Path(variables["MUSIC_DIR"])
        self.manage("migrate", "--verbosity", "0")
        for number, name in enumerate(NAMES):
            make_noise(self.file(name), number, title=name, artist=name, album=name)
        self.manage("scan_tracks")
        self.copy("copied before")
        self.manage("scan_tracks")
        said = json.loads(self.shell(GO_BACK))
        self.ids: dict[str, int] = said["ids"]
        self.session, self.epoch, self.revision = said["session"], said["epoch"], said["revision"]
        self.manage("migrate", "--verbosity", "0")

    def manage(self, *arguments: str) -> str:
        done = manage(self.variables, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def file(self, name: str) -> Path:
        return self.music / name / f"{name}.wav"

    def copy(self, name: str) -> Path:
        copy = self.music / "copies" / f"{name}.wav"
        copy.parent.mkdir(exist_ok=True)
        return Path(shutil.copy2(self.file(name), copy))

    def rows(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.shell(ROWS))
        return found

    def tracks(self) -> dict[int, tuple[str, str, bool]]:
        """By id the title, the path, and whether the track is missing."""
        tracks = self.rows()["tracks"]
        return {pk: (title, path, bool(year)) for pk, title, path, year, _ in tracks}

    def sync(self, since: str = "") -> dict[str, Any]:
        said = self.shell(AS_A_CLIENT.format(session=self.session, since=since))
        answer: dict[str, Any] = json.loads(said)
        return answer


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def upgraded(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Upgraded:
    return Upgraded(variables_on(request, tmp_path_factory.mktemp("with_sounds"), "with_sounds"))


@pytest.mark.server
def test_files_that_are_moved_after_the_upgrade_keep_their_ids(upgraded: Upgraded) -> None:
    ids, music = upgraded.ids, upgraded.music
    assert {row[4] for row in upgraded.rows()["tracks"] if row[0] in ids.values()} == {0}
    retag(upgraded.file("moved"), title="Another title", artist="Another artist")
    upgraded.file("moved").rename(music / "01.wav")
    one, other, aside = upgraded.file("one"), upgraded.file("other"), music / "aside"
    for old, new in ((one, aside), (other, one), (aside, other)):
        old.rename(new)
    upgraded.manage("scan_tracks")
    tracks = upgraded.tracks()
    assert tracks[ids["moved"]] == ("Another title", "01.wav", False)
    assert tracks[ids["one"]][:2] == ("one", "other/other.wav")
    assert tracks[ids["other"]][:2] == ("other", "one/one.wav")
    assert upgraded.sync()["playing"] == ids["moved"]


@pytest.mark.server
def test_a_copy_made_after_the_upgrade_is_joined_and_one_of_before_stays_a_track(
    upgraded: Upgraded,
) -> None:
    """Of tracks from before it is not known which of them came first."""
    upgraded.copy("copied after")
    upgraded.manage("scan_tracks")
    copies = {pk: row for pk, row in upgraded.tracks().items() if row[1].startswith("copies")}
    assert len(copies) == 2
    for name in ("copied before", "copied after"):
        shutil.rmtree(upgraded.file(name).parent)
    upgraded.manage("scan_tracks")
    found = upgraded.rows()
    ((stays, goes),) = found["joins"]
    assert stays == upgraded.ids["copied after"]
    tracks = upgraded.tracks()
    assert tracks[stays][1:] == ("copies/copied after.wav", False)
    assert goes not in tracks
    assert tracks[upgraded.ids["copied before"]][2]
    assert [pk for pk, row in tracks.items() if row[1] == "copies/copied before.wav"] == [
        pk for pk, row in copies.items() if row[0] == "copied before"
    ]


@pytest.mark.server
def test_tracks_whose_sound_was_never_read_are_known_by_their_tags(upgraded: Upgraded) -> None:
    there = upgraded.music / "elsewhere"
    there.mkdir()
    upgraded.file("silent").rename(there / "0.wav")
    upgraded.manage("scan_tracks")
    assert upgraded.tracks()[upgraded.ids["silent"]] == ("silent", "elsewhere/0.wav", False)


@pytest.mark.server
def test_a_client_that_keeps_a_copy_fetches_everything_once(upgraded: Upgraded) -> None:
    """And once more if a server of the version before has changed the library since."""
    first = upgraded.sync(since=f"{upgraded.epoch}-{upgraded.revision - 1}")
    assert (first["is_whole"], "tagged" in first["titles"]) == (True, True)
    retag(upgraded.file("tagged"), title="Tagged anew")
    upgraded.manage("scan_tracks")
    second = upgraded.sync(since=first["token"])
    assert (second["is_whole"], "Tagged anew" in second["titles"]) == (False, True)
    upgraded.shell(BY_AN_OLDER_SERVER)
    third = upgraded.sync(since=second["token"])
    assert third["is_whole"]
    assert not upgraded.sync(since=third["token"])["is_whole"]
