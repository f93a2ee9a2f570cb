"""What administrators see of the collection. A scan owns its rows; here they are read."""

from django.contrib import admin

from library.admin.catalogue import AlbumAdmin, ArtistAdmin
from library.admin.players import PlayerStateAdmin
from library.admin.scans import ScanAdmin, ScanFailureAdmin
from library.admin.tracks import TrackAdmin
from library.admin.users import PeopleAdmin

__all__ = [
    "AlbumAdmin",
    "ArtistAdmin",
    "PeopleAdmin",
    "PlayerStateAdmin",
    "ScanAdmin",
    "ScanFailureAdmin",
    "TrackAdmin",
]

admin.site.site_header = "mus"
admin.site.site_title = "mus"
admin.site.index_title = "Administration"
