"""An upgrade of a library whose albums the version before worked out, track by track.

`version_before/albums.*` are backups that the version before wrote: it scanned
`bench.upgrade.hard_cases` with 40 albums, users listened to some tracks, files went, and it scanned
again. `python -m bench.upgrade` does the same with files, also while servers of both versions run.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.settings.upgraded import variables_on
from tests.web.served import manage

VERSION_BEFORE = Path(__file__).parent / "version_before"
OLD_ROWS = """
import json
from django.db import connection
def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted(list(map(str, row)) for row in cursor.fetchall())
print(json.dumps({
    "tracks": rows("SELECT id, path, added_at, album_id, missing_since FROM library_track"),
    "albums": rows("SELECT id, title FROM library_album"),
    "artists": rows("SELECT id, name FROM library_artist"),
    "states": rows("SELECT user_id, current_track_id FROM library_playerstate"),
}))
"""
ROWS_NOW = """
import json
from library.models.albums import Album
from library.models.catalogue import TrackArtist
from library.models.folders import Folder
from library.models.tombstones import Tombstone
from library.models.words import Word
print(json.dumps({
    "albums": list(Album.objects.values_list(
        "pk", "title", "together_by", "apart_by", "track_count", "name_key")),
    "stones": list(Tombstone.objects.values_list("kind", "row_id", "replaced_by")),
    "credits": list(TrackArtist.objects.filter(role="artist").values_list(
        "track", "artist", "artist__name", "artist__musicbrainz_artist_id", "is_identified")),
    "flagged": Folder.objects.filter(albums_to_settle=True).count(),
    "words": Word.objects.filter(text__in=["album", "mudla"]).count(),
}))
"""
Rows = dict[str, Any]


@pytest.fixture(params=["sqlite", "postgresql"])
def restored(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    variables = variables_on(request, tmp_path, "albums_of_the_version_before")
    backup = VERSION_BEFORE / f"albums.{request.param}.tar.gz"
    manage(variables, "restore_library", str(backup)).check_returncode()
    return variables


def shell(variables: dict[str, str], code: str) -> Rows:
    done = manage(variables, "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    found: Rows = json.loads(done.stdout)
    return found


def migrate_and_settle(variables: dict[str, str]) -> None:
    """A portion of what a server does after an upgrade. The files of before are not there, so it
    reads none."""
    for arguments in (("migrate", "--verbosity", "0"), ("scan_tracks", "--reread")):
        done = manage(variables, *arguments)
        assert done.returncode == 0, done.stderr


@pytest.mark.server
def test_ids_of_tracks_stay_and_old_ids_of_albums_lead_to_new_ones(
    restored: dict[str, str],
) -> None:
    before = shell(restored, OLD_ROWS)
    manage(restored, "migrate", "--verbosity", "0").check_returncode()
    migrated = shell(restored, OLD_ROWS)
    assert [migrated[name] for name in ("tracks", "albums", "states")] == [
        before[name] for name in ("tracks", "albums", "states")
    ]
    migrate_and_settle(restored)
    after, now = shell(restored, OLD_ROWS), shell(restored, ROWS_NOW)
    assert [row[:3] for row in after["tracks"]] == [row[:3] for row in before["tracks"]]
    assert after["states"] == before["states"]
    assert now["flagged"] == 0
    stones = {row_id: living for kind, row_id, living in now["stones"] if kind == "album"}
    gone = {int(pk) for pk, _ in before["albums"]} - {row[0] for row in now["albums"]}
    assert gone
    assert stones.keys() == gone
    went_to = defaultdict[int, Counter[int]](Counter)
    on = {pk: album for pk, _, _, album, _ in after["tracks"]}
    for pk, _, _, album, missing in before["tracks"]:
        if album != "None" and missing == "None":
            went_to[int(album)][int(on[pk])] += 1
    for old, living in stones.items():
        assert went_to[old][living] == max(went_to[old].values())


@pytest.mark.server
def test_albums_are_worked_out_by_the_rules_of_this_version(restored: dict[str, str]) -> None:
    migrate_and_settle(restored)
    now = shell(restored, ROWS_NOW)
    shown = [row for row in now["albums"] if row[4]]
    assert all(together for _, _, together, *_ in shown)
    titles = Counter(title for _, title, *_ in shown)
    expected = {"Box": 1, "Double": 3, "Original Soundtrack": 1, "Party": 2}
    assert {title: titles[title] for title in expected} == expected


@pytest.mark.server
def test_artists_of_one_name_are_one_unless_their_ids_differ(restored: dict[str, str]) -> None:
    before = shell(restored, OLD_ROWS)
    names = [name for _, name in before["artists"]]
    assert {"Guns N\u2019 Roses", "Guns N' Roses"} <= set(names)
    migrate_and_settle(restored)
    now = shell(restored, ROWS_NOW)
    ids = {pk for _, pk, name, *_ in now["credits"] if name.casefold().startswith("guns")}
    assert len(ids) == 1
    stones = {row_id: living for kind, row_id, living in now["stones"] if kind == "artist"}
    old = {int(pk) for pk, name in before["artists"] if name.casefold().startswith("guns")}
    assert {stones.get(pk, pk) for pk in old} == ids
    assert now["words"] == 1
