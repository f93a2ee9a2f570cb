"""Users as the protocol describes them. Its roles decide which buttons clients show."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User

from accounts.roles import is_administrator
from library.queries.folders import music_folders
from listening.shares.rights import may_share

_OF_ALL = {
    "scrobblingEnabled": True,  # each play counts, whether or not it is also told to a service
    "settingsRole": True,
    "downloadRole": True,
    "uploadRole": False,
    "playlistRole": True,
    "coverArtRole": False,
    "commentRole": True,
    "podcastRole": False,
    "streamRole": True,
    "jukeboxRole": False,
    "videoConversionRole": False,
}
"""What every user may do, and what nobody can since mus does not have it."""


def users(people: Sequence[User]) -> list[dict[str, Any]]:
    """One statement for all of them. Each may see all that `getMusicFolders` lists."""
    folders = [each.id for each in music_folders()]
    return [_user(person, folders) for person in people]


def _user(person: User, folders: list[int]) -> dict[str, Any]:
    email = {"email": person.email} if person.email else {}
    return {
        "username": person.username,
        **email,
        "adminRole": is_administrator(person),
        **_OF_ALL,
        "shareRole": may_share(person),
        "folder": folders,
    }
