"""Texts in other code pages than the one that their tag names."""

from pathlib import Path

import pytest

from library.tags.code_pages import code_page
from tests.library.tags.test_id3 import LATIN1, UTF8, UTF16, frame, id3v1, read, tag, text_frame


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Прекрасное далёко", "cp1251"),
        ("ГРУППА КРОВИ", "cp1251"),
        ("ДДТ. Это всё… «Лучшее» (2004)", "cp1251"),
        ("Океан Ельзи", "cp1251"),
        ("Трек 6", "cp1251"),
        ("Luciano Pavarotti - Вернись в Сорренто (remastered)", "cp1251"),
        ('Танцевальный рай 7 "Русский"', "cp1251"),
        ("Μίκης Θεοδωράκης", "cp1253"),
        ("サンプル", "cp932"),
        ("椎名林檎 - ここでキスして。", "cp932"),
    ],
)
def test_a_code_page_is_recognised(text: str, page: str) -> None:
    assert code_page([text.encode(page)]) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Björk", "cp1252"),
        ("Sigur Rós: Ágætis byrjun", "cp1252"),
        ("Mötley Crüe", "cp1252"),
        ("ÄÖÜ", "cp1252"),
        ("À É", "cp1252"),
        ("ØÆÅ", "cp1252"),
        ("Noël Été à l\N{RIGHT SINGLE QUOTATION MARK}île", "cp1252"),
        ("“Œuvre”… ™ €", "cp1252"),
        ("Þórir Úlfarsson", "cp1252"),
        ("Zażółć gęślą jaźń", "cp1250"),
        ("Şebnem Ferah", "cp1254"),
        ("שלום עולם", "cp1255"),
        ("周杰伦 七里香", "gb2312"),
        ("서태지와 아이들", "euc-kr"),
        ("張學友", "big5"),
        ("東京", "cp932"),
        ("Да", "cp1251"),
    ],
)
def test_what_could_be_western_or_cannot_be_told_is_left(text: str, page: str) -> None:
    assert code_page([text.encode(page)]) is None


def test_a_tag_that_has_a_western_word_is_western() -> None:
    assert code_page(["Прекрасное далёко".encode("cp1251"), b"Mot\xf6rhead"]) is None


def test_cyrillic_in_latin1_frames_is_read(tmp_path: Path) -> None:
    frames = [
        frame(name, bytes([LATIN1]) + text.encode("cp1251"))
        for name, text in (("TIT2", "Группа крови"), ("TPE1", "Кино"), ("TALB", "Best of 88"))
    ]
    tags = read(tmp_path, tag(*frames))
    assert (tags.title, tags.artist, tags.album) == ("Группа крови", "Кино", "Best of 88")


def test_cyrillic_that_a_tagger_took_for_latin1_is_read(tmp_path: Path) -> None:
    wrong = "Как молоды мы были".encode("cp1251").decode("cp1252")
    assert read(tmp_path, tag(text_frame("TIT2", wrong, UTF16))).title == "Как молоды мы были"


def test_unicode_texts_prove_that_the_others_are_western(tmp_path: Path) -> None:
    frames = (
        text_frame("TIT2", "Ночь", UTF8),
        frame("TPE1", bytes([LATIN1]) + "ÀÁÂÃÄàáâãä".encode("cp1252")),
    )
    tags = read(tmp_path, tag(*frames))
    assert (tags.title, tags.artist) == ("Ночь", "ÀÁÂÃÄàáâãä")


def test_japanese_in_id3v1_is_read(tmp_path: Path) -> None:
    tags = read(tmp_path, b"", id3v1("サンプル".encode("cp932"), "椎名林檎".encode("cp932")))
    assert (tags.title, tags.artist) == ("サンプル", "椎名林檎")


def test_utf8_that_id3v1_cut_off_within_a_letter_is_read(tmp_path: Path) -> None:
    title = "Прекрасное далёко".encode()[:30]
    assert read(tmp_path, b"", id3v1(title)).title == "Прекрасное далё"[: len(title) // 2 + 1]
