"""Each rule of `library.albums.reasons`, on the cases of `rule_cases`."""

import os
from typing import Any

import pytest

from library.albums.members import Member
from library.albums.reasons import Apart, Reading, Rule, Together, sentence_of
from library.albums.releases import release_of
from library.albums.why import why_apart, why_together
from tests.library.albums.cases import Case
from tests.library.albums.members import member, paths, releases_of, tracks
from tests.library.albums.rule_cases import CASES

_FIELDS = {
    "album": "album_title",
    "by_hand": "album_by_hand",
    "musicbrainz_release_id": "release_id",
}
ALL_RULES: tuple[Rule, ...] = (*Together, *Apart, *Reading)


def members_of(case: Case) -> list[Member]:
    return [member(path, **fields(tags)) for path, tags in case.files.items()]


def fields(tags: Any) -> dict[str, Any]:
    given = {name: value for name, value in tags.items() if value is not None}
    return {_FIELDS.get(name, name): value for name, value in given.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_files_make_these_albums(case: Case) -> None:
    found = releases_of(members_of(case))
    assert sorted(
        (paths(each), each.together_by, each.apart_by, each.disambiguation) for each in found
    ) == sorted(
        (each.paths_among(case.files), each.together, each.apart, each.disambiguation)
        for each in case.albums
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_rule_of_a_case_is_the_one_that_is_told(case: Case) -> None:
    found = releases_of(members_of(case))
    if isinstance(case.rule, Apart):
        one, other = (release_of(each.members) for each in found)
        assert (why_apart(one, other), why_apart(other, one)) == (case.rule, case.rule)
    if isinstance(case.rule, Together):
        assert case.rule in {why_together(each)[0] for each in found}


def test_each_rule_has_a_case_and_a_sentence() -> None:
    assert {_named(case.rule) for case in CASES} == set(map(_named, ALL_RULES))
    sentences = list(map(sentence_of, ALL_RULES))
    assert all(sentence.endswith(".") for sentence in sentences)
    assert len(set(sentences)) == len(ALL_RULES)


def _named(rule: Rule) -> tuple[str, str]:
    """Rules of two kinds may have equal values."""
    return type(rule).__name__, rule.value


def test_values_fit_their_columns() -> None:
    assert max(map(len, (*Together, *Apart))) <= 24


def test_names_of_files_are_those_of_their_tracks() -> None:
    for case in CASES:
        for each in members_of(case):
            assert os.path.join(each.folder, each.file_name) in case.files


def test_discs_beside_each_other_may_have_an_edition_each() -> None:
    name = {"album_title": "Dummy", "album_artist": "Portishead"}
    found = releases_of(
        tracks("Portishead/Dummy (Disc 1)", (1, 2), edition="Remastered", **name),
        tracks("Portishead/Dummy (Disc 2)", (1, 2), edition="Extras", **name),
    )
    assert len(found) == 1
