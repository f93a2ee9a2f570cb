"""`manage.py move_library`: all of a library, from SQLite to PostgreSQL."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests.audio_files import make_audio
from tests.services import PostgresqlServer
from tests.web.served import environment, manage

FILL = """
from django.contrib.auth.models import User
from django.test import Client
from accounts.api_keys import make_key
from django.utils import timezone
from library.models.catalogue import Track
from accounts.app_passwords import make_app_password
from library.models.joins import Join
from library.models.revision import Revision
from listening.models import PlayerState
from tests.listening.own_things import make_everything
ada = User.objects.create_superuser("ada", password="analytical engine")
Client().force_login(ada)
make_key(ada, "phone")
make_app_password(ada, "phone")
PlayerState.objects.create(user=ada, current_track=Track.objects.last(), progress_seconds=61.5)
make_everything(ada, Track.objects.values_list("pk", flat=True)[:5])
Join.objects.create(
    scan_id=2, reason="same tags", track_id=2, replaced_id=99, audio_digest="d", lost_root="/music",
    lost_path="a.flac", replaced_root="/music", replaced_path="b.flac",
    replaced_added_at=timezone.now(), followed={"playerstate": [1]})
Revision.objects.update(forgotten=1)
"""


@pytest.fixture
def old(tmp_path: Path) -> dict[str, str]:
    """The variables of a library with history in SQLite."""
    variables = environment(tmp_path, 1)
    variables.pop("DATABASE_URL", None)
    for number in range(12):
        make_audio(tmp_path / "music" / f"{number}.flac", title=f"{number}", artist="Björk")
    (tmp_path / "music" / "broken.mp3").write_bytes(b"no audio")
    manage(variables, "migrate", "--verbosity", "0").check_returncode()
    assert manage(variables, "scan_tracks").returncode == 3
    (tmp_path / "music" / "0.flac").unlink()
    assert manage(variables, "scan_tracks").returncode == 3
    manage(variables, "shell", "--no-imports", "-c", FILL).check_returncode()
    return variables


@pytest.fixture
def new(old: dict[str, str], postgresql_server: PostgresqlServer) -> dict[str, str]:
    """The same library's variables, with a PostgreSQL database that was migrated."""
    variables = {**old, "DATABASE_URL": postgresql_server.create("moved")}
    manage(variables, "migrate", "--verbosity", "0").check_returncode()
    return variables


def source(old: dict[str, str]) -> str:
    return f"sqlite:///{old['DATA_DIR']}/mus.sqlite3"


def rows(variables: dict[str, str], *models: str) -> list[dict[str, Any]]:
    done = manage(variables, "dumpdata", "--all", *models)
    assert done.returncode == 0, done.stderr
    dumped: list[dict[str, Any]] = json.loads(done.stdout)
    return dumped


def test_every_row_arrives_as_it_was(old: dict[str, str], new: dict[str, str]) -> None:
    done = manage(new, "move_library", "--from", source(old))
    assert done.returncode == 0, done.stderr
    assert "library_track: 12 of 12" in done.stdout
    moved = rows(new)
    assert moved == rows(old)
    assert {
        *("sessions.session", "auth.user", "accounts.apikey"),
        "accounts.apppassword",
        *("library.scan", "library.scanfailure", "library.join", "library.revision"),
        *(model._meta.label_lower for model in apps.get_app_config("listening").get_models()),
        *("events.mark", "events.changenumber"),
    } <= {row["model"] for row in moved}


def test_what_comes_later_goes_on_where_the_old_one_was(
    old: dict[str, str], new: dict[str, str]
) -> None:
    before = {row["fields"]["path"]: row["pk"] for row in rows(old, "library.track")}
    manage(new, "move_library", "--from", source(old)).check_returncode()
    music = Path(new["MUSIC_DIR"])
    make_audio(music / "0.flac", title="0", artist="Björk")
    make_audio(music / "new.flac", title="new")
    done = manage(new, "scan_tracks", "--json")
    report = json.loads(done.stdout)
    assert (report["counts"]["restored"], report["counts"]["added"]) in {(1, 1), (0, 1)}
    after = {row["fields"]["path"]: row["pk"] for row in rows(new, "library.track")}
    assert after.pop("new.flac") == max(before.values()) + 1
    assert after == before
    assert (report["scan_id"], report["event_id"]) == (3, 3)
    check = "from django.contrib.auth.models import User; print(User.objects.get().check_password("
    said = manage(new, "shell", "--no-imports", "-c", f"{check}'analytical engine'))")
    assert said.stdout.strip() == "True"


def test_an_id_of_a_purged_track_is_never_given_again(
    old: dict[str, str], new: dict[str, str]
) -> None:
    """After a move to PostgreSQL, and after another move from there to SQLite."""
    music = Path(old["MUSIC_DIR"])
    last = max(row["pk"] for row in rows(old, "library.track"))
    for path in music.glob("*.flac"):
        if path.name != "1.flac":
            path.unlink()
    assert manage(old, "scan_tracks", "--prune-missing").returncode == 3
    manage(new, "move_library", "--from", source(old)).check_returncode()
    third = {**old, "DATABASE_URL": f"sqlite:///{old['DATA_DIR']}/third.sqlite3"}
    manage(third, "migrate", "--verbosity", "0").check_returncode()
    manage(third, "move_library", "--from", new["DATABASE_URL"]).check_returncode()
    make_audio(music / "new.flac", title="new")
    for moved in (new, third):
        assert manage(moved, "scan_tracks").returncode == 3
        assert max(row["pk"] for row in rows(moved, "library.track")) == last + 1


def test_a_database_in_use_is_refused_and_stays_as_it_is(
    old: dict[str, str], new: dict[str, str]
) -> None:
    manage(new, "move_library", "--from", source(old)).check_returncode()
    before = rows(new)
    done = manage(new, "move_library", "--from", source(old))
    assert done.returncode == 6
    assert "in use already" in done.stderr
    assert rows(new) == before


def test_sessions_may_be_left_behind(old: dict[str, str], new: dict[str, str]) -> None:
    manage(new, "move_library", "--from", source(old), "--without-sessions").check_returncode()
    assert rows(new, "sessions") == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/mus.sqlite3", "There is no database /nowhere/mus.sqlite3"),
        ("mysql://mus:sesame@db/mus", "not a database URL"),
        ("nonsense", "not a database URL"),
        ("postgresql://mus:sesame@127.0.0.1:1/mus", "cannot be used"),
    ],
)
def test_a_source_that_is_none_is_told_without_its_password(
    new: dict[str, str], url: str, said: str
) -> None:
    done = manage(new, "move_library", "--from", url)
    assert done.returncode == 6
    assert said in done.stderr
    assert "sesame" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_database_has_to_be_migrated_first(
    old: dict[str, str], postgresql_server: PostgresqlServer
) -> None:
    bare = {**old, "DATABASE_URL": postgresql_server.create("bare")}
    done = manage(bare, "move_library", "--from", source(old))
    assert done.returncode == 6
    assert "run manage.py migrate" in done.stderr


def test_while_a_scan_runs_nothing_is_moved(old: dict[str, str], new: dict[str, str]) -> None:
    code = (
        "from library.models.scan import Scan; Scan.objects.create(trigger='api', host_name='far')"
    )
    manage(old, "shell", "--no-imports", "-c", code).check_returncode()
    done = manage(new, "move_library", "--from", source(old))
    assert done.returncode == 6
    assert "Scan 3 runs" in done.stderr
