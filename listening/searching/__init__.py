"""The search as people type it: words, `"a phrase"`, `-word`, and operators such as `year:1960-69`.

- `tokens`: the text, divided.
- `values`: what people type for years, numbers and days.
- `operators`: which operators there are, and the rules of smart playlists that they stand for.
- `query`: a whole search, with what was not understood; and the rules that find the same tracks.
- `filters`: a search as filters of tracks, albums, artists and composers.
- `everything`: the best of all kinds.

Operators ask for favourites, ratings and plays, so they belong to `listening`. There is one
language of rules, that of `listening.smart`.
"""
