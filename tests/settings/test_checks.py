"""`manage.py check` says what a person has to mend, and where."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import CheckMessage
from pytest_django.fixtures import Settings

from library.checks import check_music_folders
from operations.checks import check_addresses, check_data_folder, check_https
from runtime.database_checks import check_database

PROJECT_DIR = Path(__file__).resolve().parents[2]
WITHOUT_ROOTS_POWERS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


def ids(problems: list[CheckMessage]) -> list[str | None]:
    assert all(problem.hint for problem in problems)
    return [problem.id for problem in problems]


def test_a_folder_that_is_there_is_fine(folder: Path, settings: Settings) -> None:
    settings.MUSIC_DIRS = (folder,)
    assert check_music_folders() == []


def test_a_music_folder_that_is_a_file_is_an_error(tmp_path: Path, settings: Settings) -> None:
    song = tmp_path / "song.mp3"
    song.touch()
    settings.MUSIC_DIRS = (song,)
    (problem,) = check_music_folders()
    assert problem.id == "library.E001"
    assert str(song) in problem.msg


def test_a_music_folder_that_is_not_there_is_a_warning_since_its_disk_may_come_back(
    tmp_path: Path, settings: Settings
) -> None:
    settings.MUSIC_DIRS = (tmp_path / "unmounted",)
    (problem,) = check_music_folders()
    assert problem.id == "library.W001"
    assert not problem.is_serious()
    assert str(tmp_path / "unmounted") in problem.msg


@pytest.mark.parametrize("mode", [0o000, 0o300, 0o600])
def test_a_music_folder_that_cannot_be_listed_or_entered_is_an_error(
    tmp_path: Path, folder: Path, mode: int
) -> None:
    folder.chmod(mode)
    output = check_without_powers(tmp_path, MUSIC_DIR=str(folder))
    assert "(library.E002)" in output
    assert str(folder) in output


def test_a_music_folder_below_one_that_cannot_be_entered_is_an_error(
    tmp_path: Path, folder: Path
) -> None:
    (folder / "rock").mkdir()
    folder.chmod(0o000)
    output = check_without_powers(tmp_path, MUSIC_DIR=str(folder / "rock"))
    assert "(library.E002)" in output


def test_the_same_music_folder_twice_is_an_error(folder: Path, settings: Settings) -> None:
    settings.MUSIC_DIRS = (folder, folder)
    assert ids(check_music_folders()) == ["library.E003"]


def test_a_music_folder_and_a_link_to_it_are_an_error(
    tmp_path: Path, folder: Path, settings: Settings
) -> None:
    link = tmp_path / "link"
    link.symlink_to(folder)
    settings.MUSIC_DIRS = (folder, link)
    (problem,) = check_music_folders()
    assert problem.id == "library.E003"
    assert str(link) in problem.msg


def test_a_music_folder_in_another_is_an_error_in_either_order(
    folder: Path, settings: Settings
) -> None:
    inner = folder / "rock"
    inner.mkdir()
    for folders in ((folder, inner), (inner, folder)):
        settings.MUSIC_DIRS = folders
        (problem,) = check_music_folders()
        assert problem.id == "library.E004"
        assert f"{inner} is inside {folder}" in problem.msg


def test_a_music_folder_in_another_is_seen_through_links(
    tmp_path: Path, folder: Path, settings: Settings
) -> None:
    (folder / "rock").mkdir()
    link = tmp_path / "link"
    link.symlink_to(folder / "rock")
    settings.MUSIC_DIRS = (folder, link)
    assert ids(check_music_folders()) == ["library.E004"]


def test_folders_whose_names_begin_alike_are_two(tmp_path: Path, settings: Settings) -> None:
    settings.MUSIC_DIRS = (tmp_path / "a", tmp_path / "ab")
    (tmp_path / "a").mkdir()
    (tmp_path / "ab").mkdir()
    assert check_music_folders() == []


def test_a_data_folder_in_a_music_folder_is_an_error(
    tmp_path: Path, folder: Path, settings: Settings
) -> None:
    (folder / "data").mkdir()
    link = tmp_path / "elsewhere"
    link.symlink_to(folder / "data")
    settings.MUSIC_DIRS = (folder,)
    for data in (folder / "data", folder, link):
        settings.DATA_DIR = data
        (problem,) = (each for each in check_data_folder() if each.is_serious())
        assert problem.id == "library.E005"
        assert str(data) in problem.msg
        assert str(folder) in problem.msg


def test_a_data_folder_that_cannot_be_written_to_is_an_error(tmp_path: Path, folder: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o500)
    output = check_without_powers(tmp_path, MUSIC_DIR=str(folder), SECRET_KEY="given" * 8)
    assert "(library.E006)" in output
    assert str(data) in output


def test_a_data_folder_where_no_secret_key_can_be_kept_stops_the_start(
    tmp_path: Path, folder: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o500)
    output = check_without_powers(tmp_path, MUSIC_DIR=str(folder))
    assert f"SECRET_KEY cannot be kept in {data}/secret_key: Permission denied." in output
    assert "Traceback" not in output


def test_a_database_that_belongs_to_another_user_is_an_error(tmp_path: Path, folder: Path) -> None:
    check_without_powers(tmp_path, MUSIC_DIR=str(folder))
    (tmp_path / "data" / "mus.sqlite3").chmod(0o400)
    output = check_without_powers(tmp_path, MUSIC_DIR=str(folder))
    assert "(library.E008)" in output


def test_listening_everywhere_but_answering_to_local_names_is_a_warning(
    settings: Settings,
) -> None:
    settings.HOST = "0.0.0.0"  # noqa: S104
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    assert ids(check_addresses()) == ["library.W002"]
    settings.ALLOWED_HOSTS = ["localhost", "music.lan"]
    assert check_addresses() == []


def test_an_address_with_https_but_cookies_without_is_a_warning(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["http://mus.lan", "https://music.example.org"]
    assert ids(check_https()) == ["library.W003"]
    settings.HTTPS = True
    assert check_https() == []
    settings.HTTPS, settings.CSRF_TRUSTED_ORIGINS = False, ["http://mus.lan"]
    assert check_https() == []


@pytest.mark.django_db
def test_the_database_is_looked_at_only_when_asked_for() -> None:
    assert check_database() == []
    assert check_database(["default"]) == []


def check_without_powers(tmp_path: Path, **variables: str) -> str:
    """What `manage.py check` says to a user for whom permissions count."""
    before: list[str] = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root passes every permission, and there is no setpriv to take that away")
        before = WITHOUT_ROOTS_POWERS
    done = subprocess.run(
        [*before, sys.executable, PROJECT_DIR / "manage.py", "check", "--database", "default"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data"), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stderr
