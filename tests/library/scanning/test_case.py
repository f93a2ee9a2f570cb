"""Names that differ in case alone, or where SQL has wildcards, are different names."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from library.models.catalogue import Track
from library.models.scan import ScanFailure
from library.scanning import BadScanOptions
from library.scanning.scopes import scopes_of
from library.scanning.spelling import Spelling, spelling_of
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall


def present() -> set[str]:
    return set(Track.objects.present().values_list("path", flat=True))


NEIGHBOURS = [
    ("Inbox", "inbox"),
    ("inbox", "INBOX"),
    ("a_b", "axb"),
    ("100%", "100 percent"),
    ("a\\", "a"),
    ("Caf\u00e9", "Cafe\u0301"),
    ("Inbox", "Inbox 2"),
    ("Inbox", "Inbox0"),
    ("Inbox", "Inbo"),
    ("Inbox", "Inbox."),
    ("\U0001f3b5", "\U0001f3b6"),
    (os.fsdecode(b"caf\xe9"), os.fsdecode(b"caf\xc9")),
    (os.fsdecode(b"caf\xe9"), "caf\ufffde9"),
]


@pytest.mark.parametrize(("folder", "other"), NEIGHBOURS)
def test_a_scan_of_a_folder_knows_nothing_of_one_with_a_similar_name(
    music: Path, scan: ScanCall, folder: str, other: str
) -> None:
    for name in (folder, other):
        make_audio(f"{music}/{name}/a.mp3")
        make_audio(f"{music}/{name}/deep/er/b.mp3")
    scan()
    report = scan(folders=(music / folder,))
    assert (report.counts.seen, report.counts.missing, report.counts.changed) == (2, 0, 0)
    assert len(present()) == 4
    os.unlink(f"{music}/{folder}/deep/er/b.mp3")
    assert scan(folders=(music / folder,)).counts.missing == 1
    assert len(present()) == 3


def test_a_full_scan_of_a_folder_leaves_its_namesake_alone(music: Path, scan: ScanCall) -> None:
    make_audio(music / "Inbox" / "a.mp3")
    make_audio(music / "inbox" / "b.mp3")
    scan()
    report = scan(folders=(music / "Inbox",), full=True)
    assert (report.counts.updated, report.counts.missing) == (1, 0)
    assert present() == {"Inbox/a.mp3", "inbox/b.mp3"}


def test_failures_of_a_namesake_stay(music: Path, scan: ScanCall) -> None:
    for folder in ("Inbox", "inbox"):
        make_audio(music / folder / "a.mp3")
        (music / folder / "bad.mp3").write_text("text")
    scan()
    (music / "Inbox" / "bad.mp3").unlink()
    (music / "inbox" / "bad.mp3").unlink()
    scan(folders=(music / "Inbox",))
    assert [failure.path for failure in ScanFailure.objects.all()] == ["inbox/bad.mp3"]


def test_a_folder_that_is_there_in_another_case_is_refused_as_what_it_is(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "Inbox" / "New" / "a.mp3")
    scan()
    for asked_for, there in (("inbox", "Inbox"), ("INBOX/new", "Inbox/New")):
        with pytest.raises(BadScanOptions) as refusal:
            scan(folders=(music / asked_for,))
        assert f"There is no folder {music / asked_for}." in str(refusal.value)
        assert f"spelled {music / there};" in str(refusal.value)
    assert present() == {"Inbox/New/a.mp3"}


def test_a_folder_that_was_renamed_in_case_alone_is_refused_by_its_old_name(
    music: Path, scan: ScanCall
) -> None:
    """The library knows tracks there; its new name says where they went."""
    make_audio(music / "inbox" / "a.mp3")
    make_audio(music / "b.mp3")
    scan()
    before = Track.objects.get(path="inbox/a.mp3").pk
    os.rename(music / "inbox", music / "Inbox")
    with pytest.raises(BadScanOptions, match=r"spelled .*Inbox; case makes a difference"):
        scan(folders=(music / "inbox",))
    assert present() == {"inbox/a.mp3", "b.mp3"}
    assert scan(folders=(music / "Inbox",)).counts.moved == 1
    assert Track.objects.get(path="Inbox/a.mp3").pk == before


def test_a_folder_that_is_gone_in_every_case_takes_its_tracks_with_it(
    music: Path, scan: ScanCall
) -> None:
    (make_audio(music / "inbox" / "a.mp3")).unlink()
    make_audio(music / "inbox" / "a.mp3")
    make_audio(music / "b.mp3")
    scan()
    (music / "inbox" / "a.mp3").unlink()
    (music / "inbox").rmdir()
    (music / "Inbox").write_text("a file, no folder")
    assert scan(folders=(music / "inbox",)).counts.missing == 1


def test_the_command_exits_as_for_a_bad_option(installation: Installation) -> None:
    make_audio(installation.music / "Inbox" / "a.mp3")
    installation.scan()
    done = installation.manage("scan_tracks", str(installation.music / "inbox"))
    assert done.returncode == 2
    assert f"spelled {installation.music / 'Inbox'}" in done.stderr
    assert "Traceback" not in done.stderr
    assert installation.query(
        "SELECT count(*) FROM library_track WHERE missing_since IS NOT NULL"
    ) == [(0,)]


@pytest.fixture
def disk_that_ignores_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands in for the file systems of macOS and Windows, which not every Linux can mount: what
    asks for one path by name finds it in any case; what lists a folder gives the names as they are.
    """

    def true_path(path: object) -> str:
        found = "/"
        for name in os.fspath(path).split("/")[1:]:  # type: ignore[call-overload]
            names = os.listdir(found) if os.path.isdir(found) else []
            alike = [each for each in names if each.casefold() == name.casefold()]
            found = os.path.join(found, name if name in names else next(iter(alike), name))
        return found

    for module, names in ((os, ("lstat",)), (os.path, ("lexists", "isfile"))):
        for name in names:
            asked = getattr(module, name)
            monkeypatch.setattr(module, name, lambda path, asked=asked: asked(true_path(path)))
    is_folder = os.path.isdir
    monkeypatch.setattr(
        os.path, "isdir", lambda path: is_folder(path) or os.path.lexists(f"{path}/.")
    )


@pytest.mark.usefixtures("disk_that_ignores_case")
def test_where_the_disk_ignores_case_a_folder_is_scanned_by_its_own_name(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "Inbox" / "New" / "a.mp3")
    scan(workers=0)
    make_audio(music / "Inbox" / "New" / "b.mp3")
    for asked_for in ("inbox", "INBOX/new", "Inbox/New"):
        report = scan(workers=0, folders=(music / asked_for,))
        assert (report.counts.seen, report.counts.missing) == (2, 0)
    assert present() == {"Inbox/New/a.mp3", "Inbox/New/b.mp3"}


@pytest.mark.usefixtures("disk_that_ignores_case")
def test_where_the_disk_ignores_case_a_folder_renamed_in_case_alone_keeps_its_tracks(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "inbox" / "a.mp3")
    make_audio(music / "b.mp3")
    scan(workers=0)
    before = Track.objects.get(path="inbox/a.mp3").pk
    os.rename(music / "inbox", music / "Inbox")
    assert scan(workers=0, folders=(music / "inbox",)).counts.moved == 1
    assert present() == {"Inbox/a.mp3", "b.mp3"}
    assert Track.objects.get(path="Inbox/a.mp3").pk == before


def test_a_name_that_opens_without_being_listed_is_taken_as_it_is() -> None:
    """As automounters show it; here, a thread, which `/proc` opens and does not list."""
    with ThreadPoolExecutor(1) as executor:
        thread = str(executor.submit(threading.get_native_id).result())
        assert thread not in os.listdir("/proc")
        assert spelling_of("/proc", f"{thread}/task") == Spelling(
            f"{thread}/task", opens_as_given=True
        )


def test_the_very_name_goes_before_one_that_differs_in_case(music: Path) -> None:
    (music / "Inbox").mkdir()
    (music / "inbox").mkdir()
    for name in ("Inbox", "inbox"):
        assert spelling_of(str(music), name) == Spelling(name, opens_as_given=True)
    assert spelling_of(str(music), "INBOX") == Spelling("Inbox", opens_as_given=False)
    assert spelling_of(str(music), "outbox") is None


def test_each_folder_is_listed_once_however_many_are_asked_for(
    music: Path, db: None, listed: list[str]
) -> None:
    for number in range(20):
        (music / "Artist" / str(number)).mkdir(parents=True)
    listed.clear()
    scopes = scopes_of([music / "Artist" / str(number) for number in range(20)], [music])
    assert len(scopes) == 20
    assert sorted(listed) == [str(music), str(music / "Artist")]


def test_paths_of_a_folder_are_found_by_the_index(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's index holds digests of paths.")
    tracks = Track.objects.filter(root="/music", path__below="Inbox").order_by()
    assert (
        "INDEX sqlite_autoindex_library_track_1 (root=? AND path>? AND path<?)"
        in tracks.values("pk").explain()
    )
