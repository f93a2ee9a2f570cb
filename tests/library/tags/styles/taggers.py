"""The names that each tagger writes for a field, and the formats that it is used for.

After the mappings of MusicBrainz Picard ("Tag Mapping"), Mp3tag ("Tag Field Mappings"), foobar2000
("ID3 Tag Mapping" at Hydrogenaudio) and beets (the fields of its package mediafile), and after
files written by iTunes and Exact Audio Copy.
"""

from dataclasses import dataclass

ID3, VORBIS, APE, MP4, ASF = "id3", "vorbis", "ape", "mp4", "asf"
Names = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Style:
    """`repeats`: artists are several values, rather than a credit as shown. `joined`: what stands
    between several values where the format has only one. `slashed`: totals follow a slash."""

    tagger: str
    suffix: str
    family: str
    names: Names
    version: int = 4
    repeats: bool = False
    joined: str = ""
    slashed: bool = False
    has_v1: bool = False

    def __str__(self) -> str:
        return f"{self.tagger}{self.suffix}" + (f"-{self.version}" if self.version < 4 else "")


def _names(**names: str) -> Names:
    return names


def _ids(prefix: str, recording: str, *, spaced: bool) -> Names:
    """The names of the MusicBrainz ids; `spaced` as in `MusicBrainz Album Id`."""
    names = {
        "musicbrainz_track": "Release Track Id",
        "musicbrainz_release": "Album Id",
        "musicbrainz_release_group": "Release Group Id",
        "musicbrainz_artists": "Artist Id",
        "musicbrainz_album_artists": "Album Artist Id",
    }
    if not spaced:
        names = {field: name.replace(" ", "").upper() for field, name in names.items()}
    return {"musicbrainz_recording": recording, **{k: prefix + v for k, v in names.items()}}


def _gains(prefix: str = "", *, upper: bool = True) -> Names:
    names = {
        f"{a}_{b}": f"replaygain_{a}_{b}" for a in ("track", "album") for b in ("gain", "peak")
    }
    return {k: prefix + (v.upper() if upper else v) for k, v in names.items()}


PICARD_ID3 = {
    **_names(title="TIT2", title_sort="TSOT", artist="TPE1", artists="TXXX:Artists"),
    **_names(artist_sort="TSOP", album="TALB", album_sort="TSOA", album_artist="TPE2"),
    **_names(album_artist_sort="TSO2", composer="TCOM", composer_sort="TSOC"),
    **_names(conductor="TPE3", lyricist="TEXT", remixer="TPE4", track="TRCK"),
    **_names(arranger="TIPL", producer="TIPL", performer="TMCL", disc="TPOS"),
    **_names(disc_subtitle="TSST", date="TDRC", original_date="TDOR", genre="TCON"),
    **_names(mood="TMOO", compilation="TCMP", type="TXXX:MusicBrainz Album Type"),
    **_names(label="TPUB", catalogue_number="TXXX:CATALOGNUMBER", bpm="TBPM"),
    **_names(comment="COMM", grouping="TIT1", isrc="TSRC", work="TXXX:WORK"),
    **_names(movement="MVNM", movement_number="MVIN"),
    **_ids("TXXX:MusicBrainz ", "UFID:http://musicbrainz.org", spaced=True),
    **_gains("TXXX:"),
}
# MVNM makes TIT1 the work: with the frames of iTunes Picard writes the grouping to GRP1.
PICARD_ID3["grouping"] = "GRP1"
PICARD_ID3_V23 = {
    **PICARD_ID3,
    **_names(arranger="IPLS", producer="IPLS", performer="IPLS"),
    **_names(date="TYER", original_date="TORY"),
}
PICARD_VORBIS = {
    **{field: field.upper().replace("_", "") for field in ("title", "artist", "artists", "album")},
    **_names(title_sort="TITLESORT", artist_sort="ARTISTSORT", album_sort="ALBUMSORT"),
    **_names(album_artist="ALBUMARTIST", album_artist_sort="ALBUMARTISTSORT"),
    **_names(composer="COMPOSER", composer_sort="COMPOSERSORT", conductor="CONDUCTOR"),
    **_names(lyricist="LYRICIST", arranger="ARRANGER", remixer="REMIXER"),
    **_names(producer="PRODUCER", performer="PERFORMER", track="TRACKNUMBER"),
    **_names(track_total="TRACKTOTAL", disc="DISCNUMBER", disc_total="DISCTOTAL"),
    **_names(disc_subtitle="DISCSUBTITLE", date="DATE", original_date="ORIGINALDATE"),
    **_names(genre="GENRE", mood="MOOD", compilation="COMPILATION", type="RELEASETYPE"),
    **_names(label="LABEL", catalogue_number="CATALOGNUMBER", bpm="BPM"),
    **_names(comment="COMMENT", grouping="GROUPING", isrc="ISRC", work="WORK"),
    **_names(movement="MOVEMENTNAME", movement_number="MOVEMENT"),
    **_names(movement_total="MOVEMENTTOTAL"),
    **_ids("MUSICBRAINZ_", "MUSICBRAINZ_TRACKID", spaced=False),
    **_gains(),
}
PICARD_APE = {
    **PICARD_VORBIS,
    **_names(title="Title", artist="Artist", album="Album", album_artist="Album Artist"),
    **_names(remixer="MixArtist", track="Track", disc="Disc", disc_subtitle="DiscSubtitle"),
    **_names(date="Year", genre="Genre", type="MUSICBRAINZ_ALBUMTYPE", comment="Comment"),
    **_names(composer="Composer", conductor="Conductor", performer="Performer"),
}
del PICARD_APE["track_total"], PICARD_APE["disc_total"]
PICARD_MP4 = {
    **_names(title="\xa9nam", title_sort="sonm", artist="\xa9ART", artists="----:ARTISTS"),
    **_names(artist_sort="soar", album="\xa9alb", album_sort="soal", album_artist="aART"),
    **_names(album_artist_sort="soaa", composer="\xa9wrt", composer_sort="soco"),
    **{f: f"----:{f.upper()}" for f in ("conductor", "lyricist", "arranger", "remixer")},
    **_names(producer="----:PRODUCER", track="trkn", disc="disk", date="\xa9day"),
    **_names(disc_subtitle="----:DISCSUBTITLE", original_date="----:ORIGINALDATE"),
    **_names(genre="\xa9gen", mood="----:MOOD", compilation="cpil", bpm="tmpo"),
    **_names(type="----:MusicBrainz Album Type", label="----:LABEL", comment="\xa9cmt"),
    **_names(catalogue_number="----:CATALOGNUMBER", grouping="\xa9grp", isrc="----:ISRC"),
    **_names(work="\xa9wrk", movement="\xa9mvn", movement_number="\xa9mvi"),
    **_names(movement_total="\xa9mvc"),
    **_ids("----:MusicBrainz ", "----:MusicBrainz Track Id", spaced=True),
    **_gains("----:"),
}
PICARD_ASF = {
    **_names(title="Title", title_sort="WM/TitleSortOrder", artist="Author"),
    **_names(artists="WM/ARTISTS", artist_sort="WM/ArtistSortOrder", album="WM/AlbumTitle"),
    **_names(album_sort="WM/AlbumSortOrder", album_artist="WM/AlbumArtist"),
    **_names(album_artist_sort="WM/AlbumArtistSortOrder", composer="WM/Composer"),
    **_names(composer_sort="WM/ComposerSortOrder", conductor="WM/Conductor"),
    **_names(lyricist="WM/Writer", remixer="WM/ModifiedBy", producer="WM/Producer"),
    **_names(track="WM/TrackNumber", disc="WM/PartOfSet", disc_subtitle="WM/SetSubTitle"),
    **_names(date="WM/Year", original_date="WM/OriginalReleaseTime", genre="WM/Genre"),
    **_names(mood="WM/Mood", compilation="WM/IsCompilation", label="WM/Publisher"),
    **_names(type="MusicBrainz/Album Type", catalogue_number="WM/CatalogNo"),
    **_names(bpm="WM/BeatsPerMinute", comment="Description", isrc="WM/ISRC"),
    **_names(grouping="WM/ContentGroupDescription"),
    **_ids("MusicBrainz/", "MusicBrainz/Track Id", spaced=True),
    **_gains(upper=False),
}

MP3TAG_ID3 = {
    **_names(title="TIT2", title_sort="TSOT", artist="TPE1", artist_sort="TSOP"),
    **_names(album="TALB", album_sort="TSOA", album_artist="TPE2", composer="TCOM"),
    **_names(album_artist_sort="TSO2", composer_sort="TSOC", conductor="TPE3"),
    **_names(lyricist="TEXT", remixer="TPE4", producer="IPLS", track="TRCK"),
    **_names(disc="TPOS", disc_subtitle="TSST", date="TYER", original_date="TORY"),
    **_names(genre="TCON", mood="TMOO", compilation="TCMP", label="TPUB", bpm="TBPM"),
    **_names(comment="COMM", grouping="GRP1", isrc="TSRC", work="TXXX:WORK"),
    **_names(movement="MVNM", movement_number="MVIN", edition="TXXX:ALBUMVERSION"),
    **_names(advisory="TXXX:ITUNESADVISORY", catalogue_number="TXXX:CATALOGNUMBER"),
    **_names(type="TXXX:RELEASETYPE"),
    **_gains("TXXX:"),
}
MP3TAG_ID3_V24 = {**MP3TAG_ID3, "producer": "TIPL", "date": "TDRC", "original_date": "TDOR"}
MP3TAG_FREE = {
    **_names(title="TITLE", title_sort="TITLESORT", artist="ARTIST", album="ALBUM"),
    **_names(artist_sort="ARTISTSORT", album_sort="ALBUMSORT", album_artist="ALBUMARTIST"),
    **_names(album_artist_sort="ALBUMARTISTSORT", composer="COMPOSER"),
    **_names(composer_sort="COMPOSERSORT", conductor="CONDUCTOR", lyricist="LYRICIST"),
    **_names(remixer="MIXARTIST", performer="MUSICIANCREDITS", producer="INVOLVEDPEOPLE"),
    **_names(track="TRACK", disc="DISCNUMBER", disc_subtitle="SETSUBTITLE", date="YEAR"),
    **_names(original_date="ORIGYEAR", genre="GENRE", mood="MOOD", label="PUBLISHER"),
    **_names(compilation="COMPILATION", bpm="BPM", comment="COMMENT", isrc="ISRC"),
    **_names(grouping="CONTENTGROUP", catalogue_number="CATALOGNUMBER", work="WORK"),
    **_names(movement="MOVEMENTNAME", movement_number="MOVEMENT", edition="ALBUMVERSION"),
    **_names(movement_total="MOVEMENTTOTAL", advisory="ITUNESADVISORY", type="RELEASETYPE"),
    **_gains(),
}
MP3TAG_MP4 = {
    **PICARD_MP4,
    **_names(edition="----:ALBUMVERSION", advisory="rtng", label="----:PUBLISHER"),
    **_names(remixer="----:MIXARTIST", original_date="----:ORIGYEAR"),
}
MP3TAG_ASF = {**PICARD_ASF, "type": "RELEASETYPE", "edition": "ALBUMVERSION"}

FOOBAR_ID3 = {
    **_names(title="TIT2", artist="TPE1", album="TALB", album_artist="TPE2"),
    **_names(artist_sort="TSOP", album_sort="TSOA", title_sort="TSOT", composer="TCOM"),
    **_names(album_artist_sort="TXXX:ALBUMARTISTSORTORDER", conductor="TPE3", track="TRCK"),
    **_names(lyricist="TEXT", remixer="TPE4", performer="TXXX:PERFORMER", disc="TPOS"),
    **_names(producer="TXXX:PRODUCER", date="TDRC", original_date="TDOR", genre="TCON"),
    **_names(mood="TMOO", compilation="TCMP", label="TPUB", bpm="TBPM", isrc="TSRC"),
    **_names(comment="COMM", grouping="TIT1", disc_subtitle="TSST"),
    **_names(catalogue_number="TXXX:CATALOGNUMBER", edition="TXXX:EDITION"),
    **_gains("TXXX:", upper=False),
}
FOOBAR_FREE = {
    **_names(title="TITLE", artist="ARTIST", album="ALBUM", album_artist="ALBUM ARTIST"),
    **_names(artist_sort="ARTISTSORTORDER", album_sort="ALBUMSORTORDER", composer="COMPOSER"),
    **_names(title_sort="TITLESORTORDER", album_artist_sort="ALBUMARTISTSORTORDER"),
    **_names(conductor="CONDUCTOR", lyricist="LYRICIST", remixer="REMIXED BY"),
    **_names(performer="PERFORMER", producer="PRODUCER", track="TRACKNUMBER"),
    **_names(track_total="TOTALTRACKS", disc="DISCNUMBER", disc_total="TOTALDISCS"),
    **_names(date="DATE", original_date="ORIGINAL RELEASE DATE", genre="GENRE"),
    **_names(mood="MOOD", label="PUBLISHER", bpm="BPM", isrc="ISRC"),
    **_names(comment="COMMENT", grouping="CONTENT GROUP", disc_subtitle="SET SUBTITLE"),
    **_names(catalogue_number="CATALOGNUMBER", edition="EDITION", compilation="COMPILATION"),
    **_gains(upper=False),
}
FOOBAR_APE = {**FOOBAR_FREE, "track": "Track", "disc": "Disc", "date": "Year"}
FOOBAR_MP4 = {
    **_names(title="\xa9nam", artist="\xa9ART", album="\xa9alb", album_artist="aART"),
    **_names(artist_sort="soar", album_sort="soal", title_sort="sonm", composer="\xa9wrt"),
    **_names(album_artist_sort="soaa", track="trkn", disc="disk", date="\xa9day"),
    **_names(genre="\xa9gen", compilation="cpil", bpm="tmpo", comment="\xa9cmt"),
    **_names(grouping="\xa9grp", conductor="----:CONDUCTOR", performer="----:PERFORMER"),
    **_names(original_date="----:ORIGINAL RELEASE DATE", label="----:PUBLISHER"),
    **_gains("----:", upper=False),
}
FOOBAR_ASF = {
    **_names(title="Title", artist="Author", album="WM/AlbumTitle", track="WM/TrackNumber"),
    **_names(album_artist="WM/AlbumArtist", disc="WM/PartOfSet", date="WM/Year"),
    **_names(genre="WM/Genre", composer="WM/Composer", comment="Description"),
    **_names(label="WM/Publisher", conductor="WM/Conductor"),
    **_gains(upper=False),
}

BEETS_ID3 = {
    **{k: v for k, v in PICARD_ID3.items() if k not in {"performer", "movement", "work", "mood"}},
    **_names(artists="TXXX:ARTISTS", edition="TXXX:MusicBrainz Album Comment"),
    **_names(grouping="TIT1"),
    **_gains("TXXX:"),
}
del BEETS_ID3["movement_number"], BEETS_ID3["conductor"], BEETS_ID3["producer"]
BEETS_VORBIS = {
    **{
        k: v
        for k, v in PICARD_VORBIS.items()
        if k not in {"performer", "movement", "work", "mood", "movement_number", "movement_total"}
    },
    **_names(date="DATE", edition="MUSICBRAINZ_ALBUMCOMMENT", type="MUSICBRAINZ_ALBUMTYPE"),
    **_names(comment="DESCRIPTION", label="PUBLISHER"),
}
BEETS_MP4 = {**PICARD_MP4, "edition": "----:MusicBrainz Album Comment"}
BEETS_ASF = {**PICARD_ASF, "edition": "MusicBrainz/Album Comment", "label": "WM/Publisher"}
BEETS_APE = {**BEETS_VORBIS, "album_artist": "ALBUMARTIST", "track": "Track", "disc": "Disc"}

ITUNES_MP4 = {
    **_names(title="\xa9nam", title_sort="sonm", artist="\xa9ART", artist_sort="soar"),
    **_names(album="\xa9alb", album_sort="soal", album_artist="aART", composer="\xa9wrt"),
    **_names(album_artist_sort="soaa", composer_sort="soco", track="trkn", disc="disk"),
    **_names(date="\xa9day", genre="\xa9gen", compilation="cpil", bpm="tmpo"),
    **_names(comment="\xa9cmt", grouping="\xa9grp", work="\xa9wrk", movement="\xa9mvn"),
    **_names(movement_number="\xa9mvi", movement_total="\xa9mvc", advisory="rtng"),
    **_names(sound_check="----:iTunNORM"),
}
ITUNES_ID3 = {
    **_names(title="TIT2", title_sort="TSOT", artist="TPE1", artist_sort="TSOP"),
    **_names(album="TALB", album_sort="TSOA", album_artist="TPE2", composer="TCOM"),
    **_names(album_artist_sort="TSO2", composer_sort="TSOC", track="TRCK", disc="TPOS"),
    **_names(date="TYER", genre="TCON", compilation="TCMP", bpm="TBPM", comment="COMM"),
    **_names(grouping="GRP1", work="TIT1", movement="MVNM", movement_number="MVIN"),
    **_names(sound_check="COMM:iTunNORM"),
}

EAC_ID3 = {
    **_names(title="TIT2", artist="TPE1", album="TALB", album_artist="TPE2"),
    **_names(composer="TCOM", track="TRCK", date="TYER", genre="TCON", comment="COMM"),
}
EAC_FLAC = {
    **_names(title="TITLE", artist="ARTIST", album="ALBUM", album_artist="ALBUMARTIST"),
    **_names(composer="COMPOSER", track="TRACKNUMBER", track_total="TRACKTOTAL"),
    **_names(date="DATE", genre="GENRE", comment="COMMENT"),
}
EAC_APE = {**EAC_FLAC, "track": "Track", "date": "Year"}


def _styles(tagger: str, *rows: tuple[str, str, Names], **options: object) -> list[Style]:
    return [
        Style(
            tagger=tagger,
            suffix=suffix,
            family=family,
            names=names,
            **options,  # type: ignore[arg-type]
        )
        for suffixes, family, names in rows
        for suffix in suffixes.split()
    ]


STYLES = [
    *_styles("picard", (".mp3 .aiff .dsf .tta", ID3, PICARD_ID3), slashed=True),
    *_styles("picard", (".mp3 .wav", ID3, PICARD_ID3_V23), version=3, joined="; ", slashed=True),
    *_styles("picard", (".flac .ogg .opus .spx", VORBIS, PICARD_VORBIS)),
    *_styles("picard", (".ape .wv .mpc", APE, PICARD_APE), slashed=True),
    *_styles("picard", (".m4a", MP4, PICARD_MP4), (".wma", ASF, PICARD_ASF), slashed=True),
    *_styles("mp3tag", (".mp3 .wav", ID3, MP3TAG_ID3), version=3, repeats=True, slashed=True),
    *_styles("mp3tag", (".mp3 .aiff", ID3, MP3TAG_ID3_V24), repeats=True, slashed=True),
    *_styles("mp3tag", (".flac .ogg .opus", VORBIS, MP3TAG_FREE), repeats=True, slashed=True),
    *_styles("mp3tag", (".ape .wv", APE, MP3TAG_FREE), repeats=True, slashed=True),
    *_styles("mp3tag", (".m4a", MP4, MP3TAG_MP4), (".wma", ASF, MP3TAG_ASF), slashed=True),
    *_styles("foobar2000", (".mp3", ID3, FOOBAR_ID3), repeats=True, slashed=True),
    *_styles("foobar2000", (".flac .ogg .oga", VORBIS, FOOBAR_FREE), repeats=True),
    *_styles("foobar2000", (".wv .mpc .ape", APE, FOOBAR_APE), repeats=True),
    *_styles("foobar2000", (".m4a", MP4, FOOBAR_MP4), repeats=True),
    *_styles("foobar2000", (".wma", ASF, FOOBAR_ASF), repeats=True, slashed=True),
    *_styles("beets", (".mp3 .aiff", ID3, BEETS_ID3), slashed=True),
    *_styles("beets", (".flac .ogg .opus", VORBIS, BEETS_VORBIS)),
    *_styles("beets", (".ape .wv", APE, BEETS_APE)),
    *_styles("beets", (".m4a", MP4, BEETS_MP4), (".wma", ASF, BEETS_ASF), slashed=True),
    *_styles("itunes", (".m4a .m4b", MP4, ITUNES_MP4)),
    *_styles("itunes", (".mp3 .aiff .wav", ID3, ITUNES_ID3), version=3, slashed=True),
    *_styles("itunes", (".mp3", ID3, ITUNES_ID3), version=2, slashed=True),
    *_styles("eac", (".mp3", ID3, EAC_ID3), version=3, slashed=True, has_v1=True),
    *_styles("eac", (".flac", VORBIS, EAC_FLAC), (".wv", APE, EAC_APE)),
]
