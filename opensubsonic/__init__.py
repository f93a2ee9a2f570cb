"""The OpenSubsonic API below `/rest/`: the library for every Subsonic client.

A face: it reads requests, asks `library` and `listening`, and writes answers. It has no rules of
its own and no queries.
"""
