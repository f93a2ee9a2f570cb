"""What tracks belong to, by name: artists, composers, genres and record labels."""

from collections.abc import Iterable, Sequence

from library.models.albums import AlbumLabel
from library.models.catalogue import OWN_ROLES, ArtistRole, Track, TrackArtist, TrackGenre

Groups = dict[str, list[dict[str, int | str]]]
KINDS = ("artists", "composers", "genres", "labels")


def groups_of_tracks(ids: Sequence[int]) -> dict[int, Groups]:
    """By the id of each of these tracks, the groups whose lists have it, each once: the artists
    that it names as artist or album artist, its composers and genres, and its album's labels."""
    found: dict[int, Groups] = {pk: {kind: [] for kind in KINDS} for pk in ids}
    for rows in (_credited(ids), _of_genres(ids), _on_labels(ids)):
        for kind, track, pk, name in rows:
            group: dict[str, int | str] = {"id": pk, "name": name}
            if group not in found[track][kind]:
                found[track][kind].append(group)
    return found


_Rows = Iterable[tuple[str, int, int, str]]  # a kind, a track, and the id and name of a group


def _credited(ids: Sequence[int]) -> _Rows:
    named = TrackArtist.objects.filter(track__in=ids, role__in=(*OWN_ROLES, ArtistRole.COMPOSER))
    rows = named.order_by("role", "position").values_list("role", "track", "artist", "artist__name")
    for role, track, pk, name in rows:
        yield "composers" if role == ArtistRole.COMPOSER else "artists", track, pk, name


def _of_genres(ids: Sequence[int]) -> _Rows:
    rows = TrackGenre.objects.filter(track__in=ids).order_by("position")
    for track, pk, name in rows.values_list("track", "genre", "genre__name"):
        yield "genres", track, pk, name


def _on_labels(ids: Sequence[int]) -> _Rows:
    albums = Track.objects.filter(pk__in=ids, album__isnull=False).values_list("pk", "album")
    labels = AlbumLabel.objects.filter(album__in={album for _, album in albums})
    on = list(labels.order_by("position").values_list("album", "label", "label__name"))
    for track, album in albums:
        for labelled, pk, name in on:
            if labelled == album:
                yield "labels", track, pk, name
