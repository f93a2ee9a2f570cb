"""A call of every endpoint against a server with a small library, as an administrator."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.audio_files import JPEG, make_audio
from tests.opensubsonic.conftest import RestServer
from tests.web.served import manage

USER = "stella"
NEW_PASSWORD = "correct horse battery staple"
STATION = {"streamUrl": "https://radio.example.org/stream", "name": "Radio"}
PLAYING = {"mediaId": "{track}", "mediaType": "song", "positionMs": 1000, "state": "playing"}


def _alone(*endpoints: str) -> dict[str, Mapping[str, Any]]:
    """Endpoints that need no parameters."""
    return {endpoint: {} for endpoint in endpoints}


CALLS: Mapping[str, Mapping[str, Any]] = {
    **_alone("ping", "getLicense", "getOpenSubsonicExtensions", "getScanStatus"),
    "tokenInfo": {"u": "", "t": "", "s": "", "apiKey": "{key}"},
    "startScan": {},
    "getUser": {"username": "lee"},
    "getUsers": {},
    "createUser": {"username": "{new}", "password": NEW_PASSWORD, "email": "new@example.org"},
    "updateUser": {"username": "lee", "email": "lee@example.org"},
    "deleteUser": {"username": "{user}"},
    "changePassword": {"username": "lee", "password": NEW_PASSWORD},
    **_alone("getMusicFolders", "getIndexes", "getArtists", "getGenres", "getVideos"),
    "getMusicDirectory": {"id": "{folder}"},
    "getArtist": {"id": "{artist}"},
    "getAlbum": {"id": "{album}"},
    "getSong": {"id": "{track}"},
    "getArtistInfo": {"id": "{artist}"},
    "getArtistInfo2": {"id": "{artist}"},
    "getAlbumInfo": {"id": "{album}"},
    "getAlbumInfo2": {"id": "{album}"},
    "getSimilarSongs": {"id": "{track}"},
    "getSimilarSongs2": {"id": "{artist}"},
    "getTopSongs": {"artist": "Björk"},
    "getVideoInfo": {"id": "{track}"},
    "getCaptions": {"id": "{track}"},
    "getAlbumList": {"type": "newest"},
    "getAlbumList2": {"type": "alphabeticalByName", "size": 500},
    "getRandomSongs": {"size": 1},
    "getSongsByGenre": {"genre": "Pop"},
    **_alone("getNowPlaying", "getStarred", "getStarred2"),
    "search": {"any": "Hyper"},
    "search2": {"query": "Hyper"},
    "search3": {"query": '""'},
    "star": {"id": "{track}", "albumId": "{album}", "artistId": "{artist}"},
    "unstar": {"id": "{folder}"},
    "setRating": {"id": "{track}", "rating": 4},
    "scrobble": {"id": "{track}", "time": 1_700_000_000_000},
    "reportPlayback": PLAYING,
    "getPlaylists": {},
    "getPlaylist": {"id": "{playlist}"},
    "createPlaylist": {"name": "New", "songId": ["{track}", "{track}"]},
    "updatePlaylist": {"playlistId": "{playlist}", "comment": "Good", "public": "true"},
    "deletePlaylist": {"id": "{other_playlist}"},
    **_alone("getPlayQueue", "getPlayQueueByIndex", "getBookmarks"),
    "savePlayQueue": {"id": ["{track}", "{second}"], "current": "{second}", "position": 10},
    "savePlayQueueByIndex": {"id": ["{track}", "{second}"], "currentIndex": 1, "position": 10},
    "createBookmark": {"id": "{track}", "position": 1000, "comment": "Here"},
    "deleteBookmark": {"id": "{second}"},
    "getInternetRadioStations": {},
    "createInternetRadioStation": STATION,
    "updateInternetRadioStation": {
        **STATION,
        "id": "{station}",
        "homepageUrl": "https://a.example",
    },
    "deleteInternetRadioStation": {"id": "{other_station}"},
    "getShares": {},
    "createShare": {"id": "{track}", "description": "For you", "expires": 2_000_000_000_000},
    "updateShare": {"id": "{share}", "description": "For you"},
    "deleteShare": {"id": "{other_share}"},
    **_alone("getPodcasts", "getNewestPodcasts", "refreshPodcasts"),
    "getPodcastEpisode": {"id": "1"},
    "createPodcastChannel": {"url": "https://podcast.example.org/feed"},
    "deletePodcastChannel": {"id": "1"},
    "deletePodcastEpisode": {"id": "1"},
    "downloadPodcastEpisode": {"id": "1"},
    "jukeboxControl": {"action": "status"},
    "getChatMessages": {},
    "addChatMessage": {"message": "Hello"},
    "getAvatar": {"username": USER},
    "stream": {"id": "{track}"},
    "download": {"id": "{album}"},
    "hls.m3u8": {"id": "{track}"},
    "getLyrics": {"artist": "Björk", "title": "Hyperballad"},
    "getLyricsBySongId": {"id": "{track}"},
    "getCoverArt": {"id": "{track}", "size": 64},
    "getTranscodeDecision": {"mediaId": "{track}", "mediaType": "song"},
    "getTranscodeStream": {"mediaId": "{track}", "mediaType": "song", "transcodeParams": "x"},
}
"""The parameters, with `{...}` for what `EveryCall.named` knows."""

REFUSED = {
    **dict.fromkeys(("getVideoInfo", "getCaptions", "getPodcastEpisode", "hls.m3u8"), 70),
    **dict.fromkeys(("jukeboxControl", "createPodcastChannel", "deletePodcastChannel"), 50),
    **dict.fromkeys(("deletePodcastEpisode", "downloadPodcastEpisode"), 50),
}
"""The error of what mus does not have."""
BYTES = {"getAvatar", "stream", "download", "getCoverArt"}
NOT_OF_THE_PROTOCOL = {"getTranscodeDecision", "getTranscodeStream"}
"""Those with a body of JSON, or with statuses of HTTP."""


@dataclass
class EveryCall:
    """`named`: what stands for a name in the parameters."""

    server: RestServer
    named: dict[str, str] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))

    def prepare(self) -> "EveryCall":
        """Put music into the library, and things of the user beside it."""
        album = Path(self.server.served.variables["MUSIC_DIR"]) / "Björk" / "Post"
        for number, title in enumerate(("Hyperballad", "Isobel"), start=1):
            tags: dict[str, Any] = {
                "title": title,
                "artist": "Björk",
                "album": "Post",
                "genre": "Pop",
            }
            make_audio(album / f"{number}.flac", **tags, track_number=str(number), date="1995")
        (album / "cover.jpg").write_bytes(JPEG)
        (album / "1.lrc").write_text("[00:00.10]All these accidents\n")
        # A scan that the server starts has a low priority and would wait for all other tests.
        manage(self.server.served.variables, "scan_tracks").check_returncode()
        songs = self.body("search3", query="")["searchResult3"]["song"]
        first, second = sorted(songs, key=lambda song: song["track"])
        self.named |= {"track": first["id"], "album": first["albumId"], "second": second["id"]}
        self.named |= {"artist": first["artistId"], "folder": first["parent"]}
        self.named |= {"key": self.server.passwords[USER]}
        return self

    def said(self, endpoint: str) -> dict[str, Any]:
        """The parameters of a call that can be made again and again."""
        if endpoint == "createUser":
            self.named["new"] = f"user{next(self.numbers)}"
        if endpoint == "deleteUser":
            self.named["user"] = name = f"user{next(self.numbers)}"
            self.get("createUser", username=name, password=NEW_PASSWORD, email="a@example.org")
        for name in ("playlist", "other_playlist"):
            if f"{{{name}}}" in str(CALLS[endpoint]):
                made = self.body("createPlaylist", name="Own", songId=self.named["track"])
                self.named[name] = made["playlist"]["id"]
        for name in ("share", "other_share"):
            if f"{{{name}}}" in str(CALLS[endpoint]):
                made = self.body("createShare", id=self.named["track"])
                self.named[name] = made["shares"]["share"][0]["id"]
        if "station}" in str(CALLS[endpoint]):
            self.get("createInternetRadioStation", **STATION)
            stations = self.body("getInternetRadioStations")["internetRadioStations"]
            last = stations["internetRadioStation"][-1]["id"]
            self.named |= {"station": last, "other_station": last}
        return {name: self._filled(value) for name, value in CALLS[endpoint].items()}

    def _filled(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        return value.format_map(self.named) if isinstance(value, str) else value

    def get(self, endpoint: str, **parameters: Any) -> httpx.Response:
        return self.server.get(endpoint, user=USER, **parameters)

    def post(self, endpoint: str, **parameters: Any) -> httpx.Response:
        login = {**self.server.login(USER), "v": "1.16.1", "c": "tests", "f": "json"}
        return self.server.client.post(f"/rest/{endpoint}", data={**login, **parameters})

    def body(self, endpoint: str, **parameters: Any) -> Any:
        body = self.get(endpoint, **parameters).json()["subsonic-response"]
        assert body["status"] == "ok", body
        return body
