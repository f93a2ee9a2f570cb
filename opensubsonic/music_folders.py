"""Reads the parameter `musicFolderId`."""

from library.queries.music_folders import NoSuchMusicFolder, root_to_filter_by
from opensubsonic.call import Call
from opensubsonic.errors import not_found

ALL = "-1"
"""What Subsonic's own pages send for all folders; some clients do, too."""


def wanted_root(call: Call) -> str | None:
    """The root of the music folder that the answer is restricted to; None without restriction."""
    if call.parameters.text("musicFolderId") == ALL:
        return None
    number = call.parameters.number("musicFolderId")
    if number is None:
        return None
    try:
        return root_to_filter_by(number)
    except NoSuchMusicFolder:
        raise not_found("music folder") from None
