"""What the listeners of the made-up libraries did: plays, favourites, playlists, links. They
run inside Django, with the settings of the server whose pictures are taken."""

import random
from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from listening.bookmarks import Position, set_bookmark_at
from listening.favourites import change_favourites
from listening.playlists.editing import make
from listening.plays import NewPlay, store_plays
from listening.radio_stations import StationChange, make_station
from listening.ratings import change_ratings
from listening.shares.editing import ShareContents, make_share
from tests.api.library import credit, make_album, make_artist, on_album
from tests.web.library_rows import make_failure, make_scan, make_track

NEW_RELEASES = {"all": [{"field": "year", "operator": "greater_than", "value": 2010}]}
LONG_WORDS = "A title that goes on and on, as those of symphonies and of live recordings do, " * 3


def fill_listening() -> None:
    """`ada` has listened for some weeks, and made playlists, links and bookmarks."""
    ada = User.objects.get(username="ada")
    tracks = list(
        Track.objects.filter(missing_since=None).order_by("album_id", "disc_number", "pk")
    )
    _hear(ada.pk, [track.pk for track in tracks])
    albums = dict(Album.objects.values_list("title", "pk"))
    loved = [albums["Night Ferries"], albums["Azulejo"], albums["Hedgerow"]]
    artist = Artist.objects.get(name="The Lantern Trio").pk
    some = [track.pk for track in tracks[::7]]
    change_favourites(ada.pk, {"album": loved, "artist": [artist], "track": some[:6]}, {})
    change_ratings(ada.pk, {"track": {pk: 5 - at % 3 for at, pk in enumerate(some)}}, {})
    words = {"description": "For the long evenings, when nobody wants to talk."}
    make(ada.pk, {"name": "Kitchen, late", "sharing": "read", **words}, some)
    make(ada.pk, {"name": "Sunday morning"}, [track.pk for track in tracks[30:42]])
    make(ada.pk, {"name": "Since 2010", "rules": NEW_RELEASES})
    share = {"description": "For the harbour party", "visit_limit": 20}
    make_share(ada, ShareContents(album_ids=[albums["Azulejo"]]), share)
    ended = {"expires_at": timezone.now() - timedelta(days=2)}
    make_share(ada, ShareContents(track_ids=some[:4]), ended)
    for at, track in enumerate(tracks[50:53]):
        note = "The bridge, with the second cello" if at == 1 else ""
        set_bookmark_at(ada.pk, track.pk, Position(position_s=40.0 + 31 * at, comment=note))
    for name in ("Harbour FM", "Night Classics"):
        place = name.replace(" ", "-").lower()
        make_station(StationChange(name=name, stream_url=f"https://{place}.example/live"))


def _hear(user_id: int, ids: list[int]) -> None:
    chance, now = random.Random(11), timezone.now().replace(microsecond=0)
    plays = []
    for day in range(120):
        at = now - timedelta(days=day + 1, hours=-int(chance.triangular(0, 24, 19)))
        for _ in range(chance.randint(0, 14)):
            first = int(chance.triangular(0, len(ids) - 1, len(ids) / 4))
            plays.append(NewPlay(track_id=ids[first], started_at=at, heard_s=240.0, client="web"))
            at -= timedelta(minutes=chance.randint(4, 9))
    store_plays(user_id, plays)


def fill_odd_library() -> None:
    """Names that are long, or that run from right to left, and no picture at all."""
    rows = [
        ("Kind of a Day", "The Plain Band", "A Plain Album"),
        (LONG_WORDS, LONG_WORDS, LONG_WORDS),
        ("Donaudampfschifffahrtsgesellschaft" * 4, "W" * 120, "Unbroken" * 30),
        ("حبيتك بالصيف", "فيروز", "رجعت الشتوية"),
        ("שיר לשלום, גרסה ארוכה מאוד שלא נגמרת", "מקהלת הנמל", "ערב בנמל"),
        ("<b>Tags</b> & “quotes” 🎉", "👩‍👩‍👧‍👦", "&amp;"),
    ]
    for title, name, album_title in rows:
        album, artist = make_album(album_title, name), make_artist(name)
        for number in range(1, 6):
            values = {"year": 1960 + number, "track_number": number, "duration_s": 100_000.0}
            credit(on_album(album, title=f"{title} {number}", artist=name, **values), artist)
    make_track(title="Without an album", artist="Gone", missing=True)
    make_failure(path="a very long folder/" * 20 + "x.mp3", scan=make_scan(seen=234))
