"""Queries for lists: which tracks, albums and artists are on a page, in which order.

The pages, the API and the commands all ask here, so that their lists agree.
"""
