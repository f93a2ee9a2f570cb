"""The followers and newcomers that `listening.apps` registers."""

from library.followers import Follower, Newcomers
from listening.followers import lost
from listening.followers.current_track import CurrentTrackFollower, CurrentTrackNewcomers
from listening.followers.lost import LostNewcomers
from listening.followers.now_playing import NowPlayingFollower

FOLLOWERS: tuple[Follower, ...] = (
    CurrentTrackFollower(),
    NowPlayingFollower(),
    *lost.FOLLOWERS,
)
NEWCOMERS: tuple[Newcomers, ...] = (CurrentTrackNewcomers(), LostNewcomers())
