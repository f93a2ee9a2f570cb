"""What is stored, and the querysets it is read through."""

from library.models.catalogue import Album, Artist, ArtistRole, Track, TrackArtist
from library.models.scan import Scan, ScanFailure, ScanState, ScanTrigger

__all__ = [
    "Album",
    "Artist",
    "ArtistRole",
    "Scan",
    "ScanFailure",
    "ScanState",
    "ScanTrigger",
    "Track",
    "TrackArtist",
]
