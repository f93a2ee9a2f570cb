"""Streams: a track's file, or any other, over HTTP, in ranges and at the pace of its client.

Endpoints here are plain ASGI applications, since Django's handler holds a thread for as long as a
response goes on.
"""
