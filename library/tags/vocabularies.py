"""Which tag of which vocabulary holds what: one table for each, and nothing else.

The source is MusicBrainz Picard's "Tag Mapping" (an appendix of its documentation), the mapping
most taggers follow, with the names that iTunes, foobar2000 and Mp3tag write where they differ.
In a row the first name that holds anything counts.
"""

from collections.abc import Mapping

from library.tags.remembering import remembering_short

Values = dict[str, list[str]]
Table = Mapping[str, tuple[str, ...]]

# Vorbis comments, APEv2 items, TXXX frames and MP4 "----" atoms share their free names, as
# `free_name` spells them.
FREE_NAMES: Table = {
    "title": ("title",),
    "artist": ("artist",),
    "artists": ("artists",),
    "artist_sort": ("artistsort", "artistsortorder"),
    "album": ("album",),
    "album_artist": ("albumartist",),
    "album_artists": ("albumartists",),
    "album_artist_sort": ("albumartistsort", "albumartistsortorder"),
    "composer": ("composer",),
    "track": ("tracknumber", "track"),
    "track_total": ("tracktotal", "totaltracks"),
    "disc": ("discnumber", "disc"),
    "disc_total": ("disctotal", "totaldiscs"),
    "date": ("date", "year", "releasedate"),
    "original_date": ("originaldate", "originalyear"),
    "genre": ("genre",),
    "compilation": ("compilation", "itunescompilation"),
    "musicbrainz_recording": ("musicbrainztrackid",),
    "musicbrainz_release": ("musicbrainzalbumid",),
    "musicbrainz_artists": ("musicbrainzartistid",),
    "musicbrainz_album_artists": ("musicbrainzalbumartistid",),
    "track_gain": ("replaygaintrackgain",),
    "track_peak": ("replaygaintrackpeak",),
    "album_gain": ("replaygainalbumgain",),
    "album_peak": ("replaygainalbumpeak",),
    "r128_track_gain": ("r128trackgain",),
    "r128_album_gain": ("r128albumgain",),
}

# ID3v2.4; `ID3_OLD_NAMES` says what the frames of older versions are called there. TSO2 and TCMP
# are iTunes' own.
_ID3_FRAMES: Table = {
    "title": ("TIT2",),
    "artist": ("TPE1",),
    "artist_sort": ("TSOP",),
    "album": ("TALB",),
    "album_artist": ("TPE2",),
    "album_artist_sort": ("TSO2",),
    "composer": ("TCOM",),
    "track": ("TRCK",),
    "disc": ("TPOS",),
    "date": ("TDRC", "TYER", "TDRL"),
    "original_date": ("TDOR", "TORY"),
    "genre": ("TCON",),
    "compilation": ("TCMP",),
    "musicbrainz_recording": ("UFID:http://musicbrainz.org",),
}
ID3_OLD_NAMES = {
    "TT2": "TIT2",
    "TP1": "TPE1",
    "TSP": "TSOP",
    "TAL": "TALB",
    "TP2": "TPE2",
    "TS2": "TSO2",
    "TCM": "TCOM",
    "TRK": "TRCK",
    "TPA": "TPOS",
    "TYE": "TYER",
    "TOR": "TORY",
    "TCO": "TCON",
    "TCP": "TCMP",
    "TXX": "TXXX",
    "UFI": "UFID",
    "PIC": "APIC",
}

_MP4_ATOMS: Table = {
    "title": ("\xa9nam",),
    "artist": ("\xa9ART",),
    "artist_sort": ("soar",),
    "album": ("\xa9alb",),
    "album_artist": ("aART",),
    "album_artist_sort": ("soaa",),
    "composer": ("\xa9wrt",),
    "track": ("trkn",),
    "disc": ("disk",),
    "date": ("\xa9day",),
    "genre": ("\xa9gen", "gnre"),
    "compilation": ("cpil",),
}

# Windows Media: its names without "WM/".
_ASF_NAMES: Table = {
    "artist": ("author",),
    "album": ("albumtitle",),
    "disc": ("partofset",),
    "original_date": ("originalreleasetime", "originalreleaseyear"),
    "compilation": ("iscompilation",),
}

# "Multimedia Programming Interface and Data Specifications 1.0" (1991), the INFO list; track
# numbers came later, under three names.
RIFF_INFO: Table = {
    "title": ("INAM",),
    "artist": ("IART",),
    "album": ("IPRD",),
    "composer": ("IMUS",),
    "track": ("ITRK", "IPRT", "TRCK"),
    "date": ("ICRD",),
    "genre": ("IGNR",),
}


def _then_free_names(own: Table, prefix: str = "") -> Table:
    return {
        field: (*own.get(field, ()), *(prefix + name for name in names))
        for field, names in FREE_NAMES.items()
    }


ID3 = _then_free_names(_ID3_FRAMES, "TXXX:")
MP4 = _then_free_names(_MP4_ATOMS, "----:")
ASF = _then_free_names(_ASF_NAMES)


def names_in(table: Table) -> frozenset[str]:
    return frozenset(name for names in table.values() for name in names)


@remembering_short
def free_name(name: str) -> str:
    """A free name without what differs between one tagger's spelling and another's."""
    return name.lower().replace(" ", "").replace("_", "").replace("/", "")


def fields(table: Table, values: Mapping[str, list[str]]) -> Values:
    """The tags of a file by field instead of by their own names."""
    found: Values = {}
    for field, names in table.items():
        for name in names:
            if held := values.get(name):
                found[field] = held
                break
    return found
