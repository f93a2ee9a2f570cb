"""Which tracks are one album: the rules, without a database.

- `members`: what the rules know of a track.
- `units`, `titles`, `discs`: which folders belong together, what folders and titles say of discs.
- `unit_albums`: makes albums of the tracks of one unit. It asks `artist_groups` (who has the same
  album artist), `release_ids` (which tracks are of which release) and `doubled` (what is there
  twice).
- `releases`: joins albums of different units. It asks `comparing` whether two are one, and
  `disambiguation` what tells those of one name apart.
- `reasons`, `why`: the rules for people.
- `kept_ids`: which album keeps which id.
"""
