"""The servers whose pages are taken: `full` has records and a listener's weeks, `odd` has odd names
and no pictures, `empty` has no music, and `new` waits for its first user."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from screenshots.collection import make_collection
from tests.browser.accounts import USERS
from tests.web.served import ServedMus, manage, migrated_database, serve

MOVED = "Ada Fennel/Kitchen Songs"
SEEN_TO_CHANGE = """
from library.models.scan import Scan
Scan.objects.filter(pk__gt=1).update(trigger="watch")
"""
LISTEN = "from screenshots.listeners import fill_listening; fill_listening()"
ODD = "from screenshots.listeners import fill_odd_library; fill_odd_library()"


class Libraries(ExitStack):
    """Starts a server when its pages are wanted for the first time; all end with the context."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.servers: dict[str, ServedMus] = {}
        (folder / "blank").mkdir()
        self.blank = migrated_database(folder / "blank")

    def server(self, name: str) -> ServedMus:
        if name not in self.servers:
            self.servers[name] = self._serve(name)
        return self.servers[name]

    def _serve(self, name: str) -> ServedMus:
        place = self.folder / name
        place.mkdir()
        server = self.enter_context(serve(place, self.blank, "--no-scan", SHARING="everybody"))
        if name != "new":
            server.python(USERS)
        if name == "full":
            make_collection(place / "music")
            scan_with_joins(server, place / "music")
            server.python(LISTEN)
        if name == "odd":
            server.python(ODD)
        return server


def scan_with_joins(server: ServedMus, music: Path) -> None:
    """The last of three scans joins the tracks of an album with a copy made before the album was
    deleted."""
    manage(server.variables, "scan_tracks", "--quiet")
    folder = music / MOVED
    copied = folder.with_name(f"{folder.name} (new disk)")
    shutil.copytree(folder, copied)
    manage(server.variables, "scan_tracks", "--quiet")
    shutil.rmtree(folder)
    manage(server.variables, "scan_tracks", "--quiet")
    server.python(SEEN_TO_CHANGE)
