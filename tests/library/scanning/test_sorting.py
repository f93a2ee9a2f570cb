"""What lists are sorted by: leading articles and signs do not count, sort tags do."""

# ruff: noqa: RUF001  # typographic signs

from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from mutagen.flac import FLAC
from pytest_django.fixtures import Settings

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folding import plain, sort_key
from library.models.genres import Genre
from library.models.revision import Revision
from library.models.words import Word
from library.queries.revision import library_revision
from library.scanning import ScanOptions, scan_library
from tests.audio_files import make_audio

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The Beatles", "beatles"),
        ("THE WALL", "wall"),
        ("Los Lobos", "lobos"),
        ("Die Ärzte", "arzte"),
        ("La La Land", "la land"),
        ("A Tribe Called Quest", "tribe called quest"),
        ("The The", "the the"),
        ("Die", "die"),
        ("A", "a"),
        ("The", "the"),
        ("Die Das", "die das"),
        ("A-ha", "aha"),
        ("LA Woman", "la woman"),
        ("Theatre", "theatre"),
        ("\N{LEFT DOUBLE QUOTATION MARK}The Thing\N{RIGHT DOUBLE QUOTATION MARK}", "thing"),
        ("\N{LEFT DOUBLE QUOTATION MARK}Heroes\N{RIGHT DOUBLE QUOTATION MARK}", "heroes"),
        ('"Heroes"', "heroes"),
        ("...And Justice for All", "and justice for all"),
        ("(I Can’t Get No) Satisfaction", "i cant get no satisfaction"),
        ("'Til I Die", "til i die"),
        ("L’Impératrice", "limperatrice"),
        ("!!!", "!!!"),
        ("( )", "( )"),
        ("÷", "÷"),
        ("The !!!", "!!!"),
        ("", ""),
    ],
)
def test_signs_and_leading_articles_do_not_count(text: str, key: str) -> None:
    assert sort_key(text) == key


def test_a_sort_form_is_taken_as_it_is() -> None:
    assert sort_key("The Beatles", "The Beatles") == "the beatles"
    assert sort_key("The Beatles", "Beatles, The") == "beatles the"


def test_an_elided_article_counts_if_the_setting_names_it(settings: Settings) -> None:
    settings.IGNORED_ARTICLES = ("L'", "The")
    assert sort_key("L’Impératrice") == "imperatrice"
    assert sort_key("L'") == "l"
    settings.IGNORED_ARTICLES = ()
    assert sort_key("The Beatles") == "the beatles"


def retag_natively(path: Path, **comments: str) -> None:
    """Write Vorbis comments by their own names."""
    file: Any = FLAC(path)  # type: ignore[no-untyped-call]
    for name, text in comments.items():
        file[name] = text
    file.save()


def scan() -> None:
    scan_library(ScanOptions(workers=0))


def titles() -> list[str]:
    return list(Track.objects.order_by("title_key", "pk").values_list("title", flat=True))


def test_titles_albums_and_artists_are_sorted_without_articles(music: Path) -> None:
    make_audio(music / "1.flac", title="The Zoo", artist="The Yes", album="An Album")
    make_audio(music / "2.flac", title="“Middle”", artist="Zappa", album="Blue")
    make_audio(music / "3.flac", title="A Start", artist="Muse", album="The Cure")
    make_audio(music / "4.flac", title="Aaa", artist="X", album="D")
    retag_natively(music / "4.flac", titlesort="Zzz")
    scan()
    assert titles() == ["“Middle”", "A Start", "The Zoo", "Aaa"]
    artists = Artist.objects.order_by("sort_key").values_list("name", flat=True)
    assert list(artists) == ["Muse", "X", "The Yes", "Zappa"]
    albums = Album.objects.order_by("title_key").values_list("title", flat=True)
    assert list(albums) == ["An Album", "Blue", "The Cure", "D"]


def test_a_changed_setting_sorts_anew_without_reading_a_file(
    music: Path, settings: Settings, opened: list[str]
) -> None:
    make_audio(music / "1.flac", title="The Zoo", artist="The Yes", album="The Cure", genre="Los X")
    make_audio(music / "2.flac", title="Yes", artist="Zappa", album="Blue")
    scan()
    first = [*opened]
    before = library_revision()
    assert titles() == ["Yes", "The Zoo"]
    settings.IGNORED_ARTICLES = ()
    scan()
    assert titles() == ["The Zoo", "Yes"]
    assert Artist.objects.get(name="The Yes").sort_key == "the yes"
    assert Album.objects.get(title="The Cure").title_key == "the cure"
    assert Genre.objects.get().sort_key == "los x"
    assert opened == first
    after = library_revision()
    assert after != before
    scan()
    assert library_revision() == after


def test_a_changed_setting_sorts_discs_as_a_scan_does(music: Path, settings: Settings) -> None:
    for disc in (1, 2):
        make_audio(music / f"{disc}.flac", title="T", artist="Yes", album=f"The Cure (Disc {disc})")
    scan()
    settings.IGNORED_ARTICLES = ()
    scan()
    assert set(Track.objects.values_list("album_key", flat=True)) == {"the cure"}


def test_a_scan_stores_each_word_once_and_no_number(music: Path) -> None:
    make_audio(music / "1.flac", title="Hyper-Ballad 1995", artist="Björk")
    retag_natively(music / "1.flac", label="One Little")
    make_audio(music / "2.flac", title="Ballad", artist="Bjork")
    scan()
    words = set(Word.objects.values_list("text", flat=True))
    assert {"hyper", "ballad", "bjork", "one", "little"} <= words
    assert not any(word.isdecimal() for word in words)
    assert all(word.backwards == word.text[::-1] for word in Word.objects.all())


def test_rows_of_a_version_before_get_their_words_and_texts_at_the_next_scan(music: Path) -> None:
    make_audio(music / "1.flac", title="The Hyper-Ballad", artist="Björk", album="Post")
    scan()
    kept = Track.objects.values("title_key", "search_text").get()
    Track.objects.update(title_key="the hyper-ballad", search_text=F("title"))
    Word.objects.all().delete()
    Revision.objects.update(sorted_without="")
    scan()
    assert Track.objects.values("title_key", "search_text").get() == kept
    assert Word.objects.filter(text="hyper").exists()
    assert plain("The Hyper-Ballad") in kept["search_text"]
