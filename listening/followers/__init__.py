"""What becomes of people's things when the library joins, purges or adds tracks and the like.

- `own_things`: what the followers of this package have in common.
- `one_for_each`: things of which a user has one for each track, album and so on.
- `opinions`, `plays`, `bookmarks`, `places`, `current_track`: the followers, by subject.
- `lost`: gives people's things the rows back that they lost. `queued`: the tracks in queues.
- `registered`: all of these.
"""
