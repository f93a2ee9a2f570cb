"""Albums within one unit: which of its tracks belong together, from what any of them state."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from library.albums.artist_groups import by_artist
from library.albums.artist_names import VARIOUS, artist_key, one_lead
from library.albums.doubled import without_doubles
from library.albums.members import Member
from library.albums.reasons import Together
from library.albums.release_ids import by_release_id, home_titles
from library.albums.titles import parsed_title
from library.models.folding import identity_key

Group = list[Member]
_path = attrgetter("root", "folder", "file_name", "track_id")
_stated = attrgetter("album_title", "album_artist", "release_id", "album_by_hand", "edition")
_by_hand = attrgetter("album_by_hand")


@dataclass(frozen=True, slots=True)
class UnitAlbum:
    """Tracks of one unit that are on one album.

    `album_artist` is empty if no track states one; `release_id` and `by_hand` are those of all
    `members`, stated or taken over from the others. `key` is the same for albums that `releases`
    has to compare. `is_of_folder`: nothing but the folder says that the tracks are one album.
    """

    key: str
    title: str
    album_artist: str
    release_id: str
    by_hand: str
    together_by: Together
    members: tuple[Member, ...]
    is_of_folder: bool = False


def unit_albums(members: Sequence[Member]) -> list[UnitAlbum]:
    """The albums of one unit. Tracks without an album title are on none. Neither the order of
    `members` nor the albums that they are on makes a difference."""
    named = [each for each in members if each.album_title or each.release_id or each.album_by_hand]
    if not named:
        return []
    named.sort(key=_path)
    if len(set(map(_stated, named))) == 1 and named[0].album_artist:
        groups = [named]
    else:
        groups = _joined(_joined(_of_titles(named), "release_id"), "album_by_hand")
    parted = [part for group in groups for part in _without_doubles(group)]
    return [album_of(part) for part in sorted(parted, key=lambda part: _path(part[0]))]


def _of_titles(members: Iterable[Member]) -> list[Group]:
    """Groups of one title, artist, release id and mark."""
    homes = home_titles(members, title_key)
    titles: defaultdict[str, Group] = defaultdict(list)
    for member in members:
        titles[title_key(member) or _untitled(member, homes)].append(member)
    groups: list[Group] = []
    for title, of_title in titles.items():
        for of_artist in by_artist(of_title, is_alone=len(titles) == 1):
            at_home = {each for each, home in homes.items() if home == title}
            for of_release in by_release_id(of_artist, at_home):
                groups += _by_mark(of_release)
    return groups


def _untitled(member: Member, homes: Mapping[str, str]) -> str:
    """A track without a title of an album has that of its release."""
    alone = f"\n{member.release_id or member.album_by_hand}"
    return homes.get(member.release_id, "") or alone


def title_key(member: Member) -> str:
    return identity_key(parsed_title(member.album_title).name)


def _by_mark(members: Group) -> list[Group]:
    """Tracks without a mark go with those that have the only one, else with the larger group."""
    marks = Counter(filter(None, map(_by_hand, members)))
    if not marks:
        return [members]
    largest = min(marks, key=lambda mark: (-marks[mark], mark))
    groups: defaultdict[str, Group] = defaultdict(list)
    for member in members:
        groups[member.album_by_hand or largest].append(member)
    return list(groups.values())


def _joined(groups: Iterable[Group], column: str) -> list[Group]:
    """The groups, those with one release id joined; with one mark, too. A mark goes before a
    release id."""
    found: dict[Hashable, Group] = {}
    value = attrgetter(column)
    for number, group in enumerate(groups):
        mark = next(filter(None, map(_by_hand, group)), "")
        shared = next(filter(None, map(value, group)), "") or number
        key = mark or shared if column == "album_by_hand" else (mark, shared)
        found.setdefault(key, []).extend(group)
    return [sorted(group, key=_path) for group in found.values()]


def _without_doubles(group: Group) -> list[Group]:
    return [group] if group[0].album_by_hand else without_doubles(group)


def album_of(members: Group) -> UnitAlbum:
    """The album of these tracks, which are sorted by their paths."""
    title = _most_frequent(members, lambda each: parsed_title(each.album_title).name)
    release_id = _most_frequent(members, attrgetter("release_id"))
    mark = _most_frequent(members, _by_hand)
    album_artist, artist, together_by = _artist(members)
    reason = Together.RELEASE_ID if release_id else together_by
    return UnitAlbum(
        key=identity_key(title, artist) if title else identity_key("", release_id or mark),
        title=title,
        album_artist=album_artist,
        release_id=release_id,
        by_hand=mark,
        together_by=Together.BY_HAND if mark else reason,
        members=tuple(members),
        is_of_folder=together_by == Together.FOLDER,
    )


def _artist(members: Group) -> tuple[str, str, Together]:
    """The album artist as stated, the key of the artist that the album counts as, and why."""
    stated = _most_frequent(members, attrgetter("album_artist"))
    if stated:
        return _stated_artist(members, stated)
    if any(each.compilation for each in members):
        return "", VARIOUS, Together.COMPILATION
    lead = one_lead(artist_key(artist) for artist in {each.artist for each in members})
    if lead:
        return "", lead, Together.ARTIST
    return "", VARIOUS, Together.FOLDER


def _stated_artist(members: Group, most_frequent: str) -> tuple[str, str, Together]:
    names = Counter(each.album_artist for each in members if each.album_artist)
    keys: Counter[str] = Counter()
    for name, count in names.items():
        keys[artist_key(name)] += count
    if len(keys) == 1:
        return most_frequent, next(iter(keys)), Together.ALBUM_ARTIST
    key = one_lead(keys) or (VARIOUS if VARIOUS in keys else _majority(keys))
    if key:
        own = [each for each in members if artist_key(each.album_artist) == key]
        name = _most_frequent(own, attrgetter("album_artist"))
        return name, key, Together.ALBUM_ARTIST
    is_marked = any(each.compilation for each in members)
    return "", VARIOUS, Together.COMPILATION if is_marked else Together.FOLDER


def _majority(counts: Counter[str]) -> str:
    """The key that more than half of the tracks have; empty if there is none."""
    key, count = counts.most_common(1)[0]
    return key if 2 * count > counts.total() else ""


def _most_frequent(members: Sequence[Member], value: Callable[[Member], str]) -> str:
    """The value of most tracks, the lesser one of two that are equally frequent. Empty ones do not
    count."""
    distinct = set(map(value, members))
    if len(distinct) == 1:
        return distinct.pop()
    counts = Counter(map(value, members))
    del counts[""]
    return min(counts, key=lambda each: (-counts[each], each), default="")
