"""Vocabularies: for each kind of tag, a table from fields to the names that hold them.

A field is mus's own name, such as "album_artist", which is the same for all kinds of tags. The
tables follow MusicBrainz Picard's "Tag Mapping" (an appendix of its documentation), as most taggers
do, and add names that iTunes, foobar2000 and Mp3tag use instead. If a file holds several names of a
field, the first in the table counts.
"""

from collections.abc import Mapping

from library.tags.remembering import remembering_short

Values = dict[str, list[str]]
Table = Mapping[str, tuple[str, ...]]

# The names of Vorbis comments, APEv2 items, TXXX frames and MP4 "----" atoms, spelled as by
# `free_name`. In all of them a tagger may choose any name, and taggers use the same ones.
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

# Frames of ID3v2.4. `ID3_OLD_NAMES` translates the names of older versions. TSO2 and TCMP are not
# in the standard; iTunes writes them.
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

# Attributes of Windows Media, without "WM/".
_ASF_NAMES: Table = {
    "artist": ("author",),
    "album": ("albumtitle",),
    "disc": ("partofset",),
    "original_date": ("originalreleasetime", "originalreleaseyear"),
    "compilation": ("iscompilation",),
}

# The INFO list of "Multimedia Programming Interface and Data Specifications 1.0" (1991). Track
# numbers are not in it; programs write them under three different names.
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
    """A free name without case, spaces, underscores and slashes, which taggers use differently."""
    return name.lower().replace(" ", "").replace("_", "").replace("/", "")


def fields(table: Table, values: Mapping[str, list[str]]) -> Values:
    """The values of a file by field, given its `values` by the names of `table`."""
    found: Values = {}
    for field, names in table.items():
        for name in names:
            if held := values.get(name):
                found[field] = held
                break
    return found
