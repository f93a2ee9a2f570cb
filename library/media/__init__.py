"""Streams and covers over HTTP: a track's audio file, in ranges, and its picture.

The endpoints are plain ASGI applications. A Django view would hold a thread for as long as the
response is being sent, which may be a whole song.
"""
