"""An upgrade makes the folders of tracks that are known already."""

import json
from pathlib import Path

import pytest

from tests.databases import place_in, query
from tests.settings.upgraded import variables_on
from tests.web.served import environment, manage

FILL = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from tests.web.library_rows import unsaved_track
loader = MigrationExecutor(connection).loader
state = loader.project_state(("library", "0010_fields_folders_genres"))
Before = state.apps.get_model("library", "Track")
def make_track(**fields):
    track = unsaved_track(**fields)  # of this version, which has more columns
    names = [each.attname for each in Before._meta.concrete_fields if not each.primary_key]
    Before.objects.create(**{name: getattr(track, name) for name in names})
for path in ("a.mp3", "Miles/CD1/a.mp3", "Miles/CD1/b.mp3", "Miles/own.mp3", "miles/c.mp3"):
    make_track(root="/music", path=path, title=path)
make_track(root="/music", path="Gone/d.mp3", missing=True)
make_track(root="/music/inner", path="Miles/e.mp3", has_cover=True, cover_id="c0ffee",
           cover_file_name="cover.jpg")
make_track(root="/music", path="\\udcff/f.mp3")
make_track(root="/music", path="/".join(["e\\u0301" * 60] * 30) + "/g.mp3")
"""
ROWS = """
import json
from library.models.folders import Folder, MusicFolder
from library.models.catalogue import Track
rows = [
    [f.root, f.path, f.parent and f.parent.path, f.name, f.track_count, f.total_track_count,
     f.cover_id] for f in Folder.objects.order_by("root", "pk") if len(f.path) < 50
]
wrong = [t.path for t in Track.objects.select_related("folder")
         if (t.root, t.path.rpartition("/")[0]) != (t.folder.root, t.folder.path)]
print(json.dumps([rows, wrong, Folder.objects.count(),
                  [m.root for m in MusicFolder.objects.all()]]))
"""
LONG_PARTS = 30


def shell(variables: dict[str, str], code: str) -> str:
    done = manage(variables, "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(params=["sqlite", "postgresql"])
def variables(tmp_path: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    return variables_on(request, tmp_path, "with_folders")


def migrate(variables: dict[str, str], *target: str) -> None:
    done = manage(variables, "migrate", *target, "--verbosity", "0")
    assert done.returncode == 0, done.stderr


@pytest.mark.server
def test_known_tracks_get_their_folders(variables: dict[str, str]) -> None:
    migrate(variables, "library", "0010")
    shell(variables, FILL)
    migrate(variables)
    rows, wrong, count, roots = json.loads(shell(variables, ROWS))
    assert wrong == []
    assert roots == ["/music", "/music/inner"]
    found = {(root, path): values for root, path, *values in rows}
    assert found == {
        ("/music", ""): [None, "music", 1, 7, ""],
        ("/music", "Gone"): ["", "Gone", 0, 0, ""],
        ("/music", "Miles"): ["", "Miles", 1, 3, ""],
        ("/music", "Miles/CD1"): ["Miles", "CD1", 2, 2, ""],
        ("/music", "miles"): ["", "miles", 1, 1, ""],
        ("/music", "\udcff"): ["", "\udcff", 1, 1, ""],
        ("/music/inner", ""): [None, "inner", 0, 1, ""],
        ("/music/inner", "Miles"): ["", "Miles", 1, 1, "c0ffee"],
    }
    assert count == len(found) + LONG_PARTS


@pytest.mark.server
def test_a_migration_that_was_interrupted_makes_the_same_rows(tmp_path: Path) -> None:
    variables = environment(tmp_path, 1)
    migrate(variables, "library", "0010")
    shell(variables, FILL)
    migrate(variables, "library", "0012")
    columns = "id, root, path, parent_id, track_count, total_track_count"
    ask = f"SELECT {columns} FROM library_folder ORDER BY id"  # noqa: S608
    before = query(place_in(tmp_path / "data"), ask)
    again = (
        "from library.models.catalogue import Track; from library.models.folders import Folder; "
        "Track.objects.filter(path__startswith='M').update(folder=None); "
        "Folder.objects.update(track_count=0, total_track_count=5)"
    )
    shell(variables, again)
    migrate(variables, "library", "0010")
    migrate(variables, "library", "0012")
    assert query(place_in(tmp_path / "data"), ask) == before
