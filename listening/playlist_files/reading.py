"""Reads a playlist file of any format."""

from django.utils.translation import gettext

from listening.playlist_files.entries import MOST_BYTES, BadPlaylistFile, PlaylistFile
from listening.playlist_files.jspf import read_jspf
from listening.playlist_files.m3u import read_m3u
from listening.playlist_files.pls import FIRST_LINE, read_pls
from listening.playlist_files.tables import is_table, read_table
from listening.playlist_files.xspf import read_xspf

_BEGINNING_BYTES = 1_000
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
"""White space and byte order marks, in UTF-8 and in UTF-16."""


def read_playlist(content: bytes) -> PlaylistFile:
    """What the file says; its format is told by how it begins. Raises BadPlaylistFile."""
    if len(content) > MOST_BYTES:
        raise BadPlaylistFile(
            gettext("The file is larger than %(most)d MiB.") % {"most": MOST_BYTES // 1024**2}
        )
    beginning = content[:_BEGINNING_BYTES].lstrip(_BLANK)
    if beginning.startswith(b"<"):
        return read_xspf(content)
    if beginning.startswith(b"{"):
        return read_jspf(content)
    if beginning.replace(b"\0", b"").lower().startswith(FIRST_LINE.encode()):
        return read_pls(content)
    if is_table(content):
        return read_table(content)
    return read_m3u(content)
