"""Calls and rows for tests that need no server."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth.models import User

from library.models.catalogue import Track
from library.models.folders import Folder, MusicFolder, folder_name, folder_name_key
from library.models.scan import Scan
from opensubsonic.call import Call
from opensubsonic.parameters import Parameters
from tests.opensubsonic.in_process import Rest, login_of


def call_of(user: User, **parameters: str) -> Call:
    return Call(user, Parameters([*parameters.items()]), base_address="https://music.example.org")


def make_folder(path: str = "", root: str = "/music", **fields: object) -> Folder:
    """The folder with the folders above it, and the number of its root."""
    MusicFolder.objects.get_or_create(root=root)
    found = Folder.objects.filter(root=root, path=path).first()
    if found:
        return found
    parent = make_folder(path.rpartition("/")[0], root) if path else None
    name = folder_name(root, path)
    return Folder.objects.create(
        root=root, path=path, parent=parent, name=name, name_key=folder_name_key(name), **fields
    )


def place(track: Track, folder: Folder) -> Track:
    """Put the track into the folder, and count it, as a scan would."""
    track.root, track.folder = folder.root, folder
    track.path = f"{folder.path}/{track.path}".lstrip("/")
    track.save()
    folder.track_count += 1
    above: Folder | None = folder
    while above is not None:
        above.total_track_count += 1
        above.save()
        above = above.parent
    return track


def done_at(scan: Scan) -> datetime:
    assert scan.finished_at is not None
    return scan.finished_at


def image_address(rest: Rest) -> str:
    """What comes before the id of a cover in an address that this client is told. It has the
    client's own login, so that it can be loaded as it is."""
    assert rest.user is not None
    login = urlencode({**login_of(rest.user), "v": "1.16.1", "c": "tests"})
    return f"http://localhost/rest/getCoverArt?{login}&id="
