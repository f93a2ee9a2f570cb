"""Release ids within a unit: which of the tracks without an id are of which release."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from library.albums.discs import position
from library.albums.members import Member

Group = list[Member]


def home_titles(members: Iterable[Member], title_key: Callable[[Member], str]) -> dict[str, str]:
    """The title that most tracks of each release id have. Only there does the id hold for others:
    one track with a wrong id takes no other album along."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for member in members:
        if member.release_id:
            counts[member.release_id][title_key(member)] += 1
    for titles in counts.values():
        del titles[""]
    return {
        release_id: min(titles, key=lambda title: (-titles[title], title), default="")
        for release_id, titles in counts.items()
    }


def by_release_id(members: Group, at_home: Collection[str]) -> list[Group]:
    """Groups of one release id each, of tracks with one title and artist.

    Tracks without an id go to the one in `at_home`; to the fitting one if there are several. The
    others, if there is none, are a group.
    """
    stated: defaultdict[str, Group] = defaultdict(list)
    others: Group = []
    for member in members:
        (stated[member.release_id] if member.release_id else others).append(member)
    candidates = {each: group for each, group in stated.items() if each in at_home}
    groups = {each: list(group) for each, group in stated.items()}
    if len(candidates) == 1:
        groups[next(iter(candidates))] += others
    elif candidates:
        fitting = _Fitting(candidates)
        for member in others:
            groups[fitting.release_of(member)].append(member)
    elif others:
        return [*groups.values(), others]
    return list(groups.values())


class _Fitting:
    """Finds the release that a track without an id fits best."""

    def __init__(self, releases: Mapping[str, Group]) -> None:
        self.releases = releases
        self.taken = {
            each: {position(member) for member in group} for each, group in releases.items()
        }

    def release_of(self, member: Member) -> str:
        return min(self.releases, key=lambda each: (self._misfit(member, each), each))

    def _misfit(self, member: Member, release_id: str) -> tuple[bool | int, ...]:
        """The less, the better. First of all the track's place must not be taken."""
        group, place = self.releases[release_id], position(member)
        return (
            place in self.taken[release_id],
            all(each.folder != member.folder for each in group),
            all(position(each)[0] != place[0] for each in group),
            all(each.codec != member.codec for each in group),
            all(each.year != member.year for each in group),
            -len(group),
        )
