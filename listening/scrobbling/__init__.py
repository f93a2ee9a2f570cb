"""Tells ListenBrainz, Last.fm, Libre.fm and servers that speak their protocols what users hear.

- `accounts`: users connect and disconnect accounts, and see how these stand.
- `outbox`: what is to be told is stored in the transaction of the play or the favourite.
- `couriers`: threads of the server, which find accounts with something to tell; `delivery` tells
  it to one account, under the account's `lease`.
- `listenbrainz`, `audioscrobbler`: the protocols; `calls` and `addresses`: HTTP requests to
  addresses that may be called, bounded in time and size.
"""
