"""Lists of tracks, albums and artists: which rows, in which order, and what each row shows.

Every face asks here, so that their lists agree. A list is made of three things:

    RowList(filter=TrackFilter(search="blue"), order=TRACK_ORDERS["title"], state=state)

`state` identifies the state of the library (`revision`). The list answers `page(offset, limit)` and
`ids()`; `track_rows(ids, ...)` reads the rows of these ids. The modules, in the order to read them:

- `prepared`: queries whose SQL is written once.
- `filters`: which rows a list holds, and conditions that other apps add.
- `orders`: the orders by name, random orders, and orders by a value that another app stores.
- `corrections`: other spellings of a search, where nothing fits.
- `lists`: finds the ids of a page, quickly among 100,000 rows.
- `tracks`, `albums`, `artists`: the filter and the rows of each kind; composers are artists.
- `groupings`: genres, record labels and years with their counts, which are no `RowList`.
- `search`: the best of all kinds at once; `relevance`: how well a name fits.
- `revision`: the state of the library.
"""
