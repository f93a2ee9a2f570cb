"""What is shown of the path of a lost track to those who may not see where files are on the
server."""

from django.conf import settings

from library.models.paths import path_to_text
from listening.lost.facts import SURE_PARTS


def path_in_folder(path: str, *, is_purged: bool) -> str:
    """The path below the music folder, or what an imported playlist says. Of a purged track whose
    music folder is none any more, the last names. `path`: see `LostItem`."""
    for root in map(str, settings.MUSIC_DIRS):
        if path.startswith(prefix := f"{path_to_text(root).rstrip('/')}/"):
            return path[len(prefix) :]
    return "/".join(path.split("/")[-SURE_PARTS:]) if is_purged else path
