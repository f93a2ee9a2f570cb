"""Links by which people without a login hear tracks, albums and playlists, and nothing else.

- `rights`: who may make links. `links`: the secret texts in addresses.
- `editing`: making, changing and deleting shares. `contents`: what a share holds now.
- `opening`: which share a link opens; visits, each of which counts once. `guesses`: the limit on
  wrong links.
"""
