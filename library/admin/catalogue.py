"""The admin pages of albums, artists, genres and record labels."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.roles import is_administrator
from library.admin.album_joining import join_selected, leave_selected
from library.admin.reading import TRACKS_OF_GENRE, ReadOnlyAdmin
from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.genres import Genre, Label
from library.queries.album_reasons import explain


class ByHandFilter(admin.SimpleListFilter):
    title = "joined or parted"
    parameter_name = "by_hand"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:  # noqa: ARG002
        return [("yes", "By hand")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Album]) -> QuerySet[Album]:  # noqa: ARG002
        if self.value() is None:
            return queryset
        marked = Track.objects.filter(album=OuterRef("pk")).exclude(album_by_hand="")
        return queryset.filter(Exists(marked))


@admin.register(Album)
class AlbumAdmin(ReadOnlyAdmin):
    list_display = ("shown_title", "album_artist", "year", "compilation", "tracks_link")
    list_filter = ("compilation", ByHandFilter)
    actions = ("join", "leave")
    search_fields = ("title",)
    search_help_text = (
        "Titles, album artists, genres and years; case and accents make no difference."
    )
    folded_fields = ("search_text",)
    ordering = ("title_key", "pk")
    fields = (
        *("title", "album_artist", "year", "tracks_link", "why"),
        *("title_sort", "album_artist_sort", "original_date", "release_date", "release_types"),
        *("edition", "labels", "catalogue_number", "genres", "disc_titles", "compilation"),
        *("musicbrainz_release_id", "musicbrainz_release_group_id", "cover_id"),
        "first_added_at",
    )
    readonly_fields = ("tracks_link", "why")

    def has_join_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request.user)

    @admin.action(description="Join the selected albums", permissions=["join"])
    def join(self, request: HttpRequest, queryset: QuerySet[Album]) -> None:
        join_selected(self, request, queryset)

    @admin.action(description="Undo what was joined or parted by hand", permissions=["join"])
    def leave(self, request: HttpRequest, queryset: QuerySet[Album]) -> None:
        leave_selected(self, request, queryset)

    @admin.display(description="title", ordering="title_key")
    def shown_title(self, album: Album) -> str:
        title = self.shortened(album.title)
        return f"{title} ({album.disambiguation})" if album.disambiguation else title

    @admin.display(description="why these tracks")
    def why(self, album: Album) -> SafeString:
        return render_to_string("admin/library/album/why.html", {"why": explain(album)})

    @admin.display(description="tracks")
    def tracks_link(self, album: Album) -> str:
        return _link_to_tracks("album__id__exact", album.pk)


@admin.register(Artist)
class ArtistAdmin(ReadOnlyAdmin):
    list_display = ("shown_name", "sort_name", "tracks_link")
    search_fields = ("name",)
    search_help_text = "Names; case and accents make no difference."
    folded_fields = ("search_text",)
    ordering = ("sort_key", "pk")
    fields = ("name", "sort_name", "musicbrainz_artist_id", "tracks_link")
    readonly_fields = ("tracks_link",)

    @admin.display(description="name", ordering="sort_key")
    def shown_name(self, artist: Artist) -> str:
        return self.shortened(artist.name)

    @admin.display(description="tracks")
    def tracks_link(self, artist: Artist) -> str:
        return _link_to_tracks("contributors__id__exact", artist.pk)


@admin.register(Genre)
class GenreAdmin(ReadOnlyAdmin):
    list_display = ("shown_name", "tracks_link")
    search_fields = ("name",)
    search_help_text = "Names; case and accents make no difference."
    folded_fields = ("sort_key",)
    ordering = ("sort_key", "pk")
    fields = ("name", "tracks_link")
    readonly_fields = ("tracks_link",)

    @admin.display(description="name", ordering="sort_key")
    def shown_name(self, genre: Genre) -> str:
        return self.shortened(genre.name)

    @admin.display(description="tracks")
    def tracks_link(self, genre: Genre) -> str:
        return _link_to_tracks(TRACKS_OF_GENRE, genre.pk)


@admin.register(Label)
class LabelAdmin(ReadOnlyAdmin):
    list_display = ("shown_name",)
    search_fields = ("name",)
    search_help_text = "Names; case and accents make no difference."
    folded_fields = ("sort_key",)
    ordering = ("sort_key", "pk")
    fields = ("name",)

    @admin.display(description="name", ordering="sort_key")
    def shown_name(self, label: Label) -> str:
        return self.shortened(label.name)


def _link_to_tracks(parameter: str, key: int) -> str:
    url = reverse("admin:library_track_changelist", query={parameter: key})
    return format_html('<a href="{}">Tracks</a>', url)
