"""What the server has: scanned files, and users with app passwords, some of them revoked."""

import json
from dataclasses import dataclass
from pathlib import Path

from soak.watching.sounds import make_sound
from tests.audio_files import jpeg, retag
from tests.web.served import ServedMus, manage

TRACKS_OF_ALBUM = 10
SHORT_BYTES, LONG_BYTES = 100_000, 3_000_000
"""The first track of each album is long: more than the buffers of a connection hold, so that an
abandoned stream is one that the server has to stop."""
APPS_OF_USER = 8
WEB_PASSWORD = "a-long-password-of-a-person"  # noqa: S105  # of a server that lives for minutes

_MAKE_USERS = """
import json
from django.contrib.auth.models import User
from accounts.app_passwords import app_passwords_of, make_app_password, password_of
from accounts.app_passwords import revoke_app_passwords
found = []
for number in range({users}):
    password = None if number else {password!r}
    user = User.objects.create_user("listener" + str(number), password=password)
    for app in range({apps}):
        found.append((user.username, password_of(make_app_password(user, "app " + str(app)))))
user = User.objects.get(username="listener0")
row = make_app_password(user, "revoked")
revoke_app_passwords(app_passwords_of(user).filter(pk=row.pk))
User.objects.create_user("guest")
print("people", json.dumps([found, password_of(row)]))
"""


@dataclass(frozen=True)
class App:
    """An app password in force, and whose it is."""

    user: str
    password: str


@dataclass(frozen=True)
class People:
    """`apps`: one for each app. `revoked`: an app password of `listener0`, who also logs in to the
    pages by WEB_PASSWORD. `guest` has no app password."""

    apps: list[App]
    revoked: str


def make_library(served: ServedMus, tracks: int) -> None:
    """Write real files and scan them."""
    music = Path(served.variables["MUSIC_DIR"])
    for number in range(tracks):
        _make_track(music, number)
    done = manage(served.variables, "scan_tracks", "--quiet")
    if done.returncode:
        raise RuntimeError(f"the scan failed: {done.stderr[-2000:]}")


def _make_track(music: Path, number: int) -> None:
    album, place = divmod(number, TRACKS_OF_ALBUM)
    folder = music / f"artist {album // 3}" / f"album {album}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{place + 1:02} song {number}.mp3"
    tags = {
        "title": f"Song {number}",
        "artist": f"Artist {album // 3}",
        "album": f"Album {album}",
        "track_number": str(place + 1),
        "date": str(1970 + album % 50),
        "genre": f"Genre {album % 7}",
    }
    make_sound(path, number, SHORT_BYTES if place else LONG_BYTES, tags)
    if not place:
        retag(path, cover=jpeg(album))


def make_people(served: ServedMus, apps: int) -> People:
    users = -(-apps // APPS_OF_USER)
    code = _MAKE_USERS.format(users=users, apps=APPS_OF_USER, password=WEB_PASSWORD)
    (line,) = (each for each in served.python(code).splitlines() if each.startswith("people "))
    found, revoked = json.loads(line.removeprefix("people "))
    return People([App(*each) for each in found][:apps], revoked)
