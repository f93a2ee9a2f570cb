"""Real clients of the protocol, as people install them, on a real server with real files.

py-opensonic is what Music Assistant stands on, py-sonic what many scripts and Mopidy-Subidy do;
knuckles refuses fields that it does not know. Mopidy's backend runs as Mopidy itself runs it; only
its player, which needs GStreamer, does not take part. Each client plays a song of its own, in a
format of its own, so that no test sees what another one did.
"""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import knuckles
import libopensonic
import libsonic
import pytest
from mopidy_subidy.backend import SubidyBackend

from tests.opensubsonic.conftest import RestServer
from tests.opensubsonic.real_library import (
    HEARD_AT,
    HEARD_AT_TEXT,
    KNUCKLES,
    MOPIDY,
    OPENSONIC,
    RANGE,
    SONGS,
    SONIC,
    TITLES,
    Library,
    is_cover,
    scanned_library,
)

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def library(rest_server: RestServer) -> Library:
    return scanned_library(rest_server)


@pytest.fixture(scope="module")
def opensonic(library: Library) -> Iterator[Any]:
    login = {"username": "lee", "password": library.password}
    client = libopensonic.Connection(library.host, port=library.port, app_name="opensonic", **login)
    yield client
    client.cleanup()


@pytest.fixture(scope="module")
def sonic(library: Library) -> Any:
    return connected_sonic(library)


def connected_sonic(library: Library, password: str = "", **options: Any) -> Any:
    password = password or library.password
    return libsonic.Connection(library.host, "lee", password, library.port, **options)


@pytest.fixture(scope="module")
def strict(library: Library) -> Any:
    return connected_knuckles(library)


def connected_knuckles(library: Library, password: str = "", **options: Any) -> Any:
    address = library.server.served.url.partition("//")[2]
    login = address, "lee", password or library.password, "knuckles"
    return knuckles.Subsonic(*login, use_https=False, **options)


@pytest.fixture(scope="module")
def mopidy(library: Library) -> Iterator[Any]:
    login = {"url": library.server.served.url, "username": "lee", "password": library.password}
    config = {"subidy": {**login, "legacy_auth": False, "api_version": "1.14.0"}}
    actor: Any = SubidyBackend.start(config, None)
    yield actor.proxy()
    actor.stop()


class TestOpensonic:
    def test_it_logs_in(self, library: Library) -> None:
        login = {"username": "lee", "password": library.password}
        for options in (
            login,
            {**login, "legacy_auth": True},
            {**login, "use_get": True, "use_views": False},
            {"api_key": library.password},
        ):
            client: Any = libopensonic.Connection(library.host, port=library.port, **options)
            assert client.ping()
            assert client.get_license()["license"]["valid"]
            assert client.get_user("lee").stream_role
            client.cleanup()
        wrong: Any = libopensonic.Connection(library.host, "lee", "wrong", port=library.port)
        with pytest.raises(libopensonic.errors.CredentialError):
            wrong.get_license()
        wrong.cleanup()

    def test_it_reads_the_whole_library(self, opensonic: Any) -> None:
        artists = [artist for index in opensonic.get_artists().index for artist in index.artist]
        albums = [album for each in artists for album in opensonic.get_artist(each.id).album]
        by_tags = {song.id: song for album in albums for song in opensonic.get_album(album.id).song}
        assert sorted(song.title for song in by_tags.values()) == TITLES
        paged = []
        for offset in count(0, 2):
            songs = opensonic.search3("", 0, 0, 0, 0, 2, offset).song
            paged += [song.id for song in songs]
            if len(songs) < 2:
                break
        assert sorted(paged) == sorted(by_tags)
        for ask in (opensonic.get_album_list, opensonic.get_album_list2):
            found = {each.id for each in ask("alphabeticalByName", size=500)}
            assert found == {each.id for each in albums}
        assert {each.value for each in opensonic.get_genres()} == {"Folk"}
        assert len(opensonic.get_songs_by_genre("Folk")) == 2
        assert len(opensonic.get_random_songs(size=50)) == len(SONGS)
        assert opensonic.get_artist_info2(artists[0].id)
        assert opensonic.get_album_info2(albums[0].id)
        for ask in (opensonic.get_podcasts, opensonic.get_newest_podcasts, opensonic.get_shares):
            assert ask() == []

    def test_it_plays(self, library: Library) -> None:
        song_id, content = library.ids[OPENSONIC], library.bytes_of(OPENSONIC)

        async def play() -> None:
            client = libopensonic.AsyncConnection(
                library.host, "lee", library.password, port=library.port
            )
            song = await client.get_song(song_id)
            assert (song.suffix, song.size) == ("flac", len(content))
            assert await (await client.stream(song_id)).read() == content
            part = await client.stream(song_id, byte_range=RANGE["Range"])
            assert (part.status, await part.read()) == (206, content[100:300])
            assert await (await client.download(song_id)).read() == content
            assert is_cover(await (await client.get_cover_art(song.cover_art, 64)).read(), 64)
            (lyrics,) = await client.get_lyrics_by_song_id(song_id)
            assert [(line.start, line.value) for line in lyrics.line] == [
                (1500, "One"),
                (3000, "Two"),
            ]
            assert (await client.get_lyrics("Solveig", "Öl")).value == "One\nTwo"
            await client.cleanup()

        asyncio.run(play())

    def test_it_keeps_what_is_ones_own(self, opensonic: Any, library: Library) -> None:
        song = opensonic.get_song(library.ids[OPENSONIC])
        all_three = [song.id], [song.album_id], [song.artist_id]
        assert opensonic.star(*all_three)
        assert opensonic.set_rating(song.id, 4)
        starred = opensonic.get_starred2()
        assert all([starred.song, starred.album, starred.artist])
        assert opensonic.get_song(song.id).user_rating == 4
        assert opensonic.unstar(*all_three)
        assert opensonic.set_rating(song.id, 0)
        assert opensonic.get_starred2().song == []
        assert opensonic.get_song(song.id).user_rating is None

        assert opensonic.create_playlist(name="Some", song_ids=[song.id, library.ids[SONIC]])
        (playlist,) = opensonic.get_playlists()
        assert opensonic.update_playlist(
            playlist.id, song_ids_to_add=[song.id], song_indices_to_remove=[1]
        )
        assert [each.id for each in opensonic.get_playlist(playlist.id).entry] == [song.id] * 2
        assert opensonic.delete_playlist(playlist.id)
        assert opensonic.get_playlists() == []

        assert opensonic.scrobble(song.id, submission=False)
        assert song.id in {each.id for each in opensonic.get_now_playing()}
        assert opensonic.scrobble(song.id, listen_time=int(HEARD_AT.timestamp()))
        played = opensonic.get_song(song.id)
        assert (played.play_count, played.played) == (1, HEARD_AT_TEXT)

        assert opensonic.save_play_queue_by_index([song.id] * 2, 1, 1500)
        queue = opensonic.get_play_queue_by_index()
        assert (queue.current_index, queue.position, queue.changed_by) == (1, 1500, "opensonic")
        assert opensonic.get_play_queue().current == song.id
        assert opensonic.create_bookmark(song.id, 234, "here")
        (bookmark,) = opensonic.get_bookmarks()
        assert (bookmark.entry.id, bookmark.position) == (song.id, 234)
        assert opensonic.delete_bookmark(song.id)
        assert opensonic.get_bookmarks() == []
        status = opensonic.get_scan_status()
        assert (status.scanning, status.count) == (False, len(SONGS))


class TestSonic:
    def test_it_logs_in(self, library: Library) -> None:
        for is_legacy in (False, True):
            client = connected_sonic(library, legacyAuth=is_legacy)
            assert client.ping()
            assert client.getLicense()["license"]["valid"]
            assert client.getUser("lee")["user"]["streamRole"]
        with pytest.raises(libsonic.errors.CredentialError):
            connected_sonic(library, "wrong").getLicense()

    def test_it_reads_the_whole_library(self, sonic: Any) -> None:
        def songs_below(folder_id: str) -> Iterator[dict[str, Any]]:
            for child in sonic.getMusicDirectory(folder_id)["directory"]["child"]:
                if child["isDir"]:
                    yield from songs_below(child["id"])
                else:
                    yield child

        assert len(sonic.getMusicFolders()["musicFolders"]["musicFolder"]) == 1
        indexes = sonic.getIndexes()["indexes"]
        tops = [artist for index in indexes["index"] for artist in index["artist"]]
        found = {song["path"]: song["id"] for top in tops for song in songs_below(top["id"])}
        assert sorted(found) == sorted(SONGS)
        albums = sonic.getAlbumList2("newest", size=500)["albumList2"]["album"]
        by_tags = [
            song["id"] for album in albums for song in sonic.getAlbum(album["id"])["album"]["song"]
        ]
        assert sorted(by_tags) == sorted(found.values())
        result = sonic.search2("nuit", artistCount=5)["searchResult2"]
        assert [song["title"] for song in result["song"]] == ["Nuit"]

    def test_it_plays(self, sonic: Any, library: Library) -> None:
        song_id, content = library.ids[SONIC], library.bytes_of(SONIC)
        assert sonic.stream(song_id).read() == content
        assert sonic.download(song_id).read() == content
        part = connected_sonic(library, customHeaders=RANGE).stream(song_id)
        assert (part.status, part.read()) == (206, content[100:300])
        song = sonic.getSong(song_id)["song"]
        assert is_cover(sonic.getCoverArt(song["coverArt"], size=64).read(), 64)
        assert sonic.getLyrics("Solveig", "Nuit")["lyrics"]["value"] == "One\nTwo"

    def test_it_keeps_what_is_ones_own(self, sonic: Any, library: Library) -> None:
        song = sonic.getSong(library.ids[SONIC])["song"]
        sonic.star([song["id"]], [song["albumId"]], [song["artistId"]])
        sonic.setRating(song["id"], 5)
        starred = sonic.getStarred()["starred"]
        assert all(starred[kind] for kind in ("song", "album", "artist"))
        assert sonic.getSong(song["id"])["song"]["userRating"] == 5
        sonic.unstar([song["id"]], [song["albumId"]], [song["artistId"]])
        assert sonic.getStarred2()["starred2"]["song"] == []

        made = sonic.createPlaylist(name="Some", songIds=[song["id"]])["playlist"]
        sonic.updatePlaylist(made["id"], songIdsToAdd=[song["id"]])
        entries = sonic.getPlaylist(made["id"])["playlist"]["entry"]
        assert [each["id"] for each in entries] == [song["id"]] * 2
        sonic.deletePlaylist(made["id"])

        sonic.scrobble(song["id"], listenTime=int(HEARD_AT.timestamp()))
        played = sonic.getSong(song["id"])["song"]
        assert (played["playCount"], played["played"]) == (1, HEARD_AT_TEXT)

        sonic.savePlayQueue([song["id"]], song["id"], 1500)
        queue = sonic.getPlayQueue()["playQueue"]
        assert (queue["current"], queue["position"]) == (song["id"], 1500)
        sonic.createBookmark(song["id"], 234)
        (bookmark,) = sonic.getBookmarks()["bookmarks"]["bookmark"]
        assert (bookmark["entry"]["id"], bookmark["position"]) == (song["id"], 234)
        sonic.deleteBookmark(song["id"])
        assert sonic.getScanStatus()["scanStatus"]["count"] == len(SONGS)


class TestKnuckles:
    def test_it_logs_in(self, library: Library) -> None:
        for options in (
            {},
            {"use_token": False},
            {"request_method": knuckles.RequestMethod.POST},
        ):
            client = connected_knuckles(library, **options)
            said = client.system.ping()
            assert (said.status, said.type, said.open_subsonic) == ("ok", "mus", True)
            assert client.system.get_license()
        with pytest.raises(knuckles.exceptions.ErrorCode40):
            connected_knuckles(library, "wrong").system.ping()

    def test_it_reads_the_whole_library(self, strict: Any, library: Library) -> None:
        artists = [artist.generate() for artist in strict.browsing.get_artists()]
        albums = [album.generate() for artist in artists for album in artist.albums]
        songs = {song.id: song.title for album in albums for song in album.songs}
        assert sorted(songs.values()) == TITLES
        found = strict.searching.search("", song_count=500, album_count=500, artist_count=500)
        assert {song.id for song in found.songs} == songs.keys()
        assert {album.id for album in found.albums} == {each.id for each in albums}
        in_order = strict.lists.get_album_list_alphabetical_by_name(500)
        assert {album.id for album in in_order} == {each.id for each in albums}
        directory = strict.browsing.get_music_directory(albums[0].id)
        assert [each.id for each in directory.songs] == [each.id for each in albums[0].songs]
        assert [each.value for each in strict.browsing.get_genres()] == ["Folk"]
        assert len(strict.lists.get_random_songs(50)) == len(SONGS)
        assert strict.browsing.get_top_songs("Ada", 5) is not None
        assert strict.browsing.get_similar_songs_non_id3(library.ids[KNUCKLES]) is not None

    def test_it_plays(self, strict: Any, library: Library, tmp_path: Path) -> None:
        song = strict.browsing.get_song(library.ids[KNUCKLES])
        content = library.bytes_of(KNUCKLES)
        address = strict.media_retrieval.stream(song.id)
        assert httpx.get(address).content == content
        part = httpx.get(address, headers=RANGE)
        assert (part.status_code, part.content) == (206, content[100:300])
        for path in (KNUCKLES, OPENSONIC):  # the name of the second is not ASCII
            saved = strict.media_retrieval.download(library.ids[path], tmp_path)
            assert saved.read_bytes() == library.bytes_of(path)
        cover = strict.media_retrieval.get_cover_art(song.cover_art.id, tmp_path, 64)
        assert cover.suffix == ".jpg"
        assert is_cover(cover.read_bytes(), 64)
        lyrics = strict.media_retrieval.get_lyrics(song.display_artist, song.title)
        assert lyrics.lyrics == "One\nTwo"
        assert strict.media_retrieval.get_lyrics("Nobody", "Nothing").lyrics == ""

    def test_it_keeps_what_is_ones_own(self, strict: Any, library: Library) -> None:
        song = strict.browsing.get_song(library.ids[KNUCKLES])
        song.star().set_rating(3)
        strict.media_annotation.star_album(song.album.id).media_annotation.star_artist(
            song.artist.id
        )
        for starred in (strict.lists.get_starred(), strict.lists.get_starred_non_id3()):
            assert [each.id for each in starred.songs] == [song.id]
            assert starred.albums
            assert starred.artists
        assert song.generate().user_rating == 3
        song.unstar().remove_rating()
        strict.media_annotation.unstar_album(song.album.id).media_annotation.unstar_artist(
            song.artist.id
        )
        assert song.generate().starred is None

        made = strict.playlists.create_playlist("Some", "Why", public=True, song_ids=[song.id])
        made.add_songs([song.id, library.ids[SONIC]]).remove_songs([0])
        (kept,) = strict.playlists.get_playlists()
        assert (kept.name, kept.comment, kept.public, kept.song_count) == ("Some", "Why", True, 2)
        assert [each.id for each in kept.generate().songs] == [song.id, library.ids[SONIC]]
        made.delete()
        assert strict.playlists.get_playlists() == []

        song.scrobble(HEARD_AT, submission=False)
        assert song.id in {each.song.id for each in strict.lists.get_now_playing()}
        song.scrobble(HEARD_AT)
        assert (song.generate().play_count, song.generate().played) == (1, HEARD_AT)

        strict.bookmarks.save_play_queue([song.id] * 2, song.id, 1500)
        queue = strict.bookmarks.get_play_queue()
        assert (queue.current.id, queue.position, len(queue.songs)) == (song.id, 1500, 2)
        bookmark = strict.bookmarks.create_bookmark(song.id, 234, "here").generate()
        assert (bookmark.position, bookmark.comment) == (234, "here")
        bookmark.delete()
        assert strict.bookmarks.get_bookmarks() == []
        # Its own object for the status has no room for what mus says besides.
        status = strict.api.json_request("getScanStatus")["scanStatus"]
        assert (status["scanning"], status["count"]) == (False, len(SONGS))


class TestMopidy:
    def test_it_reads_the_whole_library(self, mopidy: Any, library: Library) -> None:
        def songs_below(uri: str) -> Iterator[str]:
            for ref in mopidy.library.browse(uri).get():
                if ref.type == ref.TRACK:
                    yield ref.uri
                else:
                    yield from songs_below(ref.uri)

        wanted = {f"subidy:song:{library.ids[path]}" for path in SONGS}
        top = mopidy.library.root_directory.get()
        places = mopidy.library.browse(top.uri).get()
        assert [each.name for each in places] == ["Albums", "Artists", "Directories"]
        for place in places:
            assert set(songs_below(place.uri)) == wanted
            for ref in mopidy.library.browse(place.uri).get():
                assert mopidy.library.lookup(ref.uri).get()
        found = mopidy.library.search({"any": ["nuit"]}).get()
        assert [track.name for track in found.tracks] == ["Nuit"]
        assert mopidy.library.search({"artist": ["Solveig"]}).get().artists

    def test_it_plays(self, mopidy: Any, library: Library) -> None:
        content = library.bytes_of(MOPIDY)
        address = mopidy.playback.translate_uri(f"subidy:song:{library.ids[MOPIDY]}").get()
        assert httpx.get(address).content == content
        part = httpx.get(address, headers=RANGE)
        assert (part.status_code, part.content) == (206, content[100:300])

    def test_it_keeps_playlists(self, mopidy: Any, library: Library) -> None:
        made = mopidy.playlists.create("Some").get()
        (track,) = mopidy.library.lookup(f"subidy:song:{library.ids[MOPIDY]}").get()
        assert (track.name, track.album.name, track.disc_no) == ("Two", "Net", 2)
        assert mopidy.playlists.save(made.replace(tracks=[track, track])).get()
        assert [each.name for each in mopidy.playlists.as_list().get()] == ["Some"]
        items = mopidy.playlists.get_items(made.uri).get()
        assert [each.uri for each in items] == [track.uri] * 2
        mopidy.playlists.delete(made.uri).get()
        assert mopidy.playlists.as_list().get() == []
