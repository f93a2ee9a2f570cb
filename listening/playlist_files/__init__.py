"""Playlist files: M3U, M3U8, XSPF and JSPF; PLS, WPL and tables are only read. Reading and writing
them, finding the tracks that their entries mean, and following those that lie in music folders."""
