"""What the kernel tells about real folders, and which folders are noted for it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.runner.watched_roots import Mount, Mounts
from library.runner.watched_tree import UNCLOSED_S, Place, WatchedTree

if sys.platform != "linux":
    pytest.skip("needs inotify", allow_module_level=True)


class Noted:
    """Remembers what a tree tells, by the names of folders below the root."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self.folders: set[str] = set()
        self.moves: set[tuple[str, str]] = set()

    def changed(self, place: Place) -> None:
        self.folders.add(self._name(place))

    def moved(self, origin: Place, target: Place) -> None:
        self.moves.add((self._name(origin), self._name(target)))

    def _name(self, place: Place) -> str:
        assert place.root == self._root
        return place.folder.removeprefix(self._root).strip("/")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "music"
    for folder in ("a", "b", "a/deep/deeper", ".hidden", "@eaDir"):
        (root / folder).mkdir(parents=True)
    (root / "a" / "song.mp3").write_bytes(b"x")
    (root / "a" / "deep" / "song.mp3").write_bytes(b"x")
    return root


@pytest.fixture
def noted(root: Path) -> Noted:
    return Noted(root)


@pytest.fixture
def tree(root: Path, noted: Noted) -> Iterator[WatchedTree]:
    tree = tree_of(root, noted)
    yield tree
    tree.close()


def tree_of(
    root: Path, noted: Noted, excluded: tuple[str, ...] = (), mounts: Mounts | None = None
) -> WatchedTree:
    tree = WatchedTree([str(root)], excluded, mounts or {}, noted)
    tree.add_root(str(root))
    return tree


def watched(tree: WatchedTree, path: Path) -> bool:
    """Whether what happens in the folder at `path` is noticed."""
    tree.take_events()
    (path / "probe.mp3").write_bytes(b"x")
    (path / "probe.mp3").unlink()
    return tree.take_events() > 0


def write(path: Path) -> None:
    path.write_bytes(b"x")


def replace(path: Path) -> None:
    """As rsync and taggers do that write a copy first."""
    write(path.with_name(f".{path.name}.Xy12"))
    path.with_name(f".{path.name}.Xy12").replace(path)


def rename_by_link(path: Path, pause_s: float = 0.02) -> None:
    """As OpenSSH's SFTP server renames a file when its upload is complete."""
    unfinished = path.with_name(f"{path.name}.filepart")
    write(unfinished)
    time.sleep(pause_s)  # by default longer than the steps of the clock of file systems
    os.link(unfinished, path)
    unfinished.unlink()


CHANGES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a new file": (lambda root: write(root / "a" / "new.mp3"), {"a"}),
    "a file written again": (lambda root: write(root / "a" / "song.mp3"), {"a"}),
    "a touch": (lambda root: os.utime(root / "a" / "song.mp3", (1, 1)), {"a"}),
    "other rights": (lambda root: (root / "a" / "song.mp3").chmod(0o600), {"a"}),
    "a tagger that replaces the file": (lambda root: replace(root / "a" / "song.mp3"), {"a"}),
    "a file that goes": (lambda root: (root / "a" / "song.mp3").unlink(), {"a"}),
    "a file in the root": (lambda root: write(root / "song.flac"), {""}),
    "a cover": (lambda root: write(root / "a" / "cover.jpg"), {"a"}),
    "lyrics": (lambda root: write(root / "a" / "song.lrc"), {"a"}),
    "a hard link": (lambda root: os.link(root / "a/song.mp3", root / "b/song.mp3"), {"b"}),
    "an upload by SFTP": (lambda root: rename_by_link(root / "b" / "new.mp3"), {"b"}),
    "a link to a file": (lambda root: os.symlink("../a/song.mp3", root / "b/song.mp3"), {"b"}),
    "a folder with music": (
        lambda root: shutil.copytree(root / "a", root / "b" / "c" / "a"),
        {"b/c"},
    ),
    "a folder that goes": (lambda root: shutil.rmtree(root / "a" / "deep"), {"a/deep"}),
    "an unfinished download": (lambda root: write(root / "a" / "song.mp3.part"), set()),
    "a hidden file": (lambda root: write(root / "a" / ".song.mp3.x1Y2z3"), set()),
    "a file of Syncthing": (lambda root: write(root / "a/.syncthing.song.mp3.tmp"), set()),
    "a playlist": (lambda root: write(root / "a" / "list.m3u8"), {"a"}),
    "a playlist of another kind": (lambda root: write(root / "a" / "list.pls"), set()),
    "a log": (lambda root: write(root / "a" / "rip.log"), set()),
    "a file of macOS": (lambda root: write(root / "a" / "._song.mp3"), set()),
    "a hidden folder": (lambda root: write(root / ".hidden" / "song.mp3"), set()),
    "a folder of a NAS": (lambda root: write(root / "@eaDir" / "song.mp3"), set()),
    "a new hidden folder": (lambda root: (root / ".new").mkdir(), set()),
    "an empty folder": (lambda root: (root / "empty" / "emptier").mkdir(parents=True), set()),
    "a folder of pages": (lambda root: shutil.copytree("docs/decisions", root / "docs"), set()),
    "reading": (lambda root: (root / "a" / "song.mp3").read_bytes(), set()),
    "listing": (lambda root: os.listdir(root / "a"), set()),
    "looking": (lambda root: os.stat(root / "a" / "song.mp3"), set()),
    "a touched folder": (lambda root: os.utime(root / "a", (1, 1)), set()),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changes(root: Path, tree: WatchedTree, noted: Noted, change: str) -> None:
    act, folders = CHANGES[change]
    act(root)
    tree.take_events()
    if change == "a folder with music":  # told once for each level that was seen to come
        assert {name.removesuffix("/a").removesuffix("/deep") for name in noted.folders} == folders
    elif change == "a folder that goes":
        assert folders <= noted.folders <= {"a/deep", "a/deep/deeper"}
    else:
        assert noted.folders == folders
    assert noted.moves == set()


def test_playlists_are_not_noticed_if_scans_leave_them(
    root: Path, tree: WatchedTree, noted: Noted, settings: Settings
) -> None:
    settings.PLAYLISTS_FROM_FOLDERS = False
    write(root / "a" / "list.m3u8")
    tree.take_events()
    assert noted.folders == set()


def test_a_file_renamed_by_a_link_at_once_is_noted_later(
    root: Path, tree: WatchedTree, noted: Noted
) -> None:
    """Right after it was written, its times are those of a file that is still being written."""
    rename_by_link(root / "b" / "new.mp3", pause_s=0)
    tree.take_events()
    tree.note_unclosed(time.time())
    tree.note_unclosed(time.time() + UNCLOSED_S)
    assert noted.folders == {"b"}
    noted.folders.clear()
    tree.note_unclosed(time.time() + UNCLOSED_S)
    assert noted.folders == set()


def test_a_file_that_is_written_slowly_is_not_noted_before_it_rests(
    root: Path, tree: WatchedTree, noted: Noted
) -> None:
    with (root / "a" / "new.mp3").open("wb", buffering=0) as file:
        file.write(b"x")
        tree.take_events()
        tree.note_unclosed(time.time() + UNCLOSED_S / 2)
        assert noted.folders == set()
    tree.take_events()
    assert noted.folders == {"a"}
    noted.folders.clear()
    tree.note_unclosed(time.time() + UNCLOSED_S)
    assert noted.folders == set()


def test_an_open_file_is_noted_when_it_is_closed(
    root: Path, tree: WatchedTree, noted: Noted
) -> None:
    with (root / "a" / "new.mp3").open("wb") as file:
        for _ in range(100):
            file.write(b"x" * 100_000)
            file.flush()
        assert tree.take_events() == 1
        assert noted.folders == set()
    tree.take_events()
    assert noted.folders == {"a"}


class TestMoves:
    def test_of_a_file(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "a" / "song.mp3").rename(root / "b" / "song.mp3")
        tree.take_events()
        assert noted.moves == {("a", "b")}

    def test_of_a_folder(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "a").rename(root / "b" / "moved")
        tree.take_events()
        assert noted.moves == {("a", "b/moved")}
        write(root / "b" / "moved" / "deep" / "deeper" / "song.mp3")
        tree.take_events()
        assert "b/moved/deep/deeper" in noted.folders

    def test_into_a_folder_that_is_just_made(
        self, root: Path, tree: WatchedTree, noted: Noted
    ) -> None:
        """As taggers file an album under a new artist. The listing of the new folder finds what
        was moved before its own event, which must not end the watch."""
        (root / "late").mkdir()
        tree.take_events()
        shutil.copytree(root / "a" / "deep", root / "late" / "deep")
        tree.take_events()
        (root / "artist").mkdir()
        (root / "late").rename(root / "artist" / "album")
        tree.take_events()
        assert {"late", "artist"} <= noted.folders
        assert watched(tree, root / "artist" / "album")
        assert watched(tree, root / "artist" / "album" / "deep")

    def test_out_of_the_library_and_in(
        self, root: Path, tree: WatchedTree, noted: Noted, tmp_path: Path
    ) -> None:
        (root / "a").rename(tmp_path / "away")
        tree.take_events()
        assert noted.folders == {"a"}
        assert not watched(tree, tmp_path / "away" / "deep")
        (tmp_path / "away").rename(root / "back")
        tree.take_events()
        assert noted.folders == {"a", "back"}
        assert watched(tree, root / "back" / "deep")

    def test_of_an_unfinished_download_to_its_name(
        self, root: Path, tree: WatchedTree, noted: Noted
    ) -> None:
        write(root / "a" / "new.mp3.part")
        (root / "a" / "new.mp3.part").rename(root / "b" / "new.mp3")
        tree.take_events()
        assert noted.folders == {"b"}
        assert noted.moves == set()

    def test_two_at_once(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "a" / "song.mp3").rename(root / "a" / "aside.mp3")
        (root / "a" / "deep" / "song.mp3").rename(root / "b" / "song.mp3")
        tree.take_events()
        assert noted.moves == {("a", "a"), ("a/deep", "b")}

    def test_a_folder_that_was_hidden(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        write(root / ".hidden" / "song.mp3")
        (root / ".hidden").rename(root / "shown")
        tree.take_events()
        assert noted.folders == {"shown"}
        assert watched(tree, root / "shown")


class TestLinks:
    def test_what_a_link_leads_to_is_watched(
        self, root: Path, tmp_path: Path, noted: Noted
    ) -> None:
        (tmp_path / "elsewhere" / "album").mkdir(parents=True)
        (root / "b" / "link").symlink_to(tmp_path / "elsewhere")
        tree = tree_of(root, noted)
        write(tmp_path / "elsewhere" / "album" / "song.mp3")
        tree.take_events()
        assert noted.folders == {"b/link/album"}
        tree.close()

    def test_a_link_that_comes_and_goes(
        self, root: Path, tmp_path: Path, tree: WatchedTree, noted: Noted
    ) -> None:
        (tmp_path / "elsewhere" / "album").mkdir(parents=True)
        write(tmp_path / "elsewhere" / "song.mp3")
        (root / "link").symlink_to(tmp_path / "elsewhere")
        tree.take_events()
        assert noted.folders == {"link"}
        (root / "link").rename(root / "renamed")
        tree.take_events()
        assert noted.moves == {("link", "renamed")}
        assert watched(tree, tmp_path / "elsewhere" / "album")
        (root / "renamed").unlink()
        tree.take_events()
        assert not watched(tree, tmp_path / "elsewhere" / "album")

    def test_what_a_link_led_to_goes(self, root: Path, tmp_path: Path, noted: Noted) -> None:
        (tmp_path / "elsewhere").mkdir()
        (root / "b" / "link").symlink_to(tmp_path / "elsewhere")
        tree = tree_of(root, noted)
        (tmp_path / "elsewhere").rmdir()
        tree.take_events()
        assert noted.folders == {"b"}
        tree.close()

    def test_a_link_into_the_library(self, root: Path, tree: WatchedTree, noted: Noted) -> None:
        (root / "b" / "link").symlink_to(root / "a")
        tree.take_events()
        assert noted.folders == set()

    def test_a_loop(self, root: Path, noted: Noted) -> None:
        (root / "a" / "loop").symlink_to(root)
        (root / "a" / "itself").symlink_to("itself")
        tree = tree_of(root, noted)
        assert len(tree) == 5
        write(root / "a" / "loop" / "b" / "song.mp3")
        tree.take_events()
        assert noted.folders == {"b"}
        tree.close()


def test_names_of_any_bytes(root: Path, tree: WatchedTree, noted: Noted) -> None:
    folder = os.fsencode(root) + b"/new\nline \xff"
    os.mkdir(folder)
    tree.take_events()
    with open(folder + b"/\xfe.mp3", "wb"):
        pass
    tree.take_events()
    assert noted.folders == {os.fsdecode(b"new\nline \xff")}


def test_files_in_folders_that_come_in_a_rush(root: Path, tree: WatchedTree, noted: Noted) -> None:
    deepest = root
    for number in range(50):
        deepest /= str(number)
        deepest.mkdir()
        if number == 48:
            tree.take_events()
    write(deepest / "song.mp3")
    tree.take_events()
    assert watched(tree, deepest)
    assert any(str(deepest.relative_to(root)).startswith(name) for name in noted.folders)


def test_a_folder_that_opens_later(root: Path, noted: Noted) -> None:
    if os.geteuid() == 0:
        pytest.skip("nothing is closed to root")
    (root / "a").chmod(0)
    tree = tree_of(root, noted)
    (root / "a").chmod(0o755)
    tree.take_events()
    assert noted.folders == {"a"}
    assert watched(tree, root / "a" / "deep")
    tree.close()


def test_excluded_folders(root: Path, noted: Noted) -> None:
    tree = tree_of(root, noted, excluded=(str(root / "a" / "deep"), str(root / "new")))
    assert not watched(tree, root / "a" / "deep")
    (root / "new").mkdir()
    write(root / "new" / "cover.webp")
    tree.take_events()
    assert not watched(tree, root / "new")
    assert "new" not in noted.folders
    tree.close()


def test_a_root_that_is_excluded_is_watched_all_the_same(root: Path, noted: Noted) -> None:
    tree = tree_of(root, noted, excluded=(str(root),))
    assert watched(tree, root / "a")
    tree.close()


def test_a_share_in_the_root(root: Path, noted: Noted) -> None:
    share = Mount(str(root / "a" / "deep"), "nfs4")
    tree = tree_of(root, noted, mounts={share.path: share})
    assert not watched(tree, root / "a" / "deep")
    assert watched(tree, root / "a")
    assert tree.skipped == {str(root / "a" / "deep"): share}
    tree.close()


@pytest.mark.parametrize("how", ["removed", "renamed"])
def test_a_root_that_goes(root: Path, tree: WatchedTree, noted: Noted, how: str) -> None:
    if how == "removed":
        shutil.rmtree(root)
    else:
        root.rename(root.with_name("renamed"))
    tree.take_events()
    assert tree.lost == {str(root)}
    assert not tree.is_watched(str(root))
    assert len(tree) == 0


def test_an_overflow(root: Path, tree: WatchedTree) -> None:
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    for number in range(limit + 2):  # equal events in a row are one
        os.utime(root / "a" / ("song.mp3" if number % 2 else "deep/song.mp3"))
    tree.take_events()
    assert tree.overflowed


def test_nothing_is_left_of_folders_that_went(root: Path, tree: WatchedTree) -> None:
    for _ in range(3):
        shutil.copytree(root / "a", root / "copy")
        tree.take_events()
        shutil.rmtree(root / "copy")
        tree.take_events()
    assert len(tree) == 5


OUT_OF_WATCHES = """
import os, sys
from pathlib import Path
Path("/proc/sys/user/max_inotify_watches").write_text("3")
from tests.library.runner.test_watched_tree import Noted, tree_of
root = Path(sys.argv[1])
tree = tree_of(root, Noted(root))
print(len(tree), tree.unwatched)
"""


def test_the_system_allows_no_more_watches(root: Path) -> None:
    """In a user namespace, whose limits concern nobody else."""
    command = ["unshare", "--user", "--map-root-user", sys.executable, "-c", OUT_OF_WATCHES]
    if (
        not shutil.which("unshare")
        or subprocess.run([*command[:3], "true"], check=False).returncode
    ):
        pytest.skip("needs user namespaces (unshare)")
    done = subprocess.run([*command, root], check=True, capture_output=True, text=True)
    watches, unwatched = map(int, done.stdout.split())
    assert watches == 3
    assert unwatched >= 1
