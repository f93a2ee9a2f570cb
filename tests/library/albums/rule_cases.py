"""One or more cases for each rule of `library.albums.reasons`: files, and the albums they make.

`test_rules.py` tries them on the rules alone, `tests/library/scanning/test_album_rules.py` on real
files by a scan. `docs/albums.md` names them.
"""

from library.albums.reasons import Apart, Together
from tests.library.albums.cases import ONE_ID, OTHER_ID, Case, Expected, files, nobody
from tests.library.albums.reading_cases import READING_CASES

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
                f"{name}/Hits of 98", (n,), **nobody(album="Hits", artist=name, compilation=True)
            ).items()
        },
        (Expected("*", Together.COMPILATION),),
    ),
    Case(
        Together.ARTIST,
        "one_artist_and_no_album_artist",
        {
            **files("Portishead/Dummy", (1, 2), **nobody()),
            **files("Inbox/Dummy", (3, 4), **nobody()),
        },
        (Expected("*", Together.ARTIST),),
    ),
    Case(
        Together.FOLDER,
        "many_artists_in_one_folder",
        {
            path: tags
            for n, name in enumerate(("Air", "Blur", "Cream", "Doves"), 1)
            for path, tags in files("Soundtrack", (n,), **nobody(artist=name)).items()
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
                f"{'One' if n < 3 else 'Two'}/Hits", (n,), **nobody(artist=name, album="Hits")
            ).items()
        },
        (
            Expected("One/*", Together.FOLDER, Apart.OTHER_FOLDER, "One/Hits"),
            Expected("Two/*", Together.FOLDER, Apart.OTHER_FOLDER, "Two/Hits"),
        ),
    ),
    Case(
        Apart.OTHER_FOLDER,
        "recordings_without_an_artist_in_two_folders",
        {
            **files("One/Live", (1, 2), **nobody(artist=None, album="Live")),
            **files("Two/Live", (3, 4), **nobody(artist=None, album="Live")),
        },
        (
            Expected("One/*", Together.FOLDER, Apart.OTHER_FOLDER, "One/Live"),
            Expected("Two/*", Together.FOLDER, Apart.OTHER_FOLDER, "Two/Live"),
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
            **files("Queen", (1, 2), **nobody(album="Greatest Hits", artist="Queen")),
            **files("ABBA", (3, 4), **nobody(album="Greatest Hits", artist="ABBA")),
        },
        (Expected("Queen/*", Together.ARTIST), Expected("ABBA/*", Together.ARTIST)),
    ),
    *READING_CASES,
)
