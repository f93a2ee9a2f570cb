"""A database of an older version, brought up to this one.

`version_before/` holds backups that the version before wrote, of one library in each kind of
database: users and sessions, 24 tracks of which three are missing, covers, a failure, scans with
their events, player states, and an entry about one of these in the log of the admin.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.databases import place_in, query
from tests.settings.upgraded import variables_on
from tests.web.served import environment, manage

VERSION_BEFORE = Path(__file__).parent / "version_before"
CONTENT_TYPE = "django_content_type"
OF_NEW_MODELS = (CONTENT_TYPE, "auth_permission")
ROWS = """
import json
from django.db import connection
with connection.cursor() as cursor:
    tables = {}
    for name in sorted(connection.introspection.table_names(cursor)):
        cursor.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        tables[name] = [dict(zip(columns, row)) for row in cursor.fetchall()]
print(json.dumps(tables, default=str))
"""

LONG = "".join(chr(0x4E00 + 7 * number % 20_000) for number in range(866))
"""2,598 bytes that say nothing twice, as many as the index of before took."""
AT = """
from django.db import connection
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state([("library", "{migration}")]).apps
Track, Album = apps.get_model("library", "Track"), apps.get_model("library", "Album")
def make_track(**fields):
    path = f"{{Track.objects.count()}}.flac"
    needed = dict(root="/music", path=path, mtime_ns=1, size_bytes=1, title="T", artist="A")
    return Track.objects.create(**{{**needed, "revision": 1, **fields}})
"""
"""Defines the models as `migration` leaves them, and how a track of them is made."""
FILL = f"""
{AT.format(migration="0006_paths_of_any_length")}
long = {json.dumps(LONG)}
key = long[:200]
make_track(title="long", search_text=long, title_key=key, artist_key=key[::-1], album_key=key[1:])
make_track(title="short", search_text="Bj\\u00f6rk " * 40, title_key="x" * 200)
"""


@pytest.mark.server
def test_what_is_longer_than_indexes_hold_now_is_cut_and_nothing_else(tmp_path: Path) -> None:
    variables = environment(tmp_path, 1)
    manage(variables, "migrate", "library", "0006", "--verbosity", "0").check_returncode()
    manage(variables, "shell", "--no-imports", "-c", FILL).check_returncode()
    columns = "title_key, artist_key, album_key, search_text"
    ask = f"SELECT {columns} FROM library_track ORDER BY title"  # noqa: S608
    before = query(place_in(tmp_path / "data"), ask)
    done = manage(variables, "migrate", "library", "0007", "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    long, short = query(place_in(tmp_path / "data"), ask)
    assert [len(text.encode()) for text in long.values()] == [240, 240, 240, 1_998]
    assert all(
        old.startswith(new) for old, new in zip(before[0].values(), long.values(), strict=True)
    )
    assert short == before[1]
    manage(variables, "migrate", "library", "0006", "--verbosity", "0").check_returncode()
    assert query(place_in(tmp_path / "data"), ask) == [long, short]


GENRES = f"""
{AT.format(migration="0009_revision_tombstones_kinds")}
album = Album.objects.create(key="k", title="Blue", album_artist="B", title_key="blue", year=1959)
gone = Album.objects.create(key="g", title="Gone", album_artist="B", title_key="gone")
early, late = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
kept = dict(album=album, album_title="Blue", artist="B")
make_track(**kept, genre="Jazz; Cool Jazz", year=1959, duration_s=2.5, added_at=late)
make_track(**kept, genre="cool jazz", composer="M. Davis", duration_s=1.5, added_at=early)
make_track(**kept, genre="Rock", missing_since=late)
make_track(album=gone, album_title="Gone", genre="; ", missing_since=late)
for number in range(1500):
    make_track(genre=f"G {{number % 3}}")
"""
AS_IF_INTERRUPTED = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_migrations WHERE name LIKE '0011%'")
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    return variables_on(request, tmp_path, "with_genres")


Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def restored(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The variables of an installation in which a backup of the version before was restored."""
    variables = variables_on(request, tmp_path, "of_the_version_before")
    backup = VERSION_BEFORE / f"{request.param}.tar.gz"
    done = manage(variables, "restore_library", str(backup))
    assert done.returncode == 0, done.stderr
    assert "The backup is of an older version: run manage.py migrate." in done.stdout
    return variables


def rows(variables: dict[str, str]) -> Rows:
    done = manage(variables, "shell", "--no-imports", "-c", ROWS)
    assert done.returncode == 0, done.stderr
    tables: Rows = json.loads(done.stdout)
    return {name: sorted(each, key=_key) for name, each in tables.items()}


def _key(row: dict[str, Any]) -> Any:
    return row["id"] if "id" in row else row["session_key"]


COMPUTED = {
    "library_track": ("title_key", "artist_key", "album_key", "search_text"),
    "library_album": ("title_key", "artist_key"),
    "library_artist": ("name_key", "sort_key"),
}
"""What is made of other columns, by each version in its own way."""


def as_before(before: Rows, after: Rows) -> Rows:
    """Of `after` the tables and columns that there were before, without COMPUTED; and of the record
    of migrations, and of what Django adds for each new model, the rows."""
    kept = {
        table: [{name: row[name] for name in (each or [row])[0]} for row in after[table]]
        for table, each in before.items()
    }
    for table in OF_NEW_MODELS:
        ids = {row["id"] for row in before[table]}
        kept[table] = [row for row in kept[table] if row["id"] in ids]
    for table, names in COMPUTED.items():
        for row, was in zip(kept[table], before[table], strict=True):
            row |= {name: was[name] for name in names}
    kept["django_migrations"] = kept["django_migrations"][: len(before["django_migrations"])]
    return kept


def migrate(variables: dict[str, str], *arguments: str) -> Rows:
    done = manage(variables, "migrate", *arguments, "--verbosity", "0")
    assert done.returncode == 0, done.stderr
    return rows(variables)


def columns(found: list[dict[str, Any]], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in found]


@pytest.mark.server
def test_new_fields_are_filled_without_the_files(empty: dict[str, str]) -> None:
    """Also if that is interrupted and begins anew; and genres are given back as they were."""
    migrate(empty, "library", "0009")
    manage(empty, "shell", "--no-imports", "-c", GENRES).check_returncode()
    for _ in range(2):
        after = migrate(empty, "library", "0011")
        of_track = ("genre", "genres", "first_year", "search_text")
        assert columns(after["library_track"][:4], of_track) == [
            ("Jazz", '["Jazz", "Cool Jazz"]', 1959, "t\nb\nblue\njazz\ncool jazz\n1959"),
            ("cool jazz", '["cool jazz"]', None, "t\nb\nblue\nm. davis\ncool jazz"),
            ("Rock", '["Rock"]', None, "t\nb\nblue\nrock"),
            ("", "[]", None, "t\na\ngone"),
        ]
        of_album = ("title", "genres", "first_year", "search_text", "track_count", "duration_s")
        assert columns(after["library_album"], of_album) == [
            ("Blue", '["Cool Jazz", "Jazz"]', 1959, "blue\nb\ncool jazz\njazz\n1959", 2, 4.0),
            ("Gone", "[]", None, "gone\nb", 0, 0.0),
        ]
        blue, gone = after["library_album"]
        assert str(blue["first_added_at"]).startswith("2026-01-01 00:00:00")
        assert gone["first_added_at"] is None
        keys = {row["id"]: row["key"] for row in after["library_genre"]}
        links = columns(after["library_trackgenre"], ("track_id", "position", "genre_id"))
        first = after["library_track"][0]["id"]
        assert len(links) == 1504
        assert [(track - first, keys[genre], at) for track, at, genre in sorted(links)[:5]] == [
            *((0, "jazz", 0), (0, "cool jazz", 1), (1, "cool jazz", 0), (2, "rock", 0)),
            (4, "g 0", 0),
        ]
        manage(empty, "shell", "--no-imports", "-c", AS_IF_INTERRUPTED).check_returncode()
    migrate(empty, "library", "0011")
    back = migrate(empty, "library", "0009")
    before = columns(back["library_track"][:1], ("genre", "search_text"))
    assert before == [("Jazz; Cool Jazz", "t\nb\nblue")]


OLD_NAMES = f"""
{AT.format(migration="0014_albums_artists_words")}
Artist, Credit = apps.get_model("library", "Artist"), apps.get_model("library", "TrackArtist")
Genre, Label = apps.get_model("library", "Genre"), apps.get_model("library", "Label")
def old(text):
    return dict(key=text, sort_key=text.lower())
beatles = Artist.objects.create(name="The Beatles", name_key="the beatles", **old("The Beatles"))
yes = Artist.objects.create(
    name="The Yes", sort_name="Yes, The", name_key="the yes", key="yes", sort_key="yes, the")
Genre.objects.create(name="The Blues", **old("The Blues"))
Label.objects.create(name="A\u2010M", **old("A-M"))
album = Album.objects.create(
    key="k", title="\u201cHeroes\u201d", album_artist="The Beatles", title_key="x", artist_key="x",
    genres=["Trentem\u00f8ller"], first_year=1977, search_text="x")
tracks = Track.objects.bulk_create(
    Track(
        root="/music", path=f"{{number}}.flac", mtime_ns=1, size_bytes=1, revision=1,
        title=f"The Hyper\u2010Ballad {{number}}", artist="The Beatles", artists=["The Beatles"],
        title_key="the hyper", artist_key="x", search_text="x", genres=["R&B"], year=1977)
    for number in range(4500))
Credit.objects.bulk_create(
    Credit(track=track, artist=beatles, role="artist", position=0) for track in tracks)
track = make_track(title="Z", artist="The Yes", artists=["The Yes"], artist_key="yes, the")
Credit.objects.create(track=track, artist=yes, role="artist", position=0)
"""
AS_IF_KILLED = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM django_migrations WHERE name LIKE '0015%'")
    cursor.execute("ALTER TABLE library_revision DROP COLUMN sorted_without")
    cursor.execute("UPDATE library_track SET title_key = 'x', search_text = 'x' WHERE id > 3000")
    cursor.execute("DELETE FROM library_word WHERE text = 'hyper'")
"""


@pytest.mark.server
def test_known_rows_are_searched_and_sorted_as_new_ones(empty: dict[str, str]) -> None:
    """Also if that is interrupted in the midst and begins anew."""
    migrate(empty, "library", "0014")
    made = manage(empty, "shell", "--no-imports", "-c", OLD_NAMES)
    assert made.returncode == 0, made.stderr
    for _ in range(2):
        after = migrate(empty, "library", "0015")
        of_track = ("title_key", "artist_key", "album_key", "search_text")
        tracks = columns(after["library_track"], of_track)
        assert tracks[:-1] == [
            (f"hyper ballad {number}", "beatles", "",
             f" the hyper ballad {number}\n the beatles\n rnb\n 1977")
            for number in range(4500)
        ]  # fmt: skip
        assert tracks[-1] == ("z", "yes the", "", " z\n the yes")
        (album,) = columns(after["library_album"], ("title_key", "artist_key", "search_text"))
        assert album == ("heroes", "beatles", " heroes\n the beatles\n trentemoller\n 1977")
        of_artist = ("sort_key", "name_key", "search_text")
        assert columns(after["library_artist"], of_artist) == [
            ("beatles", "the beatles", " the beatles"),
            ("yes the", "the yes", " the yes\n yes the"),
        ]
        assert columns(after["library_genre"], ("sort_key",)) == [("blues",)]
        assert columns(after["library_label"], ("sort_key",)) == [("am",)]
        words = dict(columns(after["library_word"], ("text", "backwards")))
        assert words.keys() >= {"hyper", "ballad", "beatles", "trentemoller", "yes", "rnb", "am"}
        assert words["hyper"] == "repyh"
        manage(empty, "shell", "--no-imports", "-c", AS_IF_KILLED).check_returncode()
    migrate(empty, "library", "0015")
    back = migrate(empty, "library", "0014")
    assert columns(back["library_track"][:1], ("title_key", "artist_key", "search_text")) == [
        (
            "the hyper\u2010ballad 0",
            "the beatles",
            "the hyper\u2010ballad 0\nthe beatles\nr&b\n1977",
        )
    ]
    assert columns(back["library_artist"], ("sort_key",)) == [("the beatles",), ("yes, the",)]


@pytest.mark.server
def test_each_row_of_the_version_before_is_as_it_was(restored: dict[str, str]) -> None:
    before = rows(restored)
    assert len(before["library_playerstate"]) == 6
    assert sum(track["missing_since"] is not None for track in before["library_track"]) == 3
    after = as_before(before, migrate(restored))
    (of_states,) = (row for row in before[CONTENT_TYPE] if row["model"] == "playerstate")
    assert of_states["app_label"] == "library"
    assert of_states["id"] == before["django_admin_log"][0]["content_type_id"]
    of_states["app_label"] = "listening"
    assert after == before


@pytest.mark.server
def test_the_player_states_can_be_given_back_to_the_version_before(
    restored: dict[str, str],
) -> None:
    before = rows(restored)
    migrate(restored)
    back = migrate(restored, "listening", "zero")
    assert as_before(before, back) == before


@pytest.mark.server
def test_the_revision_begins_above_each_number_that_was_one_before(
    restored: dict[str, str],
) -> None:
    after = migrate(restored)
    (revision,) = after["library_revision"]
    assert revision["number"] > max(scan["id"] for scan in after["library_scan"])
    assert revision["number"] > max(track["revision"] for track in after["library_track"])
    assert len(revision["epoch"]) == 16
    assert {scan["kind"] for scan in after["library_scan"]} == {"scan"}
    for scan in after["library_scan"]:
        has_changed = any(scan[name] for name in ("added", "updated", "moved", "missing"))
        assert scan["revision"] == (scan["id"] if has_changed or scan["restored"] else 0)


STILL_RUNS = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(
        "UPDATE library_scan SET state = 'running', finished_at = NULL "
        "WHERE id = (SELECT max(id) FROM library_scan)"
    )
"""


@pytest.mark.server
def test_a_scan_that_an_older_server_goes_on_with_is_looked_after(
    restored: dict[str, str],
) -> None:
    """Without a revision in its row, newer servers raise the number for what the scan changes, as
    they do for a scan that an older server begins after the migration."""
    manage(restored, "shell", "--no-imports", "-c", STILL_RUNS).check_returncode()
    scans = migrate(restored)["library_scan"]
    assert {scan["state"] for scan in scans if scan["revision"] is None} == {"running"}


@pytest.mark.server
def test_the_library_can_be_given_back_to_the_version_before(restored: dict[str, str]) -> None:
    before = rows(restored)
    migrate(restored)
    migrate(restored, "listening", "zero")
    back = as_before(before, migrate(restored, "library", "0008"))
    assert back == before


@pytest.mark.server
def test_the_upgraded_library_is_used_as_before(restored: dict[str, str]) -> None:
    migrate(restored)
    code = (
        "from django.contrib.auth.models import User; from library.scanning import *; "
        "ada = User.objects.get(username='ada'); "
        "print(ada.check_password('analytical engine'), purge_missing())"
    )
    done = manage(restored, "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    assert "True PurgeCounts(tracks=3" in done.stdout
    assert "the current track of" in done.stdout
    lost = [row["lost_title"] for row in rows(restored)["library_playerstate"]]
    assert any(lost)
    assert not all(lost)
