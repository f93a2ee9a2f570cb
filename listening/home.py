"""What a user's home shows: shelves of albums and tracks to go on from."""

from collections.abc import Iterator
from dataclasses import dataclass

from library.queries.albums import AlbumFilter
from library.queries.lists import Page, RowList
from library.queries.orders import ALBUM_ORDERS, RandomOrder, RowOrder
from library.queries.tracks import TrackFilter
from listening.begun import BegunAlbum, begun_albums
from listening.forgotten import forgotten_albums
from listening.own import OwnWishes
from listening.own_lists import FAVOURITES, PLAYED, own_list


@dataclass(frozen=True, kw_only=True)
class Home:
    """`begun`: see `listening.begun`. `forgotten`: ids of albums, see `listening.forgotten`. The
    other ones are the first pages of lists of albums, and of one of tracks."""

    begun: list[BegunAlbum]
    added: Page
    played: Page
    most_played: Page
    favourites: Page
    favourite_tracks: Page
    forgotten: list[int]
    random: Page

    def album_ids(self) -> Iterator[int]:
        """The ids of all albums that are shown, some more than once."""
        yield from (each.album_id for each in self.begun)
        for page in (self.added, self.played, self.most_played, self.favourites, self.random):
            yield from page.ids
        yield from self.forgotten


def home(user_id: int, state: str, seed: int, limit: int) -> Home:
    """Up to `limit` of each. `seed`: of those in random order. `state`: of the library, see
    `library.queries.revision`."""

    def page(order: RowOrder) -> Page:
        return RowList(filter=AlbumFilter(), order=order, state=state).page(0, limit)

    def own_albums(wishes: OwnWishes, order: str) -> Page:
        return own_list(user_id, "album", AlbumFilter(), wishes, order, state).page(0, limit)

    tracks = own_list(user_id, "track", TrackFilter(), FAVOURITES, "-favourited", state)
    return Home(
        begun=begun_albums(user_id, limit),
        added=page(ALBUM_ORDERS["-added"]),
        played=own_albums(PLAYED, "-played"),
        most_played=own_albums(PLAYED, "-plays"),
        favourites=own_albums(FAVOURITES, "-favourited"),
        favourite_tracks=tracks.page(0, limit),
        forgotten=forgotten_albums(user_id, seed, limit),
        random=page(RandomOrder(seed)),
    )
