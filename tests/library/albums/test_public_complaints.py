"""What people complained about in other programs: albums that fell apart, and albums that were
thrown together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from library.albums.members import Member
from tests.library.albums.members import member, paths, releases_of
from tests.library.albums.members import tracks as numbered


@dataclass(frozen=True)
class Complaint:
    where: str
    what: str
    tracks: list[Member]
    album_of: Callable[[Member], object]
    """Tracks of one value are one album."""


def of(folder: str, numbers: Iterable[int] = range(1, 6), **tags: Any) -> list[Member]:
    band = {"album_title": "Album", "album_artist": "Band", "artist": "Band"}
    return numbered(folder, numbers, **{**band, **tags})


def each_artist(folder: str, **tags: Any) -> list[Member]:
    """Five tracks by five artists."""
    return [
        one
        for n in range(1, 6)
        for one in of(folder, (n,), **{"artist": f"Singer {n}", "album_artist": "", **tags})
    ]


def renamed(tracks: Iterable[Member], text: str) -> list[Member]:
    """The tracks with other titles."""
    return [each._replace(title=f"{each.title} {text}") for each in tracks]


def all_one(_: Member) -> object:
    return None


def by_folder(each: Member) -> object:
    return each.folder


ONE_ALBUM = [
    Complaint(
        "navidrome 2728, plattenalbum 21",
        "tracks of a folder with different release dates",
        [each._replace(release_date=f"200{n}", year=2000 + n) for n, each in enumerate(of("A"))],
        all_one,
    ),
    Complaint(
        "navidrome 3480, 2153, 1495, nc-music 45, volumio 1330",
        "many artists in a folder, no album artist",
        each_artist("Hits"),
        all_one,
    ),
    Complaint(
        "navidrome 4926",
        "a compilation whose tracks have years of their own",
        [each._replace(year=1990 + n) for n, each in enumerate(each_artist("A", compilation=True))],
        all_one,
    ),
    Complaint(
        "navidrome 4068",
        "one track of four has a release id and another date",
        [*of("A", (1,), release_id="one", year=2023), *of("A", (2, 3, 4), year=2022)],
        all_one,
    ),
    Complaint(
        "navidrome 4534, 4428, owntone 914",
        "some tracks of a folder are in another format",
        [*of("A", range(1, 11), suffix="m4a"), *of("A", range(11, 15), suffix="mp3")],
        all_one,
    ),
    Complaint(
        "navidrome 4534, airsonic 512, Emby 268",
        "CD1 and CD2",
        [*of("A/CD1", disc_number=1), *of("A/CD2", disc_number=2)],
        all_one,
    ),
    Complaint(
        "navidrome 709",
        "half of an artist's album is marked as a compilation",
        [*of("A", (1, 2), compilation=True), *of("A", (3, 4))],
        all_one,
    ),
    Complaint(
        "navidrome 2600, StreamMusic 500",
        "an album artist with other guests on each track",
        [
            *of("A", (1, 2)),
            *of("A", (3,), album_artist="Band feat. Guest"),
            *of("A", (4,), album_artist="Band & Other"),
        ],
        all_one,
    ),
    Complaint(
        "navidrome 622, 1664",
        "a folder of one title whose album artists are the artists of the tracks",
        [each._replace(album_artist=each.artist) for each in each_artist("8 Mile")],
        all_one,
    ),
    Complaint(
        "jellyfin 5605",
        "folders that repeat the title of the album",
        [*of("B/Album/Album Disc 1"), *renamed(of("B/Album/Album Disc 2"), "x")],
        all_one,
    ),
    Complaint(
        "jellyfin 5605",
        "CD_1 and CD_2",
        [*of("B/Album/CD_1"), *renamed(of("B/Album/CD_2"), "x")],
        all_one,
    ),
    Complaint(
        "jellyfin 11211, beets 6059",
        "Digital Media 01 and 12 Vinyl 02, as Lidarr names them",
        [*of("B/A/Digital Media 01"), *renamed(of("B/A/12 Vinyl 02"), "x")],
        all_one,
    ),
    Complaint(
        "beets 1339",
        "(CD1)The Sessions and CD2",
        [*of("B/A/(CD1)The Sessions"), *renamed(of("B/A/CD2"), "x")],
        all_one,
    ),
    Complaint(
        "beets 1925",
        "two discs of a volume, the disc only in the names of folders",
        [*of("Bar, Vol. 1 Disc 1"), *renamed(of("Bar, Vol. 1 Disc 2"), "x")],
        all_one,
    ),
    Complaint(
        "lms 481",
        "discs with different dates",
        [*of("A/CD 1", year=2006, disc_number=1), *of("A/CD 2", year=2009, disc_number=2)],
        all_one,
    ),
    Complaint(
        "lms 873, odyssey 46",
        "some tracks have disc 1 and some none",
        [*of("A", (1, 2), disc_number=1), *of("A", (3, 4)), *of("Bonus", (5, 6))],
        all_one,
    ),
    Complaint(
        "lms 611",
        "capital letters",
        [*of("A", (1, 2)), *of("A", (3,), album_title="ALBUM", album_artist="BAND")],
        all_one,
    ),
    Complaint(
        "vanilla 817",
        "discs in titles",
        [
            one
            for n in (1, 2, 3)
            for one in renamed(of(f"Trigger {n}", album_title=f"Trigger OSV - Disc {n}"), str(n))
        ],
        all_one,
    ),
    Complaint(
        "Lidarr 647",
        "a compilation, some of whose tracks iTunes put into a folder of the artist",
        [
            *each_artist("Compilations/Hits", compilation=True)[:3],
            *[
                each._replace(folder=f"{each.artist}/Hits")
                for each in each_artist("", compilation=True)[3:]
            ],
        ],
        all_one,
    ),
    Complaint(
        "quodlibet 246",
        "discs of one album with MusicBrainz ids of their own",
        [
            *of("A", album_title="Album (disc 1)", release_id="one", disc_number=1),
            *of("A", album_title="Album (disc 2)", release_id="two", disc_number=2, suffix="mp3"),
        ],
        all_one,
    ),
    Complaint(
        "sustain 183",
        "one track of an album is there in a second format, too",
        [*of("A"), *of("A", (2,), suffix="mp3")],
        all_one,
    ),
    Complaint(
        "navidrome 1711",
        "all music in one folder, compilations by their title alone",
        [*each_artist("All"), *of("All", (6, 7), album_title="Other")],
        lambda each: each.album_title,
    ),
]

SEVERAL_ALBUMS = [
    Complaint(
        "navidrome 1226, 4428, nc-music 965",
        "FLAC and MP3",
        [*of("flac/A"), *of("mp3/A", suffix="mp3")],
        by_folder,
    ),
    Complaint(
        "navidrome 1976",
        "a Japanese pressing with another year and catalogue number",
        [
            *of("Oceanborn [TFCK-87179]", range(1, 13), year=1998, catalogue_number="TFCK-87179"),
            *of("Oceanborn", range(1, 11), year=1999, catalogue_number="DPR 003"),
        ],
        by_folder,
    ),
    Complaint(
        "navidrome 2209",
        "a re-recording in the same folder, told apart by release ids alone",
        [*of("A", release_id="one"), *of("A", suffix="mp3", release_id="two")],
        lambda each: each.release_id,
    ),
    Complaint(
        "navidrome 2572",
        "an album and a single of its name",
        [*of("B/Album (Album)"), *renamed(of("B/Album (Single)", (1, 2)), "remix")],
        by_folder,
    ),
    Complaint(
        "navidrome 1324",
        "two people's copies of an album, one with more discs",
        [
            *of("Mike/A", disc_number=1),
            *of("Dave/A", disc_number=1),
            *of("Dave/A", disc_number=2),
        ],
        by_folder,
    ),
    Complaint(
        "navidrome 4862, lms 370, quodlibet 1418, ampache 574",
        "one title, two artists",
        [
            *of("x/Live in Paris", album_artist="", artist="Diana"),
            *of("y/Live in Paris", album_artist="", artist="Joseph"),
        ],
        by_folder,
    ),
    Complaint(
        "lms 550, Tauon 1091",
        "two remasters of one album",
        [*of("B/Keys [2011]", year=2011), *of("B/Keys [2012]", year=2012)],
        by_folder,
    ),
    Complaint(
        "lollypop 307, cantata 6",
        "two albums that are both named after the band",
        [*of("B/1980", year=1980), *renamed(of("B/2003", year=2003), "x")],
        by_folder,
    ),
    Complaint(
        "oc-music 1169, music-assistant 4098",
        "two versions in folders that differ in a number",
        [
            *of("C/Misses 1234"),
            *[*of("C/Misses 1235", (1, 2, 3)), *renamed(of("C/Misses 1235", (4, 5)), "extended")],
        ],
        by_folder,
    ),
    Complaint(
        "jellyfin 8647, 3210",
        "singles beside the folders of albums",
        [
            *[one for n in (1, 2, 3) for one in of("Band", (n,), album_title=f"Single {n}")],
            *of("Band/Album"),
        ],
        lambda each: each.album_title,
    ),
    Complaint(
        "quodlibet 246",
        "Greatest Hits of two bands, with years",
        [
            *of("Z", album_title="Greatest Hits", album_artist="ZZ", year=1992),
            *of("G", album_title="Greatest Hits", album_artist="GNR", year=2004),
        ],
        by_folder,
    ),
    Complaint(
        "jellyfin 11886",
        "an artist whose name looks like a part of an album",
        [
            *of("Volume 10/First", album_title="First"),
            *of("Volume 10/Second", album_title="Second"),
        ],
        by_folder,
    ),
    Complaint(
        "music-assistant 1601",
        "a mixtape that has a track of an album",
        [
            *of("A"),
            *each_artist("Mix", album_title="Mix"),
            member("Mix/06 Song 1.flac", album_title="Mix", artist="Band"),
        ],
        by_folder,
    ),
]


@pytest.mark.parametrize(
    "complaint", [*ONE_ALBUM, *SEVERAL_ALBUMS], ids=lambda each: f"{each.where}: {each.what}"
)
def test_albums_are_as_people_expect(complaint: Complaint) -> None:
    wanted: dict[object, list[str]] = {}
    for each in complaint.tracks:
        path = f"{each.folder}/{each.file_name}"
        wanted.setdefault(complaint.album_of(each), []).append(path)
    found = [paths(each) for each in releases_of(complaint.tracks)]
    assert sorted(found) == sorted(map(sorted, wanted.values()))
