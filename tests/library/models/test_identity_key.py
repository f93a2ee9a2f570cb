"""Which spellings are one name."""

import unicodedata

import pytest

from library.models.folding import IDENTITY_KEY_LENGTH, identity_key

ONE_NAME = [
    ("Guns N' Roses", "Guns N’ Roses", "Guns N‘ Roses", "Guns N` Roses", "Guns N´ Roses"),  # noqa: RUF001
    ("Israel Kamakawiwo'ole", "Israel Kamakawiwoʻole", "Israel Kamakawiwo‘ole"),  # noqa: RUF001
    ('"Weird Al" Yankovic', "“Weird Al” Yankovic", "„Weird Al“ Yankovic", "＂Weird Al＂ Yankovic"),  # noqa: RUF001
    ("a-ha", "a‐ha", "a‑ha", "a–ha", "a—ha", "a−ha", "A－HA"),  # noqa: RUF001
    ("Salt-N-Pepa", "Salt‐N‐Pepa", "SALT-N-PEPA"),  # noqa: RUF001
    ("AC/DC", "AC∕DC", "AC⁄DC", "ac／dc"),  # noqa: RUF001
    ("Moby", "Moby ", "Mo\u200bby", "\ufeffMoby", "Mo\u00adby", "\u200eMoby\u200f", "MOBY"),
    ("Pink Floyd", "Pink\u00a0Floyd", "Pink\u202fFloyd", "Pink  Floyd", "Pink\u3000Floyd"),
    ("Björk", unicodedata.normalize("NFD", "Björk"), "BJÖRK"),
    ("ＡＢＢＡ", "ABBA", "abba"),  # noqa: RUF001
    ("ﾊﾟﾌｭｰﾑ", "パフューム"),
    ("방탄소년단", unicodedata.normalize("NFD", "방탄소년단")),
    ("…And You Will Know Us", "...And You Will Know Us"),
    ("Die Straße", "DIE STRASSE"),
    ("ΟΔΥΣΣΕΥΣ", "Οδυσσευς"),
]
TWO_NAMES = [
    ("Noel", "Noël"),
    ("AC/DC", "ACDC"),
    ("R.E.M.", "REM"),
    ("a-ha", "aha"),
    ("Guns N' Roses", "Guns N Roses"),
    ("Simon & Garfunkel", "Simon and Garfunkel"),
    ("The Beatles", "Beatles"),
    ("Ｍｅｇ", "Mega"),  # noqa: RUF001
    ("ガ", "カ"),
    ("!!!", "???"),
    ("\u200b", "\u200c"),
]


@pytest.mark.parametrize("spellings", ONE_NAME, ids=lambda spellings: spellings[0])
def test_typographic_variants_case_form_and_width_are_one_name(spellings: tuple[str, ...]) -> None:
    assert len({identity_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize("names", TWO_NAMES, ids=repr)
def test_accents_and_what_is_left_out_make_another_name(names: tuple[str, str]) -> None:
    one, other = names
    assert identity_key(one) != identity_key(other)
    assert identity_key(one)


@pytest.mark.parametrize("spelling", [each for one in ONE_NAME for each in one])
def test_a_key_is_its_own_key(spelling: str) -> None:
    assert identity_key(identity_key(spelling)) == identity_key(spelling)


def test_each_part_counts_and_long_names_differ_to_their_end() -> None:
    assert identity_key("A", "B") != identity_key("A B")
    assert identity_key("Don’t", "Us") == identity_key("Don't", "us")  # noqa: RUF001
    long = "x" * IDENTITY_KEY_LENGTH
    assert identity_key(f"{long} one") != identity_key(f"{long} two")
