"""Compares albums of one name: are they one, and if not, by which rule are they apart?"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from library.albums.members import Member
from library.albums.overlaps import Overlap, Places, overlap, places_of
from library.albums.reasons import Apart
from library.albums.titles import parsed_title
from library.albums.unit_albums import album_of
from library.albums.units import Place, unit_of
from library.models.folding import fold

_WORD = re.compile(r"[^\W_]+")


class Side:
    """What the tracks of an album, or of a part of it, state. Each fact is worked out when it is
    first needed: most albums are compared with none."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members

    @cached_property
    def places(self) -> Places:
        return places_of(self.members)

    @cached_property
    def discs(self) -> frozenset[object]:
        return frozenset(disc for disc, _ in self.places.titles)

    @cached_property
    def discs_in_titles(self) -> frozenset[int]:
        """The discs that the titles name; none if one names no disc."""
        numbers = {parsed_title(each.album_title).disc_number for each in self.members}
        return frozenset() if None in numbers else frozenset(filter(None, numbers))

    @cached_property
    def marks(self) -> frozenset[str]:
        return _stated(each.album_by_hand for each in self.members)

    @cached_property
    def release_ids(self) -> frozenset[str]:
        return _stated(each.release_id for each in self.members)

    @cached_property
    def release_group_ids(self) -> frozenset[str]:
        return _stated(each.release_group_id for each in self.members)

    @cached_property
    def editions(self) -> frozenset[str]:
        return _stated(fold(each.edition) for each in self.members)

    @cached_property
    def catalogue_numbers(self) -> frozenset[str]:
        return _stated(fold(each.catalogue_number) for each in self.members)

    @cached_property
    def years(self) -> frozenset[int]:
        return frozenset(each.year for each in self.members if each.year)

    @cached_property
    def codecs(self) -> frozenset[str]:
        return frozenset(each.codec for each in self.members)

    @cached_property
    def units(self) -> frozenset[Place]:
        return frozenset(unit_of((each.root, each.folder)) for each in self.members)

    @cached_property
    def parents(self) -> frozenset[Place]:
        """The folders above its folders."""
        return frozenset((root, os.path.dirname(path)) for root, path in self.units if path)

    @cached_property
    def is_of_folder(self) -> bool:
        return album_of(list(self.members)).is_of_folder

    @cached_property
    def title(self) -> str:
        return _words(album_of(list(self.members)).title)

    @cached_property
    def is_named_by_folders(self) -> bool:
        """Whether each of its folders has the title in its name."""
        return all(_names(place, self.title) for place in self.units)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two albums with one title and artist, or with one release id or mark."""

    one: Side
    other: Side

    def apart(self) -> Apart | None:
        """The rule by which they are two. None if they are one."""
        one, other = self.one, self.other
        if one.marks and other.marks:
            return None if one.marks & other.marks else Apart.BY_HAND
        is_same_release = bool(one.release_ids & other.release_ids)
        if not is_same_release:
            if self._have_other_ids():
                return Apart.RELEASE_ID
            if _differ(one.editions, other.editions) and not self._are_discs_beside():
                return Apart.EDITION
        found = overlap(one.places, other.places)
        if not found.is_large:
            return None if is_same_release else self._apart_by_folder()
        if found.is_same and self._is_one_loose() and self._state_the_same():
            return None
        if is_same_release:
            return self._apart_as_same(found)
        return self._apart_as_namesake(found)

    def _have_other_ids(self) -> bool:
        """MusicBrainz used to have an id for each disc, with the disc in the title. Files that
        were tagged then still have these ids: they part no album."""
        one, other = self.one, self.other
        if _differ(one.release_group_ids, other.release_group_ids):
            return True
        are_discs = _differ(one.discs_in_titles, other.discs_in_titles)
        return _differ(one.release_ids, other.release_ids) and not are_discs

    def _is_one_loose(self) -> bool:
        """Whether one has only a few of the other's tracks, in a folder of another name: copies
        of favourites, not of the album."""
        pairs = ((self.one, self.other), (self.other, self.one))
        return any(_is_small(one, other) and not one.is_named_by_folders for one, other in pairs)

    def _state_the_same(self) -> bool:
        """Whether nothing that both state tells one from the other: copies keep their tags."""
        one, other = self.one, self.other
        facts = ((one.years, other.years), (one.catalogue_numbers, other.catalogue_numbers))
        return one.editions == other.editions and not any(_differ(*pair) for pair in facts)

    def _apart_by_folder(self) -> Apart | None:
        if not (self.one.is_of_folder or self.other.is_of_folder):
            return None
        return None if self._are_discs_beside() else Apart.OTHER_FOLDER

    def _apart_as_same(self, found: Overlap) -> Apart | None:
        """Both have one release id, and the same track numbers."""
        if not found.is_same:
            return None
        return Apart.COPY if self.one.codecs & self.other.codecs else Apart.FORMAT

    def _apart_as_namesake(self, found: Overlap) -> Apart | None:
        """Both have the same track numbers."""
        one, other = self.one, self.other
        if one.editions != other.editions:
            return Apart.EDITION
        if not found.is_same and self._is_one_within_the_other():
            return None
        if _differ(one.years, other.years):
            return Apart.OTHER_YEAR
        if found.is_same and not one.codecs & other.codecs:
            return Apart.FORMAT
        if _differ(one.catalogue_numbers, other.catalogue_numbers):
            return Apart.CATALOGUE_NUMBER
        if found.is_same:
            return Apart.COPY
        return None if self._are_parts_of_a_folder() else Apart.OTHER_TRACKS

    def _is_one_within_the_other(self) -> bool:
        """Whether one is in a folder inside the other's: `Album/Extras` within `Album`."""
        one, other = self.one, self.other
        return bool(one.parents & other.units or other.parents & one.units)

    def _are_discs_beside(self) -> bool:
        """Whether they hold different discs, in folders beside each other or one in the other."""
        if self.one.discs & self.other.discs:
            return False
        return bool(self.one.parents & self.other.parents) or self._is_one_within_the_other()

    def _are_parts_of_a_folder(self) -> bool:
        """Whether their folders lie in one that is named after the album, and are not so
        themselves, as `First Half` and `Second Half` in `Album`. `Album` and `Album (Single)` are
        two."""
        title = self.one.title
        parents = self.one.parents & self.other.parents
        units = self.one.units | self.other.units
        return any(_names(each, title) for each in parents) and not any(
            _names(each, title) for each in units
        )


def apart(one: Side, other: Side) -> Apart | None:
    return Comparison(one, other).apart()


def _is_small(one: Side, other: Side) -> bool:
    return 2 * len(one.members) < len(other.members) or len(one.members) == 1 < len(other.members)


def _names(place: Place, title: str) -> bool:
    """Whether a folder has a title, as `_words` gives it, in its name."""
    return bool(title.strip()) and title in _words(os.path.basename(place[1]))


@lru_cache(maxsize=1024)
def _words(text: str) -> str:
    """The folded words of a text, with a space before and after each."""
    return f" {' '.join(re.findall(_WORD, fold(text)))} "


def _stated(values: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, values))


def _differ(one: frozenset[object], other: frozenset[object]) -> bool:
    return bool(one and other and not one & other)
