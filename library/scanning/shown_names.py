"""The spelling in which artists, genres and record labels are shown: that of most present tracks,
or, of genres and labels, of most albums. So a name that is mended in the files is mended here, and
the order in which files are read makes no difference.

Credits say how their files spell the artist if that is not how the artist is shown. So only artists
with such credits have to be looked at.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Case, Count, F, TextField, Value, When

from library.models.catalogue import Artist, TrackArtist
from library.models.folding import name_key, sort_key
from library.models.genres import Genre, Label
from library.models.revision import NextRevision
from library.models.searched import artist_text
from library.queries.groupings import usual_spellings_of
from library.scanning.upsert import Update

_NAME = Update(Artist, ("name", "name_key", "sort_key", "search_text", "revision"))


class Mend(NamedTuple):
    """An artist that is to be shown under another name than now."""

    artist_id: int
    name_now: str
    name: str
    sort_name: str


def spelled_otherwise() -> list[int]:
    """The ids of the artists that some credit spells unlike they are shown."""
    credits_ = TrackArtist.objects.filter(credited_as__isnull=False).order_by("artist")
    return [*credits_.values_list("artist", flat=True).distinct()]


def names_to_mend(artist_ids: Collection[int]) -> list[Mend]:
    """Those of the artists that most tracks spell otherwise. Only reads the database."""
    present = TrackArtist.objects.filter(artist__in=artist_ids, track__missing_since__isnull=True)
    counts = defaultdict[int, Counter[str | None]](Counter)
    tracks = (
        present.order_by()
        .values_list("artist", "credited_as")
        .annotate(Count("track", distinct=True))
    )
    for artist_id, credited_as, count in tracks:
        counts[artist_id][credited_as] += count
    artists = Artist.objects.filter(pk__in=counts).order_by("pk")
    mends = (
        Mend(pk, name, usual_spelling(counts[pk], name), sort_name)
        for pk, name, sort_name in artists.values_list("pk", "name", "sort_name")
    )
    return [mend for mend in mends if mend.name != mend.name_now]


def usual_spelling(counts: Mapping[str | None, int], shown: str) -> str:
    """The most frequent spelling; None stands for `shown`. Of two equal ones, one in mixed case
    comes before one in capitals or small letters alone."""
    by_name = Counter[str]()
    for name, count in counts.items():
        by_name[shown if name is None else name] += count
    return min(by_name, key=lambda name: (-by_name[name], name.isupper() or name.islower(), name))


def mend_names(mends: Sequence[Mend], revision: NextRevision) -> None:
    """Write the names in the caller's transaction."""
    _NAME.execute(
        [
            (
                *(each.name, name_key(each.name), sort_key(each.name, each.sort_name)),
                *(artist_text(each.name, each.sort_name), revision.number, each.artist_id),
            )
            for each in mends
        ]
    )
    for each in mends:
        spelled = Case(
            When(credited_as=each.name, then=Value(None)),
            When(credited_as__isnull=True, then=Value(each.name_now)),
            default=F("credited_as"),
            output_field=TextField(),
        )
        TrackArtist.objects.filter(artist=each.artist_id).update(credited_as=spelled)


def genres_and_labels_to_mend() -> dict[type[Genre] | type[Label], dict[int, str]]:
    """The names, by id, of genres and labels that most albums spell otherwise. Only reads the
    database."""
    found: dict[type[Genre] | type[Label], dict[int, str]] = {}
    for model, column in ((Genre, "genres"), (Label, "labels")):
        spellings = usual_spellings_of(column)
        rows = model.objects.order_by("pk").values_list("pk", "key", "name")
        found[model] = {
            pk: new for pk, key, name in rows if (new := spellings.get(key, name)) != name
        }
    return found


def mend_genres_and_labels(
    names: Mapping[type[Genre] | type[Label], Mapping[int, str]], revision: NextRevision
) -> None:
    """Write the names in the caller's transaction."""
    for model, by_id in names.items():
        number = revision.number if by_id else 0
        rows = [(name, sort_key(name), number, pk) for pk, name in by_id.items()]
        Update(model, ("name", "sort_key", "revision")).execute(rows)
