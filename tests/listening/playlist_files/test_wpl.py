"""Playlists of Windows Media Player."""

import pytest

from listening.playlist_files.entries import BadPlaylistFile
from listening.playlist_files.reading import read_playlist

WPL = r"""<?wpl version="1.0"?>
<smil>
    <head>
        <meta name="Generator" content="Microsoft Windows Media Player -- 12.0"/>
        <title>Road &amp; trip</title>
    </head>
    <body>
        <seq>
            <media src="..\Music\AC\01.mp3" cid="{1}" tid="{2}"/>
            <media src="C:\Guns &apos;N&apos; Roses\é.mp3" trackTitle="Estranged"
                trackArtist="Guns N&apos; Roses" albumTitle="Use" duration="563800"/>
            <media/>
        </seq>
    </body>
</smil>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_it_says_of_tracks(encoding: str) -> None:
    file = read_playlist(WPL.encode(encoding))
    first, second = file.entries
    assert file.name == "Road & trip"
    assert first.location == r"..\Music\AC\01.mp3"
    assert second.location == r"C:\Guns 'N' Roses\é.mp3"
    assert (second.artist, second.title, second.album) == ("Guns N' Roses", "Estranged", "Use")
    assert (first.duration_s, second.duration_s) == (None, 563.8)


def test_other_xml_is_none() -> None:
    for content in (b"<html><media src='a.mp3'/></html>", b"<asx><smil/></asx>"):
        with pytest.raises(BadPlaylistFile, match="XML, but not a playlist"):
            read_playlist(content)
