"""Houses with music in them, which end with the test, and a few folders that are watched."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from library.runner.watched_tree import WatchedTree
from tests.databases import copy_database
from tests.library.runner.house import USER, House
from tests.library.runner.noted_tree import Noted, tree_of
from tests.once import made_once
from tests.web.served import environment, manage

FILES = 1500
FEW_FILES = 40


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Path:
    """A house with music, the administrator `ada`, and nothing scanned yet; to be copied."""
    return made_once(tmp_path_factory, "house", partial(make_house, database, FILES))


@pytest.fixture(scope="session")
def filled_a_little(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Path:
    """As `filled`, with fewer files."""
    return made_once(tmp_path_factory, "small house", partial(make_house, database, FEW_FILES))


def make_house(database: Path, files: int, folder: Path) -> None:
    house = House(folder)
    house.fill(files)
    copy_database(database, house.database)
    variables = environment(folder, 1)
    manage(variables, "shell", "--no-imports", "-c", USER).check_returncode()


@pytest.fixture
def small_house(filled_a_little: Path, tmp_path: Path) -> Iterator[House]:
    """A house of the test's own, with few files."""
    copy = House(filled_a_little).copy_to(tmp_path / "house")
    yield copy
    copy.end_all()


@pytest.fixture
def house(filled: Path, tmp_path: Path) -> Iterator[House]:
    """A house of the test's own."""
    copy = House(filled).copy_to(tmp_path / "house")
    yield copy
    copy.end_all()


@pytest.fixture(scope="module")
def shared_house(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that the tests of a module share."""
    copy = House(filled).copy_to(tmp_path_factory.mktemp("shared") / "house")
    yield copy
    copy.end_all()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Folders for `tree`."""
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
