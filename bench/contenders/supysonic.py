"""supysonic, a Subsonic server: Python, mutagen and SQLite through an ORM, one thread.

Found in the folder that SUPYSONIC names, else on PATH.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.contenders.contender import Contender, Scan
from bench.measure import Figures, Outcome, run_measured

CONFIGURATION = """\
[base]
database_uri = sqlite:///{work}/supysonic.db
[webapp]
cache_dir = {work}/cache
[daemon]
socket = {work}/none.sock
"""


def find_script() -> str | None:
    return shutil.which("supysonic-cli", path=os.environ.get("SUPYSONIC"))


def why_missing() -> str:
    if find_script():
        return ""
    return "not installed: pip install supysonic, and SUPYSONIC=the folder of its scripts"


@contextmanager
def open_supysonic(music: Path, work: Path) -> Iterator[Scan]:
    # It looks for its configuration in the home folder.
    (work / ".supysonic").write_text(CONFIGURATION.format(work=work))
    environment = {**os.environ, "HOME": str(work)}

    def run(*arguments: str | Path) -> Outcome:
        script = find_script() or "supysonic-cli"
        outcome = run_measured(script, "folder", *arguments, environment=environment)
        outcome.require_success()
        return outcome

    def scan() -> Figures:
        figures = run("scan", "--foreground").figures
        figures.facts["tracks"] = _count_tracks(work / "supysonic.db")
        return figures

    run("add", "music", music)
    yield scan


def _count_tracks(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        count: int = connection.execute("SELECT count(*) FROM track").fetchone()[0]
    return count


CONTENDER = Contender(name="supysonic", why_missing=why_missing, open=open_supysonic, is_slow=True)
