"""The rules by which tracks are one album, and by which albums of one name are two. `Album` stores
the values; `docs/albums.md` explains each."""

from enum import StrEnum


class Together(StrEnum):
    """Why the tracks of an album are one."""

    BY_HAND = "by_hand"
    RELEASE_ID = "release_id"
    ALBUM_ARTIST = "album_artist"
    COMPILATION = "compilation"
    FOLDER = "folder"


class Apart(StrEnum):
    """Why an album is not one with another of its name."""

    BY_HAND = "by_hand"
    RELEASE_ID = "release_id"
    EDITION = "edition"
    FORMAT = "format"
    OTHER_YEAR = "other_year"


SENTENCES: dict[Together | Apart, str] = {
    Together.BY_HAND: "Somebody joined these tracks.",
    Together.RELEASE_ID: "The tracks have one MusicBrainz release id.",
    Together.ALBUM_ARTIST: "The tracks have one title and one album artist.",
    Together.COMPILATION: "The tracks have one title and are marked as a compilation.",
    Together.FOLDER: "The tracks have one title and lie in one folder.",
    Apart.BY_HAND: "Somebody parted them.",
    Apart.RELEASE_ID: "They have different MusicBrainz release ids.",
    Apart.EDITION: "They are different editions.",
    Apart.FORMAT: "They are the same tracks in different formats.",
    Apart.OTHER_YEAR: "They lie in different folders, and have other years and the same tracks.",
}
