"""What the files of the tagger styles are about: one track of each of five releases."""

from dataclasses import dataclass, field


def an_id(number: int) -> str:
    return f"0383dadf-2a4e-4d10-a46a-{number:012}"


@dataclass(frozen=True, kw_only=True)
class Track:
    """`artist` is the credit as shown, `artists` are the names in it. `performers`: name and
    instrument. `places`: as TrackTags has them, if they differ from `track` and `disc`."""

    title: str
    title_sort: str = ""
    artist: str
    artists: tuple[str, ...]
    artist_sorts: tuple[str, ...]
    credited: tuple[str, ...] = ()
    """The names that the credit alone tells apart, if they are not `artists`."""
    artist_sort: str = ""
    """The credit by sort names, if it is not the only one of `artist_sorts`."""
    album: str
    album_sort: str = ""
    album_artist: str
    album_artists: tuple[str, ...]
    album_artist_sorts: tuple[str, ...]
    composers: tuple[str, ...] = ()
    composer_sorts: tuple[str, ...] = ()
    conductor: tuple[str, ...] = ()
    lyricist: tuple[str, ...] = ()
    arranger: tuple[str, ...] = ()
    remixer: tuple[str, ...] = ()
    producer: tuple[str, ...] = ()
    performers: tuple[tuple[str, str], ...] = ()
    track: str
    track_total: int
    disc: int
    disc_total: int
    disc_subtitle: str = ""
    places: tuple[int, int, str] | None = None
    date: str
    original_date: str = ""
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    compilation: bool = False
    types: tuple[str, ...] = ("album",)
    edition: str = ""
    labels: tuple[str, ...] = ()
    catalogue_number: str = ""
    bpm: int | None = None
    comment: str = ""
    grouping: str = ""
    isrc: tuple[str, ...] = ()
    work: str = ""
    movement: str = ""
    movement_number: int | None = None
    movement_total: int | None = None
    advisory: int = 0
    gains: tuple[float, float, float, float] = (-7.03, 0.988, -6.5, 1.0)
    """Of the track gain and peak, of the album gain and peak."""
    number: int = field(default=1)
    """Makes its MusicBrainz ids."""

    def artist_ids(self) -> tuple[str, ...]:
        return tuple(an_id(100 * self.number + at) for at, _ in enumerate(self.artists))

    def album_artist_ids(self) -> tuple[str, ...]:
        return tuple(an_id(100 * self.number + 50 + at) for at, _ in enumerate(self.album_artists))


POP = Track(
    title="The Fado of Now",
    title_sort="Fado of Now, The",
    artist="Ana Møller feat. Zé Pedro",
    artists=("Ana Møller", "Zé Pedro"),
    artist_sorts=("Møller, Ana", "Pedro, Zé"),
    artist_sort="Møller, Ana feat. Pedro, Zé",
    album="A Night",
    album_sort="Night, A",
    album_artist="Ana Møller",
    album_artists=("Ana Møller",),
    album_artist_sorts=("Møller, Ana",),
    composers=("Zé Pedro", "L. Øst"),
    composer_sorts=("Pedro, Zé", "Øst, L."),
    lyricist=("L. Øst",),
    producer=("Max Tone",),
    track="5",
    track_total=12,
    disc=1,
    disc_total=1,
    date="2019-03-08",
    genres=("Pop", "R&B/Soul"),
    moods=("Calm", "Night"),
    types=("album",),
    labels=("Small Records", "Large Music"),
    catalogue_number="SR-019",
    bpm=121,
    comment="Bought in Porto",
    grouping="Evenings",
    isrc=("PTAB11900005",),
    advisory=1,
    number=1,
)
CLASSICAL = Track(
    title="Concerto no. 1: II. Larghetto",
    artist="Marta Ruiz; Berlin Players, Karl Anders",
    artists=("Marta Ruiz", "Berlin Players", "Karl Anders"),
    artist_sorts=("Ruiz, Marta", "Berlin Players", "Anders, Karl"),
    credited=("Marta Ruiz", "Berlin Players, Karl Anders"),
    artist_sort="Ruiz, Marta; Berlin Players, Anders, Karl",
    album="Concertos",
    album_artist="Marta Ruiz",
    album_artists=("Marta Ruiz",),
    album_artist_sorts=("Ruiz, Marta",),
    composers=("Fryderyk Chopin",),
    composer_sorts=("Chopin, Fryderyk",),
    conductor=("Karl Anders",),
    arranger=("Mily Balakirev",),
    performers=(("Marta Ruiz", "piano"), ("Ida Holm", "viola (solo)")),
    track="2",
    track_total=6,
    disc=2,
    disc_total=3,
    disc_subtitle="The Concertos",
    date="2003",
    genres=("Classical",),
    types=("album",),
    labels=("Gelb",),
    catalogue_number="471 333-2",
    grouping="Piano",
    work="Piano Concerto no. 1",
    movement="Larghetto",
    movement_number=2,
    movement_total=3,
    number=2,
)
COMPILATION = Track(
    title="Push (Nils Remix)",
    artist="AC/DC",
    artists=("AC/DC",),
    artist_sorts=("AC/DC",),
    album="Now 7",
    album_artist="Various Artists",
    album_artists=("Various Artists",),
    album_artist_sorts=("Various Artists",),
    remixer=("Nils K",),
    track="17",
    track_total=20,
    disc=2,
    disc_total=2,
    disc_subtitle="Night",
    date="1999-11",
    genres=("Dance",),
    compilation=True,
    types=("album", "compilation"),
    isrc=("GBAYE9900017",),
    bpm=140,
    number=3,
)
VINYL = Track(
    title="Ночь",
    artist="Кино",
    artists=("Кино",),
    artist_sorts=("Kino",),
    album="Группа крови",
    album_sort="Gruppa krovi",
    album_artist="Кино",
    album_artists=("Кино",),
    album_artist_sorts=("Kino",),
    track="B2",
    track_total=5,
    disc=1,
    disc_total=1,
    places=(2, 2, "Side B"),
    date="1988",
    genres=("Rock",),
    labels=("Мелодия",),
    number=4,
)
REISSUE = Track(
    title="So (Live)",
    artist="Earth, Wind & Fire",
    artists=("Earth, Wind & Fire",),
    artist_sorts=("Earth, Wind & Fire",),
    album="Gratitude",
    album_artist="Earth, Wind & Fire",
    album_artists=("Earth, Wind & Fire",),
    album_artist_sorts=("Earth, Wind & Fire",),
    producer=("Maurice", "Charles"),
    track="1",
    track_total=13,
    disc=1,
    disc_total=2,
    date="2012-05-21",
    original_date="1975-11-11",
    genres=("Funk", "Soul"),
    types=("album", "live"),
    edition="deluxe edition",
    labels=("Columbia",),
    catalogue_number="PG 33694",
    advisory=2,
    number=5,
)
TRACKS = {
    "pop": POP,
    "classical": CLASSICAL,
    "compilation": COMPILATION,
    "vinyl": VINYL,
    "reissue": REISSUE,
}
