"""Lyrics: the text of a song, line by line, with the time of each line where it is known."""
