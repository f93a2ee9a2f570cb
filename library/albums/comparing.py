"""Compares albums of one name: are they one, and if not, by which rule are they apart?"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from library.albums.members import Member
from library.albums.overlaps import Overlap, Places, overlap, places_of
from library.albums.reasons import Apart
from library.albums.unit_albums import album_of
from library.albums.units import Place, unit_of
from library.models.folding import fold


class Side:
    """What the tracks of an album, or of a part of it, state. Each fact is worked out when it is
    first needed: most albums are compared with none."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.members = members

    @cached_property
    def places(self) -> Places:
        return places_of(self.members)

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
    def is_of_folder(self) -> bool:
        return album_of(list(self.members)).is_of_folder

    @cached_property
    def title(self) -> str:
        return fold(album_of(list(self.members)).title)


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
            if _differ(one.release_ids, other.release_ids) or _differ(
                one.release_group_ids, other.release_group_ids
            ):
                return Apart.RELEASE_ID
            if _differ(one.editions, other.editions):
                return Apart.EDITION
        found = overlap(one.places, other.places)
        if not found.is_large:
            return None if is_same_release else self._apart_by_folder()
        if is_same_release:
            return self._apart_as_same(found)
        return self._apart_as_namesake(found)

    def _apart_by_folder(self) -> Apart | None:
        is_of_folder = self.one.is_of_folder or self.other.is_of_folder
        return Apart.OTHER_FOLDER if is_of_folder and not self._are_near() else None

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
        return any(
            (root, os.path.dirname(path)) in outer.units
            for inner, outer in ((self.one, self.other), (self.other, self.one))
            for root, path in inner.units
            if path
        )

    def _are_near(self) -> bool:
        """Whether their folders lie beside each other, or one in the other."""
        return bool(_parents(self.one) & _parents(self.other)) or self._is_one_within_the_other()

    def _are_parts_of_a_folder(self) -> bool:
        """Whether their folders lie in one that is named after the album, and are not so
        themselves, as `First Half` and `Second Half` in `Album`. `Album` and `Album (Single)` are
        two."""
        parents = _parents(self.one) & _parents(self.other)
        units = self.one.units | self.other.units
        return self._names_title(parents) and not self._names_title(units)

    def _names_title(self, places: Iterable[Place]) -> bool:
        return any(self.one.title in fold(os.path.basename(path)) for _, path in places)


def apart(one: Side, other: Side) -> Apart | None:
    return Comparison(one, other).apart()


def _parents(side: Side) -> set[Place]:
    return {(root, os.path.dirname(path)) for root, path in side.units if path}


def _stated(values: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, values))


def _differ(one: frozenset[object], other: frozenset[object]) -> bool:
    return bool(one and other and not one & other)
