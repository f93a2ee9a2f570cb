"""Which real folders are watched: odd, excluded, closed and lost ones; the limits of the kernel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from library.runner.watched_roots import Mount
from library.runner.watched_tree import WatchedTree
from tests.library.runner.noted_tree import Noted, tree_of, watched, write

if sys.platform != "linux":
    pytest.skip("needs inotify", allow_module_level=True)


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
from tests.library.runner.noted_tree import Noted, tree_of
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
