"""Who may see and change a playlist.

Its owner may do everything. The other users see it if it is shared, and change its name and its
entries if it is shared to write. Administrators are users like all others here.
"""

from enum import Enum

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from listening.models import Playlist, Sharing
from listening.playlists.refusals import NoSuchPlaylist, NotAllowed, Refused


class Right(Enum):
    SEE = "see"
    WRITE = "write"
    OWN = "own"


def visible_to(user_id: int) -> QuerySet[Playlist]:
    """The playlists that the user sees in lists."""
    is_shared = ~Q(sharing=Sharing.PRIVATE) & Q(user__is_active=True)
    return Playlist.objects.filter(Q(user=user_id) | is_shared, deleted_at=None)


def sees(user_id: int, playlist: Playlist) -> bool:
    """The same for a playlist that is at hand with its owner, whether it was deleted or not."""
    is_shared = playlist.sharing != Sharing.PRIVATE and playlist.user.is_active
    return playlist.user_id == user_id or is_shared


def find_playlist(user_id: int, playlist_id: int, right: Right = Right.SEE) -> Playlist:
    """The playlist, if the user has this right. Raises NoSuchPlaylist and NotAllowed."""
    found = visible_to(user_id).filter(pk=playlist_id).first()
    if found is None:
        raise NoSuchPlaylist
    check(found, user_id, right)
    return found


def check(playlist: Playlist, user_id: int, right: Right) -> None:
    """Raises NotAllowed if the user, who sees the playlist, does not have the right."""
    if right is Right.WRITE and not may_write(playlist.user_id, playlist.sharing, user_id):
        raise NotAllowed(gettext("The owner of this playlist lets others read it, not change it."))
    if right is Right.OWN and playlist.user_id != user_id:
        raise NotAllowed(gettext("Only the owner of this playlist may do that."))


def may_write(owner_id: int, sharing: str, user_id: int) -> bool:
    return owner_id == user_id or sharing == Sharing.WRITE


def check_entries_are_kept(playlist: Playlist) -> None:
    """Raises Refused if the entries are not people's to change."""
    if playlist.rules is not None:
        message = gettext("This is a smart playlist: its rules choose the tracks. Change these.")
        raise Refused("is_smart", message)
    check_follows_no_file(playlist)


def check_follows_no_file(playlist: Playlist) -> None:
    """Raises Refused if the next scan would take the change back."""
    if playlist.source_key:
        raise Refused(
            "follows_file",
            gettext(
                "This playlist follows a file in a music folder. Change that file, or make the "
                "playlist your own."
            ),
        )


def viewers_of(*playlists: Playlist, also_shared: bool = False) -> set[int]:
    """The ids of the users who see any of the playlists. `also_shared`: as if all were shared."""
    viewers = {each.user_id for each in playlists}
    if also_shared or any(each.sharing != Sharing.PRIVATE for each in playlists):
        viewers.update(User.objects.filter(is_active=True).values_list("pk", flat=True))
    return viewers
