"""DATA_DIR and what mus keeps in it are readable by their owner alone, whoever made the folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import IS_POSTGRESQL
from tests.settings.test_start import PROJECT_DIR, manage

pytestmark = pytest.mark.skipif(
    IS_POSTGRESQL, reason="the database in DATA_DIR is SQLite's, tested without a server"
)

NOBODY = 65534
# root passes every permission, and may change those of everybody's files
WITHOUT_ROOTS_POWERS = ["setpriv", "--bounding-set=-fowner,-dac_override,-dac_read_search"]


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


def modes_below(folder: Path) -> set[int]:
    return {mode(path) for path in [folder, *folder.rglob("*")]}


def start(tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """What each start of a server begins with."""
    return manage(tmp_path, "migrate", "--verbosity", "0", **variables)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that was there before, and that everybody may read."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


@pytest.fixture
def opened(data: Path, migrated_data: Path) -> Path:
    """One with everything in it, as an older version, or a careless copy, left it."""
    for name in ("mus.sqlite3", "secret_key"):
        shutil.copy(migrated_data / name, data)
    open_wide(data)
    return data


def open_wide(data: Path) -> None:
    for name in ("mus.sqlite3", "secret_key"):
        (data / name).chmod(0o644)
    (data / "covers" / "ab").mkdir(parents=True)
    (data / "covers" / "ab" / "abcd-small.webp").touch()
    (data / "mus-2026-01-31T03-00-00Z.tar.gz").touch()
    for path in (data, *data.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_what_is_new_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path, data: Path) -> None:
    before = os.umask(0)
    try:
        done = manage(tmp_path, "migrate", "--verbosity", "0")
    finally:
        os.umask(before)
    assert done.returncode == 0, done.stderr
    assert modes_below(data) == {0o700, 0o600}


def test_what_was_open_is_closed_at_a_start_and_that_is_logged_once(
    tmp_path: Path, opened: Path
) -> None:
    data = opened
    first, second = (start(tmp_path) for _ in range(2))
    assert modes_below(data) == {0o700, 0o600}
    (line,) = (line for line in first.stderr.splitlines() if "DATA_DIR" in line)
    for name in ("covers", "data", "mus.sqlite3", "secret_key", "mus-2026-01-31T03-00-00Z.tar.gz"):
        assert name in line
    assert second.stderr == ""


@pytest.mark.parametrize("command", [["scan_tracks", "--quiet"], ["check"], ["help"]])
def test_commands_that_start_no_server_leave_the_rights_as_they_are(
    tmp_path: Path, opened: Path, command: list[str]
) -> None:
    """A scheduled scan is such a command, once a minute, and there may be 100,000 covers."""
    assert manage(tmp_path, *command).returncode == 0
    assert mode(opened / "covers") == 0o755
    assert mode(opened / "covers" / "ab" / "abcd-small.webp") == 0o644


COUNT_LISTED_FOLDERS = """
import sys
from pathlib import Path
from runtime.private_files import PrivateFolder
listed = []
sys.addaudithook(lambda event, given: event == "os.scandir" and listed.append(str(given[0])))
folder = PrivateFolder(Path(sys.argv[1]), lambda name: True)
print(folder.close_to_others(), len([path for path in listed if "covers" in path]))
"""


def test_what_cannot_be_closed_itself_is_not_searched(tmp_path: Path, data: Path) -> None:
    """As on a disk without rights, where each cover would be tried at each start, in vain."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("another owner's folder takes root, and setpriv")
    (data / "covers" / "ab").mkdir(parents=True)
    for path in (data, data / "covers"):
        path.chmod(0o777)
        os.chown(path, NOBODY, NOBODY)
    done = subprocess.run(
        [*WITHOUT_ROOTS_POWERS, sys.executable, "-c", COUNT_LISTED_FOLDERS, str(data)],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[] 0\n"


def test_a_folder_that_holds_something_else_keeps_its_rights_and_what_is_not_of_mus(
    tmp_path: Path, opened: Path
) -> None:
    data = opened
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    (data / ".mus-abcdefgh").symlink_to(elsewhere)
    for name in ("index.html", "mus.conf", "secret_key.pub"):
        (data / name).touch(0o644)
    (data / "public").mkdir(0o755)
    done = start(tmp_path)
    assert (done.returncode, "library.W004" in done.stderr) == (0, False)
    assert mode(data) == mode(data / "public") == mode(elsewhere) == 0o755
    assert {mode(data / name) for name in ("index.html", "mus.conf", "secret_key.pub")} == {0o644}
    assert {mode(data / name) for name in ("mus.sqlite3", "secret_key")} == {0o600}
    assert modes_below(data / "covers") == {0o700, 0o600}


def test_a_music_folder_that_is_taken_for_it_stays_readable(tmp_path: Path, data: Path) -> None:
    done = start(tmp_path, MUSIC_DIR=str(data))
    assert "library.E005" in done.stderr
    assert mode(data) == 0o755


def test_bits_that_say_something_else_stay(tmp_path: Path, data: Path) -> None:
    data.chmod(0o2775)
    assert start(tmp_path).returncode == 0
    assert mode(data) == 0o2700


def test_a_place_that_everybody_shares_is_not_closed(tmp_path: Path, data: Path) -> None:
    data.chmod(0o1777)
    assert manage(tmp_path, "migrate", "--verbosity", "0").stderr == ""
    assert mode(data) == 0o1777
    assert mode(data / "mus.sqlite3") == 0o600


def test_a_folder_in_which_others_could_exchange_files_is_a_warning(
    tmp_path: Path, data: Path
) -> None:
    (data / "something").touch()
    data.chmod(0o777)
    done = manage(tmp_path, "check")
    assert done.returncode == 0
    assert "(library.W004)" in done.stderr
    assert str(data) in done.stderr


def test_a_database_of_another_name_is_closed_too(tmp_path: Path, data: Path) -> None:
    url = f"sqlite:///{data}/tunes.db"
    manage(tmp_path, "migrate", "--verbosity", "0", DATABASE_URL=url).check_returncode()
    for path in (data, data / "tunes.db"):
        path.chmod(0o755)
    assert start(tmp_path, DATABASE_URL=url).returncode == 0
    assert mode(data) == 0o700
    assert not mode(data / "tunes.db") & 0o077


def test_a_folder_of_another_owner_is_a_warning_that_says_what_to_do(
    tmp_path: Path, data: Path
) -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("another owner's folder takes root, and setpriv")
    data.chmod(0o777)
    os.chown(data, NOBODY, NOBODY)
    (tmp_path / "music").mkdir()
    done = subprocess.run(
        [*WITHOUT_ROOTS_POWERS, sys.executable, str(PROJECT_DIR / "manage.py"), "check"],
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(data),
            "MUSIC_DIR": str(tmp_path / "music"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("(library.W004)") == 1
    assert f"have rights to {data}." in done.stderr
    assert "chown" in done.stderr
    assert "They have none now" not in done.stderr


def test_a_web_server_may_still_read_the_styles_and_the_user_fill_the_music_folder(
    tmp_path: Path,
) -> None:
    """In a copy of the program, since both lie beside it."""
    copy = tmp_path / "mus"
    ignored = shutil.ignore_patterns(".*", "data", "music", "tests", "bench", "docs")
    shutil.copytree(PROJECT_DIR, copy, ignore=ignored)
    for command in (["collectstatic", "--noinput", "--verbosity", "0"], ["check"]):
        subprocess.run(
            [sys.executable, str(copy / "manage.py"), *command],
            env={"PATH": os.environ["PATH"]},
            cwd=copy,
            check=True,
        )
    assert mode(copy / ".static" / "staticfiles.json") & 0o004
    assert mode(copy / "music") & 0o055 == 0o055
    assert mode(copy / "data") == 0o700
