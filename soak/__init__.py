"""A soak test: servers, scans, listeners and requests, while PostgreSQL, Redis, scans and a server
are killed or restarted again and again.

`make soak` runs it for ten minutes, `python -m soak --seconds 60` for a minute.
"""
