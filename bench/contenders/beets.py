"""beets, a tagger that keeps a library: Python, mutagen and SQLite, some ninety columns a track.

Found in the folder that BEETS names, else on PATH. Nothing is looked up, moved or written, and each
folder is an album as it is tagged. A rescan is `update`, which looks at the time of every file; a
second `import` would pass over folders that it has seen without a look.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.contenders.contender import Contender, Scan
from bench.measure import Figures, run_measured

CONFIGURATION = """\
directory: {music}
library: {work}/library.db
plugins: []
import: {{autotag: no, copy: no, move: no, write: no, resume: no, quiet: yes, timid: no}}
"""


def find_script() -> str | None:
    return shutil.which("beet", path=os.environ.get("BEETS"))


def why_missing() -> str:
    return "" if find_script() else "not installed: pip install beets, and BEETS=its bin folder"


@contextmanager
def open_beets(music: Path, work: Path) -> Iterator[Scan]:
    (work / "config.yaml").write_text(CONFIGURATION.format(music=music, work=work))
    environment = {**os.environ, "BEETSDIR": str(work), "HOME": str(work)}

    def scan() -> Figures:
        is_first = not (work / "library.db").exists()
        arguments = ("import", "-q", "-A", "-C", "-W", music) if is_first else ("update", "-M")
        outcome = run_measured(find_script() or "beet", *arguments, environment=environment)
        outcome.require_success()
        outcome.figures.facts["tracks"] = _count_tracks(work / "library.db")
        return outcome.figures

    yield scan


def _count_tracks(database: Path) -> int:
    with closing(sqlite3.connect(database)) as connection:
        count: int = connection.execute("SELECT count(*) FROM items").fetchone()[0]
    return count


CONTENDER = Contender(name="beets", why_missing=why_missing, open=open_beets, is_slow=True)
