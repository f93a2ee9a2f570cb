"""The extensions of OpenSubsonic that work. Clients switch behaviour by this list."""

EXTENSIONS = {
    "formPost": [1],
    "apiKeyAuthentication": [1],
    "songLyrics": [1, 2],
    "topSongsByArtistId": [1],
    "indexBasedQueue": [1],
    "playbackReport": [1],
    "musSync": [1],
}
"""The versions of each, by its name. `musSync` is of mus alone: docs/mus-sync.md."""
