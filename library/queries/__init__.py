"""Queries for lists: which tracks are on a page, in which order, and the library's revision.

The API asks here; so will every other face, so that their lists agree.
"""
