"""The search of everything at once: which rows of each kind, in which order."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, Value
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from library.models.albums import Album
from library.models.catalogue import Artist, ArtistRole, Track
from library.models.folding import search_text, sort_key, words_of
from library.models.searched import searched_text
from library.models.words import Word
from library.queries import search as searching
from library.queries.groupings import genres, kept_groups
from library.queries.orders import ValueOrder
from library.queries.relevance import (
    Asked,
    Rank,
    best_rank,
    rank_in_key,
    rank_in_text,
    rank_of_name,
)
from library.queries.search import Found, search
from tests.api.library import credit, label, make_album, make_artist, on_album
from tests.kept_lists import forget_lists
from tests.web.library_rows import make_track, make_tracks

pytestmark = pytest.mark.django_db

COMPOSER = ArtistRole.COMPOSER


def track(title: str, artist: str = "Somebody", **fields: Any) -> Track:
    names = (title, artist, fields.get("album_title", ""), artist, fields.get("composer", ""))
    text = searched_text(names, fields.get("genres", ()), (fields.get("year"),))
    return make_track(title=title, artist=artist, search_text=text, **fields)


def album(title: str, artist: str = "Somebody", tracks: int = 1, **fields: Any) -> Album:
    text = searched_text((title, artist), (), (fields.get("year"),))
    made = make_album(title, artist, search_text=text, **fields)
    for _ in range(tracks):
        on_album(made, title="-", artist="-", search_text="-")
    return made


def artist(name: str, tracks: int = 1, role: ArtistRole = ArtistRole.ARTIST) -> Artist:
    made = make_artist(name, search_text=search_text([name]))
    for _ in range(tracks):
        credit(make_track(title="-", artist="-", search_text="-"), made, role)
    return made


def found(kind: str, text: str, limit: int = 50, **options: Any) -> Found:
    # Each of these searches is of another state, so nothing is kept from the one before.
    state = f"{Track.objects.count()} {Artist.objects.count()} {Album.objects.count()}"
    return search(text, state, limit, **options).kinds[kind]


def names(model: type[Model], ids: Iterable[int]) -> list[str]:
    return [str(model._default_manager.get(pk=pk)) for pk in ids]


ORDER = [
    "Blue",  # the whole name
    "Blue Train",  # its beginning as words
    "Blueberry Hill",  # its beginning
    "Almost Blue",  # a word
    "Crazy Bluesman",  # the beginning of a word
    "Reblues",  # the rest of the name
]


def test_tracks_are_ordered_by_how_well_the_title_fits() -> None:
    for title in reversed(ORDER):
        track(title)
    track("So What", album_title="Kind of Blue")
    track("Aardvark", "The Blue Nile")
    track("Nothing")
    ids = found("tracks", "blue").ids
    assert names(Track, ids) == [*ORDER, "Aardvark", "So What"]


def test_albums_and_artists_are_ordered_alike() -> None:
    for name in reversed(ORDER):
        album(name)
        artist(name)
    album("Hats", "The Blue Nile")
    assert names(Album, found("albums", "BLUE").ids) == [*ORDER, "Hats"]
    assert names(Artist, found("artists", "Blue").ids) == ORDER


def test_equal_names_are_ordered_by_the_number_of_tracks_then_by_the_sort_key() -> None:
    few, many = artist("John Few", 1), artist("John Zorn", 3)
    alike = artist("John Abercrombie", 1)
    assert found("artists", "john").ids == (many.pk, alike.pk, few.pk)
    short, long = album("Live A", tracks=1), album("Live B", tracks=4)
    assert found("albums", "live").ids == (long.pk, short.pk)


def test_an_article_in_front_does_not_count(settings: Settings) -> None:
    """Whether or not the tags have a sort name without it."""
    settings.IGNORED_ARTICLES = ("The", "Die")
    text = search_text(["The Beatles", "Beatles, The"])
    beatles = make_artist("The Beatles", sort_name="Beatles, The", search_text=text)
    credit(track("Help!"), beatles)
    covers = artist("Beatles Revival Band", 9)
    for typed in ("the beatles", "beatles"):
        assert found("artists", typed).ids[0] == beatles.pk, typed
    assert found("artists", "beatles").ids == (beatles.pk, covers.pk)


def test_several_words_may_be_those_of_title_artist_and_album() -> None:
    own = track("Hurt Johnny Cash", "Cover Band")
    hurt = track("Hurt", "Johnny Cash", album_title="American IV")
    other = track("One", "Johnny Cash", album_title="Hurt")
    track("Hurt", "Nine Inch Nails")
    assert found("tracks", "johnny cash hurt").ids == (own.pk, hurt.pk, other.pk)


def test_words_in_any_order_fit_after_the_words_as_typed() -> None:
    turned = artist("Davis Miles Quartet", 5)
    typed = artist("Big Miles Davis", 1)
    assert found("artists", "miles davis").ids == (typed.pk, turned.pk)


def test_composers_genres_and_labels_are_found() -> None:
    bach = artist("Johann Sebastian Bach", 2, COMPOSER)
    credit(track("Air", genres=["Baroque"]), artist("Bach Collegium", 1))
    label(album("Suites"), "Baroque Records")
    result = search("bach", "one", 5)
    assert result.kinds["composers"].ids == (bach.pk,)
    assert len(result.kinds["artists"].ids) == 1
    result = search("baroque", "two", 5)
    assert result.kinds["genres"].count == result.kinds["labels"].count == 1
    assert result.kinds["genres"].best_rank is Rank.WHOLE
    assert result.best == ("genres", result.kinds["genres"].ids[0])


def test_genres_with_more_tracks_come_first() -> None:
    make_tracks(1, genres=["Hard Rock"])
    make_tracks(3, genres=["Soft Rock"])
    make_tracks(1, genres=["Rock"])
    groups = kept_groups("", genres).by_id
    ids = search("rock", "", 5).kinds["genres"].ids
    assert [groups[pk].name for pk in ids] == ["Rock", "Soft Rock", "Hard Rock"]


def test_what_has_no_present_tracks_is_not_found() -> None:
    track("Gone", missing=True)
    credit(track("Somewhere", missing=True), artist("Gone Band", 0))
    on_album(make_album("Gone Away", search_text=search_text(["Gone Away"])), missing=True)
    make_track(genres=["Gone Rock"], missing=True)
    result = search("gone", "", 5)
    assert result.best is None
    assert {kind: each.count for kind, each in result.kinds.items()} == dict.fromkeys(
        searching.KINDS, 0
    )


@pytest.mark.parametrize("text", ["", "  ", "\u0301"])
def test_without_words_nothing_is_found_and_nothing_is_asked(
    text: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    track("Something")
    with django_assert_num_queries(0):
        result = search(text, "", 5)
    assert all(each == Found() for each in result.kinds.values())
    assert result.best is None


def test_the_best_match_is_the_name_that_fits_best_of_all_kinds() -> None:
    metallica = artist("Metallica")
    named_alike = album("Metallica", "Metallica")
    assert search("metallica", "1", 5).best == ("artists", metallica.pk)
    album("Master of Puppets", "Metallica", tracks=9)
    assert search("metallica", "2", 5).best == ("artists", metallica.pk)
    puppets = track("Puppet Show")
    assert search("puppet show", "3", 5).best == ("tracks", puppets.pk)
    assert search("metal", "4", 5).best == ("artists", metallica.pk)
    assert named_alike.pk in search("metal", "5", 5).kinds["albums"].ids


def test_what_fits_only_elsewhere_is_no_best_match() -> None:
    track("So What", year=1959)
    result = search("1959", "", 5)
    assert result.kinds["tracks"].count == 1
    assert result.best is None


def test_limit_and_count() -> None:
    for number in range(7):
        track(f"Blue {number}")
        album(f"Blue {number}")
        artist(f"Blue {number}")
    for kind in ("tracks", "albums", "artists"):
        few = found(kind, "blue", 3)
        assert (few.count, few.is_counted) == (7, True)
        assert few.ids == found(kind, "blue").ids[:3]


@pytest.mark.parametrize("text", ["blue", "lu", "blue train", "train somebody", "rock"])
@pytest.mark.parametrize("limit", [1, 5, 12])
def test_among_many_tracks_the_best_are_the_same(
    monkeypatch: pytest.MonkeyPatch, text: str, limit: int
) -> None:
    """More tracks fit than are ranked one by one; an index finds those whose titles fit."""
    for number in range(20):
        track(f"Zzz {number}", genres=["Rock"], album_title="Blue Train Club")
    for title in (*ORDER, "Night Train Blue", "Rock"):
        track(title, "Somebody", genres=["Rock"])
    everything = found("tracks", text, limit)
    assert everything.is_counted
    monkeypatch.setattr(searching, "COUNTED", 12)
    some = found("tracks", text, limit)
    if everything.count > 12:
        assert (some.count, some.is_counted) == (12, False)
    assert len(some.ids) == len(everything.ids)
    asked = Asked.of(text, tuple((word,) for word in words_of(text)))
    named = [pk for pk in everything.ids if rank_of_name(title_of(pk), asked) <= Rank.INSIDE]
    assert some.ids[: len(named)] == tuple(named)


def title_of(pk: int) -> str:
    return Track.objects.get(pk=pk).title


NAMES = [*ORDER, "Blue (Live)", "A Blue Train", "Trained Blue", "Ablue Strain", "Green", "blue"]


@pytest.mark.parametrize("text", ["blue", "blue train", "train blue", "b", "ue", "green onions"])
def test_databases_and_python_rank_alike(text: str) -> None:
    asked = Asked.of(text, tuple((word,) for word in words_of(text)))
    for name in NAMES:
        row = track(name, text)  # the artist's name must make no difference
        rank = best_rank(rank_in_text("search_text", asked), rank_in_key("title_key", asked))
        assert Track.objects.values_list(rank).get(pk=row.pk) == (rank_of_name(name, asked),), name


def test_signs_of_patterns_are_letters() -> None:
    percent, plain = track("100% Pure"), track("100 Pure")
    assert found("tracks", "100%").ids[0] == percent.pk
    track("under_score")
    track("underXscore")
    assert plain.pk not in found("tracks", "100%").ids or search_text(["100%"]) == search_text(
        ["100"]
    )


def test_plays_decide_between_equal_names() -> None:
    """As another app will give them; here the track's length stands for its plays."""
    short, long = track("Blue A", duration_s=10), track("Blue B", duration_s=500)
    whole = track("Blue", duration_s=1)
    plays = ValueOrder("plays", Track.objects.all(), "pk", "duration_s", is_descending=True)
    assert found("tracks", "blue").ids == (whole.pk, short.pk, long.pk)
    assert found("tracks", "blue", plays={"tracks": plays}).ids == (whole.pk, long.pk, short.pk)
    one, other = artist("John A", 3), artist("John B", 1)
    values = Artist.objects.filter(pk=other.pk).annotate(number=Value(7))
    by_artist = ValueOrder("plays", values, "pk", "number", is_descending=True)
    assert found("artists", "john").ids == (one.pk, other.pk)
    assert found("artists", "john", plays={"artists": by_artist}).ids == (other.pk, one.pk)


def test_a_search_asks_few_queries_whatever_is_found() -> None:
    """Credits, names of genres and labels once for each state; then artists, albums, their number,
    tracks and their ranks."""
    for number in range(30):
        track(f"Blue {number}")
        album(f"Blue {number}")
        artist(f"Blue {number}")
    search("blue", "one", 5)
    with CaptureQueriesContext(connection) as queries:
        search("blue", "one", 5)
    assert len(queries) == 5, [each["sql"][:80] for each in queries.captured_queries]
    with CaptureQueriesContext(connection) as queries:
        search("zz", "one", 5)
    assert len(queries) == 4  # and whether a word begins so


def test_a_change_of_the_library_is_seen() -> None:
    artist("Blue")
    assert search("blue", "one", 5).kinds["artists"].count == 1
    artist("Blue Two")
    assert search("blue", "two", 5).kinds["artists"].count == 2


def test_keys_are_those_of_the_sort_order() -> None:
    assert Asked.of("Blue", (("blue",),)).keys == (sort_key("Blue"),)


@pytest.mark.parametrize(
    ("text", "words", "spelled"),
    [
        ("Kind of Blue", (("kind",), ("blue",), ("of",)), ["Kind of Blue"]),
        ("radiohaed", ((" radiohead",),), ["radiohaed", "radiohead"]),
        ("hyperballad", (("hyperballad", " hyper ballad"),), ["hyperballad", "hyper ballad"]),
        ("pnik floyd", (("floyd",), (" pink",)), ["pnik floyd", "pink floyd"]),
    ],
)
def test_other_spellings_are_ranked_like_the_typed_one(
    text: str, words: tuple[tuple[str, ...], ...], spelled: list[str]
) -> None:
    """In the order in which the words are typed, though long words are looked for first."""
    asked = Asked.of(text, words)
    assert asked.lines == tuple(search_text([each]) for each in spelled)
    whole = artist(spelled[-1])
    assert rank_of_name(whole.name, asked) is Rank.WHOLE


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("elvis costello", "Elvis Costello", ["Costello, Elvis", "Elvis Costello (Karaoke)"]),
        ("presets", "The Presets", ["My Presets Band"]),
        ("u2", "U2", ["U2 Tribute", "Menu2"]),
        ("椎名林檎", "椎名林檎", ["椎名林檎トリビュート"]),
        ("mo", "MØ" if search_text(["MØ"]).strip() == "mo" else "Mo", ["Moby", "The Mo Band"]),
    ],
)
def test_the_artist_of_that_name_comes_first(
    settings: Settings, text: str, first: str, others: list[str]
) -> None:
    """However many tracks those with longer names have."""
    settings.IGNORED_ARTICLES = ("The",)
    for other in others:
        artist(other, 5)
    named = artist(first, 1)
    result = search(text, "", 5)
    assert result.kinds["artists"].ids[0] == named.pk
    assert result.best == ("artists", named.pk)


def test_what_is_by_an_artist_follows_what_is_named_so() -> None:
    """A search for `black` is answered with the band, but its albums do not hide another's."""
    band = artist("The Black Keys", 9)
    by_band = [album(title, "The Black Keys", tracks=9) for title in ("El Camino", "Brothers")]
    named = album("Paint It Black", "Covers")
    result = search("black", "", 5)
    assert result.kinds["artists"].ids == (band.pk,)
    assert result.kinds["albums"].ids[0] == named.pk
    assert set(result.kinds["albums"].ids[1:]) == {each.pk for each in by_band}


@pytest.mark.parametrize(
    ("typed", "corrected"), [("radiohaed", "radiohead"), ("pnik floyd", "pink floyd")]
)
def test_a_misspelled_search_says_what_was_searched(typed: str, corrected: str) -> None:
    band = artist(corrected.title())
    for word in corrected.split():
        Word.objects.create(text=word, backwards=word[::-1])
    result = search(typed, "one", 5)
    assert result.corrected == corrected
    assert result.best == ("artists", band.pk)
    assert search(corrected, "one", 5).corrected is None


def test_what_no_word_contains_is_looked_for_in_no_rows() -> None:
    make_track(search_text=search_text(["Abbey Road"]))
    Word.objects.create(text="abbey", backwards="yebba")
    Word.objects.create(text="road", backwards="daor")
    forget_lists()
    with CaptureQueriesContext(connection) as queries:
        assert not search("abbey xylophone", "one", 5).kinds["tracks"].count
    assert not [each for each in queries if '"library_track"' in each["sql"]]
    forget_lists()
    assert search("bbe oad", "one", 5).kinds["tracks"].count == 1
