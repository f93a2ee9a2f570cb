"""The admin pages of what people make of the library. Django imports this package."""

from listening.admin import player, playlists, scrobbling, shares, things, users

__all__ = ["player", "playlists", "scrobbling", "shares", "things", "users"]
