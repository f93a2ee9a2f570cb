"""Smart playlists: rules instead of entries.

- `rules`: the rules as data, checked, from and to JSON.
- `fields`: what rules may ask for, and which operators each kind of field has.
- `conditions`: rules as conditions of a query.
- `contents`: the tracks that fit, in order, with the limits.
- `nsp`: rules from and to Navidrome's smart playlist files.

The rules see favourites, ratings and plays of the playlist's owner, whoever looks at it.
"""
