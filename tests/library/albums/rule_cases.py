"""One or more cases for each rule of `library.albums.reasons`: files, and the albums they make.

`test_rules.py` tries them on the rules alone, `tests/library/scanning/test_album_rules.py` on real
files by a scan. `docs/albums.md` names them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from library.albums.reasons import Apart, Reading, Rule, Together

ONE_ID = "11111111-2222-4333-8444-555555555555"
OTHER_ID = "99999999-2222-4333-8444-555555555555"

Files = Mapping[str, Mapping[str, Any]]
"""By path the tags of a file, named as `make_audio` has them; `by_hand` is a mark on its track."""


@dataclass(frozen=True)
class Expected:
    """An album as it should be: a pattern for the paths of its tracks, the rules that are stored,
    and the text that tells it from others of its name."""

    pattern: str
    together: Together
    apart: Apart | None = None
    disambiguation: str = ""

    def paths_among(self, files: Iterable[str]) -> list[str]:
        alternatives = self.pattern.split(" | ")
        return sorted(
            path for path in files if any(fnmatchcase(path, each) for each in alternatives)
        )


@dataclass(frozen=True)
class Case:
    rule: Rule
    name: str
    files: Files
    albums: tuple[Expected, ...]


def files(folder: str, numbers: Iterable[int], suffix: str = "mp3", **tags: Any) -> dict[str, Any]:
    """One file for each number. The title says the number, and `of` where that is given."""
    of = tags.pop("of", "")
    return {
        f"{folder}/{n:02} Song {n}.{suffix}": {
            "title": f"Song {n}{of}",
            "track_number": n,
            "artist": "Portishead",
            "album": "Dummy",
            "album_artist": "Portishead",
            **tags,
        }
        for n in numbers
    }


def _nobody(**tags: Any) -> dict[str, Any]:
    """Tags without an album artist."""
    return {"album_artist": None, **tags}


_OF_ARTIST, _BY_ID = Together.ALBUM_ARTIST, Together.RELEASE_ID

CASES: tuple[Case, ...] = (
    Case(
        Together.ALBUM_ARTIST,
        "title_and_album_artist",
        {
            **files("Portishead/Dummy", (1, 2, 3)),
            **files("Portishead/Third", (1, 2), album="Third"),
            **files("Cover band/Dummy", (1, 2), album_artist="Cover band"),
        },
        (
            Expected("Portishead/Dummy/*", _OF_ARTIST),
            Expected("Portishead/Third/*", _OF_ARTIST),
            Expected("Cover band/*", _OF_ARTIST),
        ),
    ),
    Case(
        Together.RELEASE_ID,
        "one_release_id",
        {
            **files("a", (1, 2), musicbrainz_release_id=ONE_ID),
            **files("b", (3, 4), album="Dummy!", musicbrainz_release_id=ONE_ID),
        },
        (Expected("*", _BY_ID),),
    ),
    Case(
        Together.COMPILATION,
        "compilation_over_artist_folders",
        {
            path: tags
            for n, name in enumerate(("Air", "Blur", "Cream"), 1)
            for path, tags in files(
                f"{name}/Hits of 98", (n,), **_nobody(album="Hits", artist=name, compilation=True)
            ).items()
        },
        (Expected("*", Together.COMPILATION),),
    ),
    Case(
        Together.ARTIST,
        "one_artist_and_no_album_artist",
        {
            **files("Portishead/Dummy", (1, 2), **_nobody()),
            **files("Inbox/Dummy", (3, 4), **_nobody()),
        },
        (Expected("*", Together.ARTIST),),
    ),
    Case(
        Together.FOLDER,
        "many_artists_in_one_folder",
        {
            path: tags
            for n, name in enumerate(("Air", "Blur", "Cream", "Doves"), 1)
            for path, tags in files("Soundtrack", (n,), **_nobody(artist=name)).items()
        },
        (Expected("*", Together.FOLDER),),
    ),
    Case(
        Together.BY_HAND,
        "joined_by_hand",
        {
            **files("Dummy", (1, 2), by_hand="one"),
            **files("Demos", (1, 2), album="Dummy demos", by_hand="one"),
        },
        (Expected("*", Together.BY_HAND),),
    ),
    Case(
        Apart.BY_HAND,
        "parted_by_hand",
        {
            **files("Dummy", (1, 2), by_hand="one"),
            **files("Dummy", (3, 4), by_hand="two"),
        },
        (
            Expected("*/01 * | */02 *", Together.BY_HAND, Apart.BY_HAND, "Song 1"),
            Expected("*/03 * | */04 *", Together.BY_HAND, Apart.BY_HAND, "Song 3"),
        ),
    ),
    Case(
        Apart.RELEASE_ID,
        "other_release_ids",
        {
            **files("Dummy", (1, 2), musicbrainz_release_id=ONE_ID, year=1994),
            **files("Dummy (live)", (1, 2), musicbrainz_release_id=OTHER_ID, year=1998),
        },
        (
            Expected("Dummy/*", _BY_ID, Apart.RELEASE_ID, "1994"),
            Expected("Dummy (live)/*", _BY_ID, Apart.RELEASE_ID, "1998"),
        ),
    ),
    Case(
        Apart.RELEASE_ID,
        "other_release_ids_in_one_folder",
        {
            **files("Dummy", (1, 2), "mp3", musicbrainz_release_id=ONE_ID, year=1994),
            **files("Dummy", (1, 2, 3), "flac", musicbrainz_release_id=OTHER_ID, year=1994),
        },
        (
            Expected("*.mp3", _BY_ID, Apart.RELEASE_ID, "MP3"),
            Expected("*.flac", _BY_ID, Apart.RELEASE_ID, "FLAC"),
        ),
    ),
    Case(
        Apart.EDITION,
        "other_edition",
        {
            **files("Dummy", (1, 2)),
            **files("Dummy 2", (1, 2, 3), edition="Deluxe Edition"),
        },
        (
            Expected("Dummy/*", _OF_ARTIST, Apart.EDITION, ""),
            Expected("Dummy 2/*", _OF_ARTIST, Apart.EDITION, "Deluxe Edition"),
        ),
    ),
    Case(
        Apart.OTHER_YEAR,
        "other_year_and_the_same_numbers",
        {
            **files("Blue", (1, 2, 3), album="Weezer", album_artist="Weezer", year=1994, of=" b"),
            **files("Green", (1, 2, 3), album="Weezer", album_artist="Weezer", year=2001, of=" g"),
        },
        (
            Expected("Blue/*", _OF_ARTIST, Apart.OTHER_YEAR, "1994"),
            Expected("Green/*", _OF_ARTIST, Apart.OTHER_YEAR, "2001"),
        ),
    ),
    Case(
        Apart.FORMAT,
        "flac_and_mp3",
        {
            **files("lossless/Dummy", (1, 2, 3), "flac"),
            **files("portable/Dummy", (1, 2, 3), "mp3"),
        },
        (
            Expected("*.flac", _OF_ARTIST, Apart.FORMAT, "FLAC"),
            Expected("*.mp3", _OF_ARTIST, Apart.FORMAT, "MP3"),
        ),
    ),
    Case(
        Apart.FORMAT,
        "flac_and_mp3_in_one_folder",
        {**files("Dummy", (1, 2, 3), "flac"), **files("Dummy", (1, 2, 3), "mp3")},
        (
            Expected("*.flac", _OF_ARTIST, Apart.FORMAT, "FLAC"),
            Expected("*.mp3", _OF_ARTIST, Apart.FORMAT, "MP3"),
        ),
    ),
    Case(
        Apart.FORMAT,
        "flac_and_mp3_with_one_release_id",
        {
            **files("lossless/Dummy", (1, 2, 3), "flac", musicbrainz_release_id=ONE_ID),
            **files("portable/Dummy", (1, 2, 3), "mp3", musicbrainz_release_id=ONE_ID),
        },
        (
            Expected("*.flac", _BY_ID, Apart.FORMAT, "FLAC"),
            Expected("*.mp3", _BY_ID, Apart.FORMAT, "MP3"),
        ),
    ),
    Case(
        Apart.CATALOGUE_NUMBER,
        "other_catalogue_number",
        {
            **files("Dummy", (1, 2), catalogue_number="828 522-2"),
            **files("Dummy (Japan)", (1, 2, 3), catalogue_number="PHCR-1234"),
        },
        (
            Expected("Dummy/*", _OF_ARTIST, Apart.CATALOGUE_NUMBER, "828 522-2"),
            Expected("Dummy (Japan)/*", _OF_ARTIST, Apart.CATALOGUE_NUMBER, "PHCR-1234"),
        ),
    ),
    Case(
        Apart.OTHER_TRACKS,
        "album_and_single_of_one_title",
        {
            **files("Portishead/Dummy (Album)", (1, 2, 3)),
            **files("Portishead/Dummy (Single)", (1, 2), of=" (remix)"),
        },
        (
            Expected("*(Album)/*", _OF_ARTIST, Apart.OTHER_TRACKS, "Dummy (Album)"),
            Expected("*(Single)/*", _OF_ARTIST, Apart.OTHER_TRACKS, "Dummy (Single)"),
        ),
    ),
    Case(
        Apart.COPY,
        "copy_in_another_folder",
        {**files("Portishead/Dummy", (1, 2, 3)), **files("Inbox/Portishead - Dummy", (1, 2, 3))},
        (
            Expected("Portishead/*", _OF_ARTIST, Apart.COPY, "Dummy"),
            Expected("Inbox/*", _OF_ARTIST, Apart.COPY, "Portishead - Dummy"),
        ),
    ),
    Case(
        Apart.OTHER_FOLDER,
        "many_artists_in_two_folders",
        {
            path: tags
            for n, name in enumerate(("Air", "Blur", "Cream", "Doves"), 1)
            for path, tags in files(
                f"{'One' if n < 3 else 'Two'}/Hits", (n,), **_nobody(artist=name, album="Hits")
            ).items()
        },
        (
            Expected("One/*", Together.FOLDER, Apart.OTHER_FOLDER, "One/Hits"),
            Expected("Two/*", Together.FOLDER, Apart.OTHER_FOLDER, "Two/Hits"),
        ),
    ),
    Case(
        Apart.TITLE,
        "volumes_are_other_titles",
        {
            **files("Hits 1", (1, 2), album="Hits, Vol. 1"),
            **files("Hits 2", (1, 2), album="Hits, Vol. 2"),
        },
        (Expected("Hits 1/*", _OF_ARTIST), Expected("Hits 2/*", _OF_ARTIST)),
    ),
    Case(
        Apart.ARTIST,
        "greatest_hits_of_two_artists",
        {
            **files("Queen", (1, 2), **_nobody(album="Greatest Hits", artist="Queen")),
            **files("ABBA", (3, 4), **_nobody(album="Greatest Hits", artist="ABBA")),
        },
        (Expected("Queen/*", Together.ARTIST), Expected("ABBA/*", Together.ARTIST)),
    ),
    Case(
        Reading.DISC_FOLDER,
        "disc_folders",
        {
            **files("Dummy", (1,)),
            **files("Dummy/CD1", (1, 2), of=" a"),
            **files("Dummy/Disc 2 - Remixes", (1, 2), of=" b"),
            **files("Dummy/disk three", (1, 2), of=" c"),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.DISC_IN_TITLE,
        "discs_in_titles",
        {
            **files("Dummy 1", (1, 2), album="Dummy (Disc 1)", of=" a"),
            **files("Dummy 2", (1, 2), album="Dummy [CD2]", of=" b"),
            **files("Dummy 3", (1, 2), album="Dummy - Disc 3: Live", of=" c"),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.DISC_IN_TITLE,
        "discs_in_names_of_folders_beside_each_other",
        {
            **files("Portishead/Dummy (Disc 1)", (1, 2), of=" a", disc_number=1),
            **files("Portishead/Dummy (Disc 2)", (1, 2), of=" b", disc_number=1),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.SPELLING,
        "one_name_spelled_two_ways",
        {
            **files("a", (1, 2), album="Don't Stop", album_artist="Guns N' Roses"),
            **files("a", (3,), album="DON'T STOP", album_artist="guns n' roses "),
            **files("b", (4,), album="Don\u2019t  Stop", album_artist="Guns N\u2019 Roses"),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.GUESTS,
        "album_artists_with_guests",
        {
            **files("a", (1, 2)),
            **files("a", (3,), album_artist="Portishead feat. Somebody"),
            **files("a", (4,), album_artist="Portishead & Somebody Else"),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.ID_ON_SOME,
        "release_id_on_some_tracks",
        {
            **files("Dummy", (1, 2), musicbrainz_release_id=ONE_ID),
            **files("Dummy", (3, 4), **_nobody()),
            **files("Dummy", (5,), album="Third"),
        },
        (Expected("*/01* | */02* | */03* | */04*", _BY_ID), Expected("*/05*", _OF_ARTIST)),
    ),
    Case(
        Reading.SEVERAL_IDS,
        "tracks_without_an_id_beside_two_releases",
        {
            **files("Dummy", (1, 2), "flac", musicbrainz_release_id=ONE_ID),
            **files("Dummy", (1, 2, 3), "mp3", musicbrainz_release_id=OTHER_ID, of=" live"),
            **files("Dummy", (3,), "flac"),
        },
        (
            Expected("*.flac", _BY_ID, Apart.RELEASE_ID, "FLAC"),
            Expected("*.mp3", _BY_ID, Apart.RELEASE_ID, "MP3"),
        ),
    ),
    Case(
        Reading.ID_OF_EACH_DISC,
        "release_id_of_each_disc",
        {
            **files("1", (1, 2), album="Dummy (disc 1)", musicbrainz_release_id=ONE_ID),
            **files("2", (1, 2), album="Dummy (disc 2)", musicbrainz_release_id=OTHER_ID),
        },
        (Expected("*", _BY_ID),),
    ),
    Case(
        Reading.ARTIST_ON_SOME,
        "album_artist_on_some_tracks",
        {
            **files("Dummy", (1, 2)),
            **files("Dummy", (3, 4), **_nobody(artist="Portishead feat. Somebody")),
            **files("Dummy", (5,), **_nobody(artist="Somebody")),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.MANY_ALBUM_ARTISTS,
        "an_album_artist_for_each_track",
        {
            path: tags
            for n, name in enumerate(("Air", "Blur", "Cream", "Doves"), 1)
            for path, tags in files("Hits", (n,), artist=name, album_artist=name).items()
        },
        (Expected("*", Together.FOLDER),),
    ),
    Case(
        Reading.MIXED_FOLDER,
        "a_folder_of_singles",
        {
            **files("Inbox", (1,), album="Glory Box"),
            **files("Inbox", (2,), album="Sour Times"),
            **files("Inbox", (3, 4), album="Glory Box", album_artist="Cover band"),
        },
        (
            Expected("*/01*", _OF_ARTIST),
            Expected("*/02*", _OF_ARTIST),
            Expected("*/03* | */04*", _OF_ARTIST),
        ),
    ),
    Case(
        Reading.MIXED_FOLDER,
        "whole_albums_of_one_title_in_one_folder",
        {
            **files("x", (1, 2, 3), "mp3", **_nobody(album="Gold", artist="ABBA", of=" a")),
            **files("x", (1, 2, 3), "flac", **_nobody(album="Gold", artist="Cher", of=" c")),
        },
        (Expected("*.mp3", Together.ARTIST), Expected("*.flac", Together.ARTIST)),
    ),
    Case(
        Reading.SPREAD,
        "an_album_in_two_folders",
        {
            **files("Portishead/Dummy", (1, 2, 3)),
            **files("Inbox", (4, 5), musicbrainz_release_id=ONE_ID),
        },
        (Expected("*", _BY_ID),),
    ),
    Case(
        Reading.LOOSE_COPIES,
        "loose_copies",
        {
            **files("Portishead/Dummy", range(1, 6), "flac"),
            **files("Party", (2, 3), "mp3"),
            **files("Car", (5,), "flac"),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.YEARS_OF_TRACKS,
        "years_of_tracks",
        {
            **files("Best of", (1,), year=1991),
            **files("Best of", (2,), year=1994),
            **files("Best of", (3,)),
        },
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.MIXED_FORMATS,
        "mixed_formats",
        {**files("Dummy", (1, 2, 3), "m4a"), **files("Dummy", (4, 5), "mp3")},
        (Expected("*", _OF_ARTIST),),
    ),
    Case(
        Reading.NO_TITLE,
        "tracks_without_a_title_of_an_album",
        {**files("Dummy", (1, 2)), **files("Dummy", (3,), album=None, album_artist=None)},
        (Expected("*/01* | */02*", _OF_ARTIST),),
    ),
    Case(
        Reading.MARK_ON_SOME,
        "new_track_of_an_album_made_by_hand",
        {
            **files("Dummy", (1, 2), by_hand="one"),
            **files("Demos", (1, 2), album="Demos", by_hand="one"),
            **files("Demos", (3,), album="Demos"),
        },
        (Expected("*", Together.BY_HAND),),
    ),
)
