"""The rules by which tracks are one album, and by which albums of one name are two, with a
sentence for people. `Album` stores the values of `Together` and `Apart`; `docs/albums.md` explains
each rule."""

from enum import StrEnum


class Together(StrEnum):
    """Why the tracks of an album are one."""

    BY_HAND = "by_hand"
    RELEASE_ID = "release_id"
    ALBUM_ARTIST = "album_artist"
    COMPILATION = "compilation"
    ARTIST = "artist"
    FOLDER = "folder"


class Apart(StrEnum):
    """Why an album is not one with another. The last two are never stored: they explain why albums
    of different names are two."""

    BY_HAND = "by_hand"
    RELEASE_ID = "release_id"
    EDITION = "edition"
    OTHER_YEAR = "other_year"
    FORMAT = "format"
    CATALOGUE_NUMBER = "catalogue_number"
    OTHER_TRACKS = "other_tracks"
    COPY = "copy"
    OTHER_FOLDER = "other_folder"
    TITLE = "title"
    ARTIST = "artist"


class Reading(StrEnum):
    """How the rules understand what files and folders say. Nothing stores these values."""

    DISC_FOLDER = "disc_folder"
    DISC_IN_TITLE = "disc_in_title"
    SPELLING = "spelling"
    GUESTS = "guests"
    ID_ON_SOME = "id_on_some"
    SEVERAL_IDS = "several_ids"
    ID_OF_EACH_DISC = "id_of_each_disc"
    ARTIST_ON_SOME = "artist_on_some"
    MANY_ALBUM_ARTISTS = "many_album_artists"
    MIXED_FOLDER = "mixed_folder"
    SPREAD = "spread"
    LOOSE_COPIES = "loose_copies"
    YEARS_OF_TRACKS = "years_of_tracks"
    MIXED_FORMATS = "mixed_formats"
    NO_TITLE = "no_title"
    MARK_ON_SOME = "mark_on_some"


Rule = Together | Apart | Reading

_TOGETHER = {
    Together.BY_HAND: "Somebody joined these tracks.",
    Together.RELEASE_ID: "The tracks have one MusicBrainz release id, or lie with tracks that do.",
    Together.ALBUM_ARTIST: "The tracks have one title and one album artist.",
    Together.COMPILATION: "The tracks have one title and are marked as a compilation.",
    Together.ARTIST: "The tracks have one title and one artist; none names an album artist.",
    Together.FOLDER: "The tracks have one title and lie in one folder.",
}
_APART = {
    Apart.BY_HAND: "Somebody parted them.",
    Apart.RELEASE_ID: "They have different MusicBrainz ids.",
    Apart.EDITION: "They are different editions.",
    Apart.OTHER_YEAR: "They have the same track numbers and different years.",
    Apart.FORMAT: "They are the same tracks in different formats.",
    Apart.CATALOGUE_NUMBER: "They have the same track numbers and different catalogue numbers.",
    Apart.OTHER_TRACKS: "They have the same track numbers with different titles.",
    Apart.COPY: "They are the same tracks in different folders.",
    Apart.OTHER_FOLDER: "They lie in different folders, and neither names an album artist.",
    Apart.TITLE: "They have different titles.",
    Apart.ARTIST: "They have different album artists.",
}
_READING = {
    Reading.DISC_FOLDER: "Folders that are named after a disc are parts of the folder above them.",
    Reading.DISC_IN_TITLE: "A disc in the title is not a part of the album's name.",
    Reading.SPELLING: "Names that differ only in case, spaces or typography are one.",
    Reading.GUESTS: "An album artist with guests is the album artist.",
    Reading.ID_ON_SOME: "A release id on some tracks holds for the others of the title and folder.",
    Reading.SEVERAL_IDS: "A track without an id goes to the release where its number is free.",
    Reading.ID_OF_EACH_DISC: "Discs that are named in titles may have a release id each.",
    Reading.ARTIST_ON_SOME: "An album artist on some tracks holds for the others of the title and "
    "folder.",
    Reading.MANY_ALBUM_ARTISTS: "A folder of one title with an album artist for each track is one "
    "compilation.",
    Reading.MIXED_FOLDER: "A folder may hold many albums: each title and album artist is one.",
    Reading.SPREAD: "An album may lie in several folders and music folders.",
    Reading.LOOSE_COPIES: "Copies of a few tracks in a folder of another name stay with the album.",
    Reading.YEARS_OF_TRACKS: "Different years within a folder do not part an album.",
    Reading.MIXED_FORMATS: "Different formats do not part an album if no track is there twice.",
    Reading.NO_TITLE: "Tracks that name no album are on none.",
    Reading.MARK_ON_SOME: "New tracks of an album that somebody joined or parted go with it.",
}


def sentence_of(rule: Rule) -> str:
    """Rules of two kinds may have equal values, so that no one mapping holds all of them."""
    if isinstance(rule, Together):
        return _TOGETHER[rule]
    return _APART[rule] if isinstance(rule, Apart) else _READING[rule]
