"""One or more cases for each `Reading`: how mus understands what files and folders say."""

from library.albums.reasons import Apart, Reading, Together
from tests.library.albums.cases import ONE_ID, OTHER_ID, Case, Expected, files, nobody

_OF_ARTIST, _BY_ID = Together.ALBUM_ARTIST, Together.RELEASE_ID

READING_CASES: tuple[Case, ...] = (
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
            **files("Dummy", (3, 4), **nobody()),
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
            **files("Dummy", (3, 4), **nobody(artist="Portishead feat. Somebody")),
            **files("Dummy", (5,), **nobody(artist="Somebody")),
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
            **files("x", (1, 2, 3), "mp3", **nobody(album="Gold", artist="ABBA", of=" a")),
            **files("x", (1, 2, 3), "flac", **nobody(album="Gold", artist="Cher", of=" c")),
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
