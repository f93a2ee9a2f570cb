"""An upgrade makes names one that differ in typography alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.databases import IS_POSTGRESQL, place_in, query
from tests.settings.upgraded import variables_on
from tests.web.served import environment, manage

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "99999999-2222-4333-8444-555555555555"
BEFORE, MIGRATION = "0016", "0018"

FILL = f"""
from django.db import connection
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state([("library", "0016_names_in_credits")]).apps
model = lambda name: apps.get_model("library", name)
def old_key(name):
    return " ".join(name.casefold().split())
def track(path, **fields):
    needed = dict(root="/music", path=path, mtime_ns=1, size_bytes=1, title=path, artist="A")
    return model("Track").objects.create(**needed, revision=1, **fields)
def artist(name, **fields):
    return model("Artist").objects.create(key=old_key(name), name=name, sort_key=name, **fields)
def named(kind, name):
    return model(kind).objects.create(key=old_key(name), name=name, sort_key=name)
def credit(track, artist, position=0, role="artist"):
    model("TrackArtist").objects.create(track=track, artist=artist, role=role, position=position)

curly, plain = artist("Guns N\\u2019 Roses"), artist("Guns N' Roses", musicbrainz_artist_id="{ONE}")
meg, other_meg = artist("M\\u2010G", musicbrainz_artist_id="{ONE}"), artist(
    "M-G", musicbrainz_artist_id="{TWO}")
hop, hop_2, hop_3 = (named("Genre", f"Hip{{dash}}Hop") for dash in "\\u2010\\u2011-")
trade, trade_2 = named("Label", "Rough\\u2010Trade"), named("Label", "Rough-Trade")
album = model("Album").objects.create(key="k", title="T", title_key="t")
model("AlbumLabel").objects.create(album=album, label=trade, position=0)
model("AlbumLabel").objects.create(album=album, label=trade_2, position=1)
for number in range(4):
    one = track(f"{{number}}.mp3", album=album, artists=["Guns N\\u2019 Roses"])
    credit(one, plain if number == 3 else curly)
    for position, genre in enumerate((hop, hop_2, hop_3)[: 1 + number % 3]):
        model("TrackGenre").objects.create(track=one, genre=genre, position=position)
both = track("both.mp3", artists=["Guns N' Roses"], musicbrainz_artist_ids=["{ONE}"])
credit(both, curly)
credit(both, plain, 1)
megs = track("megs.mp3", artists=["M\\u2010G"], musicbrainz_artist_ids=["{ONE}"])
credit(megs, meg)
credit(track("meg.mp3", artists=["M-G", "X"], musicbrainz_artist_ids=["{TWO}"]), other_meg)
for number in range(250):
    artist(f"Someone\\u2019s {{number}}")
    if number % 2:
        artist(f"Someone's {{number}}")
"""
ROWS = """
import json
from library.models.albums import AlbumLabel
from library.models.catalogue import Artist, Track, TrackArtist, TrackGenre
from library.models.genres import Genre, Label
from library.models.tombstones import Tombstone
lists = {
    "artists": Artist.objects.order_by("pk").values_list(
        "pk", "key", "name", "musicbrainz_artist_id"),
    "credits": TrackArtist.objects.order_by("pk").values_list(
        "track__path", "artist", "position", "is_identified", "credited_as"),
    "genres": Genre.objects.values_list("key", "name"),
    "track_genres": TrackGenre.objects.order_by("track", "position").values_list(
        "track__path", "genre__name", "position"),
    "labels": AlbumLabel.objects.values_list("label__name", "position"),
    "all_labels": Label.objects.values_list("key", "name"),
    "stones": Tombstone.objects.order_by("row_id").values_list("kind", "row_id", "replaced_by"),
    "touched": Track.objects.filter(revision__gt=1).order_by("path").values_list("path"),
}
print(json.dumps({name: list(rows) for name, rows in lists.items()}))
"""


def shell(variables: dict[str, str], code: str) -> str:
    done = manage(variables, "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(variables: dict[str, str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = json.loads(shell(variables, ROWS))
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def variables(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    return variables_on(request, tmp_path, "with_names")


def migrate(variables: dict[str, str], *target: str) -> None:
    done = manage(variables, "migrate", *target, "--verbosity", "0")
    assert done.returncode == 0, done.stderr


@pytest.mark.server
def test_rows_of_one_name_are_joined(variables: dict[str, str]) -> None:
    migrate(variables, "library", BEFORE)
    shell(variables, FILL)
    migrate(variables)
    found = rows(variables)
    artists = found["artists"]
    first = artists[0][0]
    assert [[pk - first, *rest] for pk, *rest in artists[:3]] == [
        [0, "guns n' roses", "Guns N\u2019 Roses", ONE],
        [2, "m-g", "M\u2010G", ONE],
        [3, f"m-g\n{TWO}", "M-G", TWO],
    ]
    assert len(artists) == 3 + 250
    assert {key for _, key, *_ in artists[3:]} == {f"someone's {number}" for number in range(250)}
    stones = [stone for stone in found["stones"] if stone[1] <= first + 3]
    assert stones == [["artist", first + 1, first]]
    assert len(found["stones"]) == 1 + 125
    assert [[path, pk - first, *rest] for path, pk, *rest in found["credits"]] == [
        *([f"{number}.mp3", 0, 0, False, None] for number in range(3)),
        ["3.mp3", 0, 0, False, "Guns N' Roses"],
        ["both.mp3", 0, 0, True, None],
        ["megs.mp3", 2, 0, True, None],
        ["meg.mp3", 3, 0, True, None],
    ]
    assert found["genres"] == [["hip-hop", "Hip\u2010Hop"]]
    assert found["track_genres"] == [[f"{number}.mp3", "Hip\u2010Hop", 0] for number in range(4)]
    assert found["all_labels"] == [["rough-trade", "Rough\u2010Trade"]]
    assert found["labels"] == [["Rough\u2010Trade", 0]]
    assert found["touched"] == [["1.mp3"], ["2.mp3"], ["3.mp3"], ["both.mp3"]]


STOP = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT max(id) FROM library_artist")
    last = cursor.fetchone()[0]
    cursor.execute(
        "CREATE TRIGGER stop BEFORE DELETE ON library_artist WHEN OLD.id = %d "
        "BEGIN SELECT RAISE(ABORT, 'stopped'); END" % last
    )
"""
GO_ON = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP TRIGGER stop")
"""
AS_IF_INTERRUPTED = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_migrations WHERE app = 'library' AND name LIKE '0018%'")
"""


@pytest.mark.server
@pytest.mark.skipif(IS_POSTGRESQL, reason="a trigger of SQLite interrupts the migration")
def test_a_migration_that_was_interrupted_makes_the_same_rows(tmp_path: Path) -> None:
    found = []
    for name in ("whole", "interrupted"):
        (tmp_path / name).mkdir()
        variables = environment(tmp_path / name, 1)
        migrate(variables, "library", BEFORE)
        shell(variables, FILL)
        if name == "interrupted":
            shell(variables, STOP)
            done = manage(variables, "migrate", "library", MIGRATION, "--verbosity", "0")
            assert "stopped" in done.stderr
            ask = "SELECT count(*) FROM library_artist WHERE key LIKE '%\u2019%'"
            place = place_in(tmp_path / name / "data")
            (left,) = (next(iter(row.values())) for row in query(place, ask))
            assert 0 < left < 250
            shell(variables, GO_ON)
            migrate(variables, "library", MIGRATION)
            shell(variables, AS_IF_INTERRUPTED)
        migrate(variables)
        found.append(rows(variables))
    assert found[0] == found[1]
