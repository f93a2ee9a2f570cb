"""What a browser holds of a library before a restore is not taken for what it is afterwards."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.audio_files import make_audio
from tests.databases import (
    copy_database,
    drop_database,
    execute,
    place_in,
    query,
    service_variables,
)
from tests.library.scanning.conftest import Installation
from tests.operations.backup.conftest import REFUSED
from tests.web.served import ServedMus, serve

REVISION = "SELECT number, epoch FROM library_revision"


@pytest.fixture
def installation(tmp_path: Path, migrated_data: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "installation")
    shutil.copytree(migrated_data, made.data)
    copy_database(place_in(migrated_data), made.database)
    yield made
    drop_database(made.database)


def rows(installation: Installation, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in query(installation.database, sql)]


def cookie_of_a_user(installation: Installation) -> dict[str, str]:
    code = (
        "from django.conf import settings; from django.contrib.auth.models import User; "
        "from django.test import Client; client = Client(); "
        "client.force_login(User.objects.create_user('ada')); "
        "print(client.cookies[settings.SESSION_COOKIE_NAME].OutputString().split(';')[0])"
    )
    done = installation.manage("shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return {"Cookie": done.stdout.strip()}


@pytest.mark.server
def test_a_number_that_comes_again_after_a_restore_is_of_another_epoch(
    installation: Installation, tmp_path: Path
) -> None:
    cookie = cookie_of_a_user(installation)
    make_audio(installation.music / "a.flac", title="In the backup")
    installation.scan()
    saved = tmp_path / "backup.tar.gz"
    assert installation.manage("backup_library", str(saved)).returncode == 0
    make_audio(installation.music / "b.flac", title="Before the restore")
    installation.scan()
    ((number, epoch),) = rows(installation, REVISION)
    (installation.music / "b.flac").unlink()
    make_audio(installation.music / "c.flac", title="After the restore")
    folder = installation.data.parent
    with serve(folder, None, "--no-scan", **service_variables(installation.database)) as server:
        address = f"{server.url}/api/v1/tracks"
        sync = f"{server.url}/api/v1/sync"
        since = {"since": httpx.get(sync, headers=cookie).json()["token"]}
        assert not httpx.get(sync, params=since, headers=cookie).json()["is_whole"]
        before = httpx.get(address, headers=cookie)
        done = installation.manage("restore_library", "--force", str(saved))
        assert done.returncode == 0, done.stderr
        installation.scan()
        kept = {**cookie, "If-None-Match": before.headers["ETag"]}
        after = httpx.get(address, headers=kept)
        assert httpx.get(sync, params=since, headers=cookie).json()["is_whole"]
        assert (
            httpx.get(
                address, headers={**cookie, "If-None-Match": after.headers["ETag"]}
            ).status_code
            == 304
        )
    ((number_after, epoch_after),) = rows(installation, REVISION)
    assert number_after == number
    assert epoch_after != epoch
    assert after.status_code == 200
    assert after.json()["revision"] == before.json()["revision"]
    titles = {row["title"] for row in after.json()["results"]}
    assert titles == {"In the backup", "After the restore"}


@pytest.mark.server
def test_two_servers_on_one_database_know_the_same_lists(installation: Installation) -> None:
    """A list that one server sent is still right on the other, until a scan or a purge."""
    cookie = cookie_of_a_user(installation)
    make_audio(installation.music / "a.flac", title="a")
    make_audio(installation.music / "b.flac", title="b")
    installation.scan()
    folder, variables = installation.data.parent, service_variables(installation.database)
    with (
        serve(folder, None, "--no-scan", **variables) as one,
        serve(folder, None, "--no-scan", **variables) as other,
    ):

        def ask(server: ServedMus, etag: str) -> httpx.Response:
            headers = {**cookie, "If-None-Match": etag}
            return httpx.get(f"{server.url}/api/v1/tracks", headers=headers)

        etag = ask(one, "").headers["ETag"]
        assert ask(other, etag).status_code == 304
        (installation.music / "b.flac").unlink()
        for option in ((), ("--prune-missing",)):
            assert installation.scan(*option)["exit_code"] == 0
            for server in (one, other):
                changed = ask(server, etag)
                assert (changed.status_code, changed.json()["count"]) == (200, 1)
            etag = changed.headers["ETag"]
            assert ask(one, etag).status_code == 304


def test_a_restore_leaves_a_row_of_its_own(installation: Installation, tmp_path: Path) -> None:
    saved = tmp_path / "backup.tar.gz"
    assert installation.manage("backup_library", str(saved)).returncode == 0
    assert installation.manage("restore_library", "--force", str(saved)).returncode == 0
    ((kind, state, message),) = rows(installation, "SELECT kind, state, message FROM library_scan")
    assert (kind, state) == ("restore", "completed")
    assert str(message).startswith("Restored the backup of ")


def test_a_backup_made_during_a_purge_has_none_that_runs(
    installation: Installation, tmp_path: Path
) -> None:
    """And the purge is not begun again as a scan."""
    code = (
        "from library.models.scan import *; from library.scanning.lease import acquire; "
        "from library.scanning import ScanOptions; "
        "acquire(ScanOptions(), ScanKind.PURGE, 'Missing tracks are being purged.')"
    )
    assert installation.manage("shell", "--no-imports", "-c", code).returncode == 0
    saved = tmp_path / "backup.tar.gz"
    assert installation.manage("backup_library", str(saved)).returncode == 0
    assert installation.manage("restore_library", "--force", str(saved)).returncode == 0
    found = rows(installation, "SELECT kind, state FROM library_scan ORDER BY id")
    assert found == [("purge", "failed"), ("restore", "completed")]


def test_a_scan_is_refused_while_a_backup_is_restored(installation: Installation) -> None:
    code = (
        "from library.models.scan import *; from library.scanning.lease import acquire; "
        "from library.scanning import ScanOptions; from operations.backup.steps import RESTORING; "
        "acquire(ScanOptions(), ScanKind.RESTORE, RESTORING)"
    )
    assert installation.manage("shell", "--no-imports", "-c", code).returncode == 0
    execute(installation.database, "UPDATE library_scan SET host_name = ?", "elsewhere")
    refused = installation.manage("scan_tracks")
    assert refused.returncode == REFUSED
    assert "A backup is being restored." in refused.stderr
