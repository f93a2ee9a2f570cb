"""Nothing but the files of the library is served, whatever the database or the folder says."""

import json
import os
from pathlib import Path

import pytest

from asgi.files.media_file import BodyCutShort, media_file, open_regular_file
from tests.databases import IS_POSTGRESQL
from tests.library.media.client import Answer
from tests.library.media.conftest import Library, row, stored

pytestmark = pytest.mark.server

SECRET = b"nobody is to read this"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file that no music folder has."""
    file = tmp_path / "secret.mp3"
    file.write_bytes(SECRET)
    return file


def refused(library: Library, path: str) -> Answer:
    """It is as if the file were missing, and no path is told."""
    answer = library.listener.ask(path)
    assert answer.status == 404
    error = json.loads(answer.body)["error"]
    assert error["code"] == "file_missing"
    assert error["message"].startswith("The file is missing: Track ")
    assert SECRET not in answer.body
    assert str(library.music) not in error["message"]
    return answer


def path_of_row(library: Library, path: str, root: Path | str | None = None) -> str:
    """The stream of a row that says `path`, whatever is there."""
    fields = {"root": str(root or library.music), "path": path}
    return stored(library.server, fields)[0]


def test_a_way_up_leads_nowhere(library: Library, outside: Path) -> None:
    way = os.path.relpath(outside, library.music)
    assert way.startswith("../")
    refused(library, path_of_row(library, way))
    library.file("album/inside.mp3")
    refused(library, path_of_row(library, "album/../album/inside.mp3"))


def test_an_absolute_path_leads_nowhere(library: Library, outside: Path) -> None:
    refused(library, path_of_row(library, str(outside)))


def test_a_folder_that_is_no_music_folder_any_more_is_not_served(
    library: Library, outside: Path
) -> None:
    (path,) = stored(library.server, row(outside, outside.parent))
    refused(library, path)


NO_PATHS = ["", ".", "x" * 300, "a/" * 3000 + "b"]
if not IS_POSTGRESQL:  # which stores no such text
    NO_PATHS.append("a\0b.mp3")


@pytest.mark.parametrize("name", NO_PATHS)
def test_a_path_that_is_none_leads_nowhere(library: Library, name: str) -> None:
    refused(library, path_of_row(library, name))


def test_what_is_no_file_is_not_opened(library: Library) -> None:
    os.mkfifo(library.music / "pipe.mp3")
    refused(library, path_of_row(library, "pipe.mp3"))
    (library.music / "folder.mp3").mkdir()
    refused(library, path_of_row(library, "folder.mp3"))
    (library.music / "device.mp3").symlink_to("/dev/zero")
    refused(library, path_of_row(library, "device.mp3"))


def test_a_link_that_leads_to_itself_leads_nowhere(library: Library) -> None:
    (library.music / "loop.mp3").symlink_to("loop.mp3")
    refused(library, path_of_row(library, "loop.mp3"))


def test_a_file_that_is_gone_is_missing(library: Library) -> None:
    path = library.file("gone.mp3")
    (library.music / "gone.mp3").unlink()
    refused(library, path)


def test_a_track_that_a_scan_missed_is_missing(library: Library) -> None:
    refused(library, library.file("missed.mp3", missing=True))


def test_a_file_made_a_link_out_after_the_scan_is_refused(library: Library, outside: Path) -> None:
    path = library.file("turned.mp3", b"x" * len(SECRET))
    assert library.listener.ask(path).status == 200
    link = library.music / "turned.mp3"
    facts = link.stat()
    link.unlink()
    link.symlink_to(outside)
    os.utime(outside, ns=(facts.st_atime_ns, facts.st_mtime_ns))  # all alike, but the inode
    refused(library, path)


def test_a_folder_made_a_link_out_after_the_scan_is_refused(
    library: Library, outside: Path
) -> None:
    path = library.file(f"album now linked/{outside.name}")
    folder = library.music / "album now linked"
    (folder / outside.name).unlink()
    folder.rmdir()
    folder.symlink_to(outside.parent)
    refused(library, path)


def test_a_link_out_that_the_scan_followed_is_served_while_its_file_is_the_same(
    library: Library, outside: Path
) -> None:
    link = library.music / "followed.mp3"
    link.symlink_to(outside)
    path = library.track(link)
    assert library.listener.ask(path).body == SECRET
    outside.write_bytes(SECRET + b" of another size")
    refused(library, path)


def test_a_link_within_the_music_folder_is_followed(library: Library) -> None:
    library.file(".store/a.mp3", b"kept elsewhere")
    (library.music / "linked.mp3").symlink_to(library.music / ".store" / "a.mp3")
    (library.music / ".store" / "a.mp3").write_bytes(b"edited after the scan")
    path = path_of_row(library, "linked.mp3")
    assert library.listener.ask(path).body == b"edited after the scan"


def test_a_file_edited_after_the_scan_is_served(library: Library) -> None:
    path = library.file("edited.mp3")
    (library.music / "edited.mp3").write_bytes(b"other tags")
    assert library.listener.ask(path).body == b"other tags"


def test_a_name_that_is_no_utf8_is_found(library: Library) -> None:
    name = os.fsdecode(b"caf\xe9 \xff.mp3")
    assert library.listener.ask(library.file(name, b"latin")).body == b"latin"


def test_what_was_refused_is_in_the_log_with_its_path(library: Library, outside: Path) -> None:
    (library.music / "logged.mp3").symlink_to(outside)
    refused(library, path_of_row(library, "logged.mp3"))
    (line,) = (line for line in library.server.output().splitlines() if "logged.mp3" in line)
    assert "leads out of the music folders" in line
    assert "Traceback" not in library.server.output()


def test_a_disk_that_fails_ends_the_response() -> None:
    """Nothing is mapped at the start of a process's memory: reading it is an input/output error."""
    memory = media_file(open_regular_file("/proc/self/mem"), "audio/mpeg")
    with pytest.raises(BodyCutShort, match="Input/output error"):
        memory.read(0, 10)
    memory.close()
