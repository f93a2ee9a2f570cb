"""Searches: of everything, which is how clients fetch a library, and by words."""

from itertools import product
from typing import Any

import pytest

from library.models.catalogue import Artist, Track
from library.models.folders import MusicFolder
from library.models.revision import Revision
from library.models.words import Word
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.rows import make_folder, place
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db
UUID = "11111111-aaaa-1111-1111-111111111111"
KINDS = ("artist", "album", "song")


@pytest.fixture
def made() -> None:
    roots = [make_folder(root="/music"), make_folder(root="/more")]
    for number, name in enumerate(("Love", "Lovers", "The Velvet Love", "Glove", "Tosca")):
        artist = make_artist(name, musicbrainz_artist_id=UUID if number == 1 else "")
        album = make_album(f"{name} Album", name, musicbrainz_release_id=UUID if number else "")
        for place_ in range(1, 3):
            title = f"{name} song {place_}"
            track = on_album(album, title=title, artist=name, track_number=place_)
            place(credit(track, artist), roots[number == 4])
    make_track(title="Gone with love", missing=True)
    make_artist("Loveless")  # has no track
    words = ("love", "lovers", "velvet", "glove", "tosca", "album", "song", "the", "!!!")
    Word.objects.bulk_create(
        [Word(text=each, backwards=each[::-1]) for each in words], ignore_conflicts=True
    )
    Revision.objects.raised()


def names(body: Any, kind: str) -> list[str]:
    return [each.get("title") or each["name"] for each in body[kind]]


def found(rest: Rest, query: str = "", **wanted: Any) -> Any:
    return rest("search3", query=query, **wanted)["searchResult3"]


def test_an_empty_query_finds_everything_by_id(rest: Rest, made: None) -> None:
    """In each spelling of it (gonic#229, ampache#3421, yuzic#27)."""
    present = [
        f"tr-{pk}" for pk in Track.objects.present().order_by("pk").values_list("pk", flat=True)
    ]
    queries: tuple[dict[str, Any], ...] = (
        *({}, {"query": ""}, {"query": '""'}),
        *({"query": "*"}, {"query": " "}),
    )
    for query in queries:
        body = rest("search3", **query)["searchResult3"]
        assert [each["id"] for each in body["song"]] == present
        assert names(body, "artist") == ["Love", "Lovers", "The Velvet Love", "Glove", "Tosca"]
        assert len(body["album"]) == 5
        assert all(each["isDir"] is False for each in body["song"])  # lxserver#325


def test_an_empty_query_finds_folders_of_files_on_no_album(rest: Rest, made: None) -> None:
    """Behind all albums, so that a client that fetches a library by its albums misses no file."""
    folder = make_folder("Demos")
    place(
        credit(make_track(title="Demo", artist="Tosca"), Artist.objects.get(name="Tosca")), folder
    )
    Revision.objects.raised()
    albums = found(rest, albumCount=500)["album"]
    assert [(each["id"], each["name"]) for each in albums[5:]] == [(f"fo-{folder.pk}", "[Demos]")]
    assert found(rest, albumCount=2, albumOffset=4)["album"] == albums[4:]
    old = rest("search2", albumCount=500)["searchResult2"]["album"]
    assert [each["id"] for each in old] == [each["id"] for each in albums]


def test_pages_of_each_kind(rest: Rest, made: None) -> None:
    """Whatever the sizes of pages; a kind of which none is wanted is not looked up."""
    for query in ("", "love"):
        whole = found(rest, query, songCount=500)
        for kind, size in product(KINDS, (2, 3, 7)):
            pages = [_page(rest, query, kind, size, at) for at in range(0, 12, size)]
            assert [row for page in pages for row in page] == whole[kind], (query, kind, size)
    nothing = found(rest, artistCount=0, albumCount=0, songCount=0)
    assert nothing == {"artist": [], "album": [], "song": []}
    assert len(rest.statements) == 0
    found(rest, "love", artistCount=0, albumCount=0, songCount=0)
    assert len(rest.statements) == 0


def _page(rest: Rest, query: str, kind: str, size: int, offset: int) -> Any:
    counts = {f"{each}Count": size if each == kind else 0 for each in KINDS}
    wanted = {**counts, f"{kind}Offset": offset}
    return rest("search3", in_xml=False, query=query, **wanted)["searchResult3"][kind]


def test_counts(rest: Rest, made: None) -> None:
    for _ in range(30):
        make_track(title="More")
    Revision.objects.raised()
    assert len(found(rest)["song"]) == 20
    assert len(found(rest, songCount=999_999_999)["song"]) == 40  # aonsoku#55
    assert rest.error("search3", query="", songCount=-1)["code"] == 0


def test_the_best_come_first(rest: Rest, made: None) -> None:
    artists = names(found(rest, "love"), "artist")
    assert artists == ["Love", "Lovers", "The Velvet Love", "Glove"]
    assert names(found(rest, "love song"), "song")[0] == "Love song 1"
    assert names(found(rest, "tosca"), "song") == ["Tosca song 1", "Tosca song 2"]
    assert found(rest, "nothing of this sort") == {"artist": [], "album": [], "song": []}


def test_signs_of_old_clients_count_for_nothing(rest: Rest, made: None) -> None:
    """DSub sends a star behind each word, and quotation marks."""
    wanted = found(rest, "velvet love")
    for query in ("velvet* love*", '"velvet love"', '"velvet" love*'):
        assert found(rest, query) == wanted
    make_track(title="!!!", search_text=" !!!")
    Revision.objects.raised()
    assert names(found(rest, "!!!"), "song") == ["!!!"]


def test_a_misspelled_word_is_corrected_for_all_kinds_alike(rest: Rest, made: None) -> None:
    assert names(found(rest, "velvte"), "artist") == ["The Velvet Love"]
    songs = found(rest, "velvte", artistCount=0, albumCount=0)
    assert names(songs, "song") == names(found(rest, "velvet"), "song")
    assert found(rest, "velvte", songOffset=20)["song"] == []


def test_a_musicbrainz_id_finds_what_has_it(rest: Rest, made: None) -> None:
    Track.objects.filter(title="Glove song 1").update(musicbrainz_recording_id=UUID)
    Revision.objects.raised()
    body = found(rest, UUID.upper())
    assert names(body, "artist") == ["Lovers"]
    assert len(body["album"]) == 4
    assert names(body, "song") == ["Glove song 1"]


def test_one_music_folder(rest: Rest, made: None) -> None:
    more = MusicFolder.objects.get(root="/more").pk
    for query in ("", "o"):
        body = found(rest, query, musicFolderId=more)
        assert names(body, "artist") == ["Tosca"]
        assert names(body, "album") == ["Tosca Album"]
        assert names(body, "song") == ["Tosca song 1", "Tosca song 2"]


def test_chinese_is_found_by_parts(rest: Rest) -> None:
    make_track(title="月亮代表我的心", search_text=" 月亮代表我的心")
    Revision.objects.raised()
    assert names(found(rest, "代表"), "song") == ["月亮代表我的心"]


def test_the_older_forms(rest: Rest, made: None) -> None:
    body = rest("search2", query="love")["searchResult2"]
    assert names(body, "artist") == names(found(rest, "love"), "artist")
    assert all(each["isDir"] and "songCount" in each for each in body["album"])
    assert names(body, "song") == names(found(rest, "love"), "song")
    assert len(rest("search2", query="")["searchResult2"]["song"]) == 10
    result = rest("search", any="love", count=3, offset=1)["searchResult"]
    assert (result["offset"], len(result["match"])) == (1, 3)
    assert result["totalHits"] == 8
    assert rest("search", title="song", artist="tosca")["searchResult"]["totalHits"] == 2
    later: dict[str, Any] = {"newerThan": 4_000_000_000_000}
    assert rest("search", any="love", **later)["searchResult"]["match"] == []
    assert rest("search")["searchResult"] == {"offset": 0, "totalHits": 0, "match": []}


def test_the_number_of_statements_is_fixed(rest: Rest, made: None) -> None:
    for query in ("", "love"):
        counts = set()
        for size in (1, 10):
            for _ in range(2):
                found(rest, query, songCount=size, artistCount=0, albumCount=0)
            counts.add(len(rest.statements))
        assert len(counts) == 1
        assert counts.pop() <= 10
