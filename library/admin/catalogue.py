"""The admin pages of albums and artists."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from library.admin.reading import ReadOnlyAdmin
from library.models.catalogue import Album, Artist


@admin.register(Album)
class AlbumAdmin(ReadOnlyAdmin):
    list_display = ("shown_title", "album_artist", "year", "compilation", "tracks_link")
    list_filter = ("compilation",)
    search_fields = ("title",)
    search_help_text = "Titles; case and accents make no difference."
    folded_fields = ("title_key",)
    ordering = ("title_key", "pk")
    fields = (
        *("title", "album_artist", "year", "compilation", "musicbrainz_release_id", "cover_id"),
        "tracks_link",
    )
    readonly_fields = ("tracks_link",)

    @admin.display(description="title", ordering="title_key")
    def shown_title(self, album: Album) -> str:
        return self.shortened(album.title)

    @admin.display(description="tracks")
    def tracks_link(self, album: Album) -> str:
        return _link_to_tracks("album", album.pk)


@admin.register(Artist)
class ArtistAdmin(ReadOnlyAdmin):
    list_display = ("shown_name", "sort_name", "tracks_link")
    search_fields = ("name",)
    search_help_text = "Names; case and accents make no difference."
    folded_fields = ("sort_key", "key")
    ordering = ("sort_key", "pk")
    fields = ("name", "sort_name", "musicbrainz_artist_id", "tracks_link")
    readonly_fields = ("tracks_link",)

    @admin.display(description="name", ordering="sort_key")
    def shown_name(self, artist: Artist) -> str:
        return self.shortened(artist.name)

    @admin.display(description="tracks")
    def tracks_link(self, artist: Artist) -> str:
        return _link_to_tracks("contributors", artist.pk)


def _link_to_tracks(relation: str, key: int) -> str:
    url = reverse("admin:library_track_changelist", query={f"{relation}__id__exact": key})
    return format_html('<a href="{}">Tracks</a>', url)
