"""Playlists: what users see of each other's, and every change of them and of their entries.

- `rights`: who may see and change a playlist. `refusals`: why a change is refused.
- `changing`: the one transaction that each change goes through.
- `editing`: making, renaming, sharing, deleting. `folders`: what users sort them into. `owners`:
  users who go or change.
- `entries`: adding, removing, restoring and moving. `places`: where between two others.
- `sources`: the tracks of what is added. `contents`: what a playlist holds.
- `rows`: playlists in a list. `present`: the same for those who see present tracks alone.
  `counting`: their totals.
"""
