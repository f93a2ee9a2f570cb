"""What shares hold."""

from collections.abc import Mapping

from listening.followers.own_things import OwnThings, pointed
from listening.models import ShareItem


class _InShares(OwnThings):
    """Each stays in its share. What two others became may be in a share twice; it is shown once."""

    model = ShareItem

    def replace(self, source: str, replaced: Mapping[int, int], target: str) -> int:
        return self.at(source, replaced.keys()).update(**pointed(source, replaced, target))


class SharedTracks(_InShares):
    field_name = "track"
    noun = "shared track"


class SharedAlbums(_InShares):
    field_name = "album"
    noun = "shared album"
