"""Vocabularies: for each kind of tag, a table from fields to the names that hold them.

A field is mus's own name, such as "album_artist", which is the same for all kinds of tags. The
tables follow MusicBrainz Picard's "Tag Mapping" (an appendix of its documentation), as most taggers
do, and add names that iTunes, foobar2000, Mp3tag and beets use instead. If a file holds several
names of a field, the first in the table that says something counts (see `usefulness`).
"""

from collections.abc import Mapping
from typing import NamedTuple

from library.tags.remembering import remembering_short
from library.tags.usefulness import is_text, is_useful

Values = dict[str, list[str]]
Table = Mapping[str, tuple[str, ...]]

_KEPT_APART = ("album artist", "album_artist")
"""Names that `free_name` does not make equal, so that their values do not become a list."""

# The names of Vorbis comments, APEv2 items, TXXX frames and MP4 "----" atoms, spelled as by
# `free_name`. In all of them a tagger may choose any name, and taggers use the same ones.
FREE_NAMES: Table = {
    "title": ("title",),
    "title_sort": ("titlesort", "titlesortorder"),
    "artist": ("artist",),
    "artists": ("artists",),
    "artist_sort": ("artistsort", "artistsortorder"),
    "album": ("album",),
    "album_sort": ("albumsort", "albumsortorder"),
    # Files that went through several taggers have more than one of these, and only one is right.
    "album_artist": ("albumartist", *_KEPT_APART),
    "album_artists": ("albumartists",),
    "album_artist_sort": ("albumartistsort", "albumartistsortorder"),
    # Picard's "writer" wrote the music, the words or both.
    "composer": ("composer", "writer"),
    "composers": ("composers",),
    "composer_sort": ("composersort", "composersortorder"),
    "conductor": ("conductor",),
    "lyricist": ("lyricist", "textwriter"),
    "arranger": ("arranger",),
    "remixer": ("remixer", "mixartist", "remixedby"),
    "producer": ("producer",),
    "performer": ("performer",),
    "involved_people": ("involvedpeople", "involvedpeople2"),  # Mp3tag's names of TIPL and TMCL
    "musicians": ("musiciancredits", "musiciancreditslist"),
    "track": ("tracknumber", "track"),
    "track_total": ("tracktotal", "totaltracks", "trackc"),
    "disc": ("discnumber", "disc"),
    "disc_total": ("disctotal", "totaldiscs", "discc"),
    "disc_subtitle": ("discsubtitle", "setsubtitle", "disctitle"),
    "date": ("date", "year"),
    "release_date": ("releasedate", "releasetime"),
    "original_date": (
        *("originaldate", "originalreleasedate", "originalreleasetime"),
        *("originalyear", "originalreleaseyear", "origyear", "origdate"),
    ),
    "genre": ("genre",),
    "mood": ("mood",),
    "compilation": ("compilation", "itunescompilation"),
    "release_type": ("musicbrainzalbumtype", "releasetype"),
    # Not "version" nor TIT3, which describe a track.
    "edition": ("musicbrainzalbumcomment", "albumversion", "releasecomment", "edition"),
    "label": ("label", "publisher", "organization", "recordlabel"),
    "catalogue_number": ("catalognumber", "catalogno", "catalog", "catalog#", "labelno"),
    "bpm": ("bpm", "tempo", "beatsperminute"),
    "comment": ("comment", "description", "comments"),
    "grouping": ("grouping", "contentgroup", "contentgroupdescription"),
    "isrc": ("isrc",),
    "work": ("work", "workname"),
    "movement": ("movementname",),
    "movement_number": ("movement", "movementnumber"),  # in that order by Picard's mapping
    "movement_total": ("movementtotal",),
    "explicit": ("itunesadvisory", "explicit"),
    "rating": ("rating",),  # some downloaders write "Explicit"; otherwise not used
    "musicbrainz_recording": ("musicbrainztrackid", "musicbrainzrecordingid"),
    "musicbrainz_track": ("musicbrainzreleasetrackid",),
    "musicbrainz_release": ("musicbrainzalbumid", "musicbrainzreleaseid"),
    "musicbrainz_release_group": ("musicbrainzreleasegroupid",),
    "musicbrainz_artists": ("musicbrainzartistid",),
    "musicbrainz_album_artists": ("musicbrainzalbumartistid",),
    "track_gain": ("replaygaintrackgain",),
    "track_peak": ("replaygaintrackpeak",),
    "album_gain": ("replaygainalbumgain",),
    "album_peak": ("replaygainalbumpeak",),
    "r128_track_gain": ("r128trackgain",),
    "r128_album_gain": ("r128albumgain",),
    "sound_check": ("itunnorm",),
    "synced_lyrics": ("syncedlyrics",),
    "lyrics": ("lyrics", "unsyncedlyrics", "unsynchronisedlyrics", "lyric"),
}

# Frames of ID3v2.4. `ID3_OLD_NAMES` translates the names of older versions. TSO2, TSOC, TCMP, GRP1,
# MVNM and MVIN are not in the standard; iTunes writes them. `id3_values` makes the names that
# contain a colon.
_ID3_FRAMES: Table = {
    "title": ("TIT2",),
    "title_sort": ("TSOT",),
    "artist": ("TPE1",),
    "artist_sort": ("TSOP",),
    "album": ("TALB",),
    "album_sort": ("TSOA",),
    "album_artist": ("TPE2",),
    "album_artist_sort": ("TSO2",),
    "composer": ("TCOM",),
    "composer_sort": ("TSOC",),
    "conductor": ("TPE3",),
    "lyricist": ("TEXT",),
    "remixer": ("TPE4",),
    "involved_people": ("TIPL", "IPLS"),
    "musicians": ("TMCL",),
    "track": ("TRCK",),
    "disc": ("TPOS",),
    "disc_subtitle": ("TSST",),
    "date": ("TDRC", "TYER"),
    "day_and_month": ("TDAT",),
    "release_date": ("TDRL",),
    "original_date": ("TDOR", "XDOR", "TORY"),
    "genre": ("TCON",),
    "mood": ("TMOO",),
    "compilation": ("TCMP",),
    "label": ("TPUB",),
    "bpm": ("TBPM",),
    "comment": ("COMM", "COMM:comment", "COMM:id3v1comment"),
    "grouping": ("GRP1", "TIT1"),
    "isrc": ("TSRC",),
    "work": ("TIT1:work",),
    "movement": ("MVNM",),
    "movement_number": ("MVIN",),
    "musicbrainz_recording": ("UFID:http://musicbrainz.org",),
    "sound_check": ("COMM:itunnorm",),
    "synced_lyrics": ("SYLT",),
    "synced_lyrics_languages": ("SYLT:language",),
    "lyrics": ("USLT",),
    "lyrics_languages": ("USLT:language",),
}
# Found after the TXXX frames, whose decimals are more exact than the fractions of RVA2.
_LAST_ID3_FRAMES: Table = {
    "track_gain": ("RVA2:track",),
    "track_peak": ("RVA2:track peak",),
    "album_gain": ("RVA2:album",),
    "album_peak": ("RVA2:album peak",),
}
ID3_OLD_NAMES = {
    "TT1": "TIT1",
    "TT2": "TIT2",
    "TST": "TSOT",
    "TP1": "TPE1",
    "TSP": "TSOP",
    "TAL": "TALB",
    "TSA": "TSOA",
    "TP2": "TPE2",
    "TS2": "TSO2",
    "TP3": "TPE3",
    "TP4": "TPE4",
    "TCM": "TCOM",
    "TSC": "TSOC",
    "TXT": "TEXT",
    "IPL": "IPLS",
    "TRK": "TRCK",
    "TPA": "TPOS",
    "TYE": "TYER",
    "TDA": "TDAT",
    "TOR": "TORY",
    "TCO": "TCON",
    "TCP": "TCMP",
    "TPB": "TPUB",
    "TBP": "TBPM",
    "COM": "COMM",
    "GP1": "GRP1",
    "MVN": "MVNM",
    "MVI": "MVIN",
    "TRC": "TSRC",
    "ULT": "USLT",
    "SLT": "SYLT",
    "TXX": "TXXX",
    "UFI": "UFID",
    "PIC": "APIC",
    # Names of version 2.4 in tags of version 2.3, which does not have these frames.
    "XSOP": "TSOP",
    "XSOA": "TSOA",
    "XSOT": "TSOT",
    "XRVA": "RVA2",
}

_MP4_ATOMS: Table = {
    "title": ("\xa9nam",),
    "title_sort": ("sonm",),
    "artist": ("\xa9ART",),
    "artist_sort": ("soar",),
    "album": ("\xa9alb",),
    "album_sort": ("soal",),
    "album_artist": ("aART",),
    "album_artist_sort": ("soaa",),
    "composer": ("\xa9wrt", "\xa9com"),
    "composer_sort": ("soco",),
    "conductor": ("\xa9con",),
    "lyricist": ("\xa9aut",),
    "arranger": ("\xa9arg",),
    "producer": ("\xa9prd",),
    "performer": ("\xa9prf",),
    "track": ("trkn",),
    "disc": ("disk",),
    "date": ("\xa9day",),
    "genre": ("\xa9gen", "gnre"),
    "compilation": ("cpil",),
    "label": ("\xa9lab", "\xa9pub"),
    "bpm": ("tmpo",),
    "comment": ("\xa9cmt",),
    "grouping": ("\xa9grp",),
    "work": ("\xa9wrk",),
    "movement": ("\xa9mvn",),
    "movement_number": ("\xa9mvi",),
    "movement_total": ("\xa9mvc",),
    "explicit": ("rtng",),
    "lyrics": ("\xa9lyr",),
}
# `xid ` names the vendor and the kind of the id, as in `Universal:isrc:USUM71703861`.
_LAST_MP4_ATOMS: Table = {"isrc": ("xid ",)}

# Attributes of Windows Media, without "WM/".
_ASF_NAMES: Table = {
    "artist": ("author",),
    "album": ("albumtitle",),
    "lyricist": ("writer",),
    "remixer": ("modifiedby",),
    "disc": ("partofset",),
    "original_date": ("originalreleasetime", "originalreleaseyear"),
    "compilation": ("iscompilation",),
}

# The INFO list of "Multimedia Programming Interface and Data Specifications 1.0" (1991). Track
# numbers are not in it; programs write them under three different names. IAAR, IBPM, IPUB and IWRI
# are Mp3tag's.
RIFF_INFO: Table = {
    "title": ("INAM",),
    "artist": ("IART",),
    "album": ("IPRD",),
    "album_artist": ("IAAR",),
    "composer": ("IMUS",),
    "lyricist": ("IWRI",),
    "producer": ("IPRO",),
    "track": ("ITRK", "IPRT", "TRCK"),
    "date": ("ICRD",),
    "genre": ("IGNR",),
    "label": ("IPUB",),
    "bpm": ("IBPM",),
    "comment": ("ICMT",),
}


def _joined(own: Table, free: Table, last: Table, prefix: str = "") -> Table:
    """A table of the names in `own`, then of the free names, then of those in `last`."""
    return {
        field: (
            *own.get(field, ()),
            *(prefix + name for name in free.get(field, ())),
            *last.get(field, ()),
        )
        for field in dict.fromkeys((*free, *own, *last))
    }


ID3 = _joined(_ID3_FRAMES, FREE_NAMES, _LAST_ID3_FRAMES, "TXXX:")
MP4 = _joined(_MP4_ATOMS, FREE_NAMES, _LAST_MP4_ATOMS, "----:")
ASF = _joined(_ASF_NAMES, FREE_NAMES, {})


def names_in(table: Table) -> frozenset[str]:
    return frozenset(name for names in table.values() for name in names)


@remembering_short
def free_name(name: str) -> str:
    """A free name without case, spaces, underscores and slashes, which taggers use differently."""
    name = name.lower()
    if name in _KEPT_APART:
        return name
    return name.replace(" ", "").replace("_", "").replace("/", "")


class _Place(NamedTuple):
    """What a name stands for. Of several names of a field, the one with the lowest rank counts."""

    field: str
    rank: int


SPARE = "_spare"
"""Ends the name of a field that keeps the value of a number that was not used."""
_NUMBERS = frozenset({"track", "disc", "movement_number"})
# By the identity of the table, which is kept so that no other can get the same.
_places: dict[int, tuple[Table, dict[str, _Place]]] = {}


def fields(table: Table, values: Mapping[str, list[str]]) -> Values:
    """The values of a file by field, given its `values` by the names of `table`."""
    _, places = _places.get(id(table)) or _index(table)
    found: Values = {}
    ranks: dict[str, int] = {}  # where they are not 0
    for name, held in values.items():
        place = places.get(name)
        if place is None or not held:
            continue
        field, rank = place
        if field not in found:
            found[field] = held
            if rank:
                ranks[field] = rank
        elif rank < ranks.get(field, 0):
            join(found, field, held, found[field])
            ranks[field] = rank
        else:
            join(found, field, found[field], held)
    return found


def add(values: Values, name: str, texts: list[str]) -> None:
    """Add the texts to those of this name. The list may be shared with other files, so that it must
    not be changed."""
    values[name] = [*values[name], *texts] if name in values else texts


def join(found: Values, field: str, preferred: list[str], other: list[str]) -> None:
    """Put one of two values of a field into `found`: the preferred one if it is useful.

    Numbers keep both. One without a plain number may hold a total (`0/12`), the side of a record
    (`A1`) or the name of a movement.
    """
    found[field] = preferred
    if not is_useful(field, preferred) and is_useful(field, other):
        found[field] = other
        if field in _NUMBERS and is_text(preferred):
            found.setdefault(field + SPARE, preferred)


def _index(table: Table) -> tuple[Table, dict[str, _Place]]:
    places: dict[str, _Place] = {}
    for field, names in table.items():
        for rank, name in enumerate(names):
            # A name in two fields belongs to the one that lists it earlier.
            if name not in places or rank < places[name].rank:
                places[name] = _Place(field, rank)
    return _places.setdefault(id(table), (table, places))
