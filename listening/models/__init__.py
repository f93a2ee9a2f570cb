"""What people make of the library. Each module has the tables of one subject."""

from listening.models.bookmarks import Bookmark
from listening.models.chat import ChatMessage
from listening.models.favourites import Favourite
from listening.models.lost import LostItem, LostKind
from listening.models.now_playing import NowPlaying
from listening.models.player import NO_LOST_TRACK, PlayerState
from listening.models.playlists import Playlist, PlaylistEntry, PlaylistFolder, Sharing, SourceState
from listening.models.plays import Play, PlayCount
from listening.models.queues import Device, PlayerCommand, PlayQueue
from listening.models.radio import RadioStation
from listening.models.ratings import Rating
from listening.models.removed import RemovedItem
from listening.models.scrobbling import (
    OutboxItem,
    OutboxKind,
    OutboxState,
    ScrobbleAccount,
    ScrobbleService,
)
from listening.models.shares import Share, ShareItem, ShareVisit
from listening.models.sound import Loudness, SoundChoice

__all__ = [
    "NO_LOST_TRACK",
    "Bookmark",
    "ChatMessage",
    "Device",
    "Favourite",
    "LostItem",
    "LostKind",
    "Loudness",
    "NowPlaying",
    "OutboxItem",
    "OutboxKind",
    "OutboxState",
    "Play",
    "PlayCount",
    "PlayQueue",
    "PlayerCommand",
    "PlayerState",
    "Playlist",
    "PlaylistEntry",
    "PlaylistFolder",
    "RadioStation",
    "Rating",
    "RemovedItem",
    "ScrobbleAccount",
    "ScrobbleService",
    "Share",
    "ShareItem",
    "ShareVisit",
    "Sharing",
    "SoundChoice",
    "SourceState",
]
