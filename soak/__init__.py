"""A long trial: servers, scans, listeners and requests, while everything they rely on is restarted.

`make soak` runs it for ten minutes; `python -m soak --seconds 60` for as long as one likes.
"""
