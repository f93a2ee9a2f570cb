"""What tells albums of one name from each other, for people: `Deluxe Edition`, `1987`, `FLAC`."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from library.albums.members import Member
from library.albums.units import unit_of

_FORMATS: Mapping[str, str] = {
    **{name: name.upper() for name in ("flac", "mp3", "mp2", "aac", "alac", "dsd", "wma", "tta")},
    "vorbis": "Ogg Vorbis",
    "opus": "Opus",
    "speex": "Speex",
    "pcm": "PCM",
    "wavpack": "WavPack",
    "ape": "Monkey's Audio",
    "musepack": "Musepack",
    "wmalossless": "WMA Lossless",
    "wmapro": "WMA Pro",
    "wmavoice": "WMA Voice",
}

Members = Sequence[Member]


def disambiguations(albums: Sequence[Members]) -> list[str]:
    """For each of these albums of one name the least that tells it from the others. An album that
    states nothing where another states an edition has an empty text."""
    found = [""] * len(albums)
    _tell_apart(list(range(len(albums))), albums, found, _FEATURES)
    return found


def _tell_apart(
    group: list[int],
    albums: Sequence[Members],
    found: list[str],
    features: Sequence[Callable[[Members], str]],
) -> None:
    """Adds to the texts of the albums of `group`, which are equal so far."""
    if len(group) == 1 or not features:
        return
    feature, *others = features
    by_value: defaultdict[str, list[int]] = defaultdict(list)
    for index in group:
        by_value[feature(albums[index])].append(index)
    for value, indexes in by_value.items():
        if len(by_value) > 1:
            for index in indexes:
                found[index] = ", ".join(filter(None, (found[index], value)))
        _tell_apart(indexes, albums, found, others)


def _edition(members: Members) -> str:
    return _most_frequent(each.edition for each in members)


def _year(members: Members) -> str:
    return _most_frequent(str(each.year or "") for each in members)


def _format(members: Members) -> str:
    counts = Counter(_FORMATS.get(each.codec, each.codec) for each in members)
    return " and ".join(sorted(filter(None, counts), key=lambda name: (-counts[name], name)))


def _catalogue_number(members: Members) -> str:
    return _most_frequent(each.catalogue_number for each in members)


def _folder_name(members: Members) -> str:
    return os.path.basename(_first_folder(members)[1])


def _folder(members: Members) -> str:
    return _first_folder(members)[1]


def _whole_path(members: Members) -> str:
    return os.path.join(*_first_folder(members))


def _first_track(members: Members) -> str:
    """If somebody parted the tracks of one folder."""
    return min(each.title for each in members)


def _first_file(members: Members) -> str:
    """The last resort: no two albums have a file in common."""
    return min(os.path.join(each.folder, each.file_name) for each in members)


_FEATURES = (
    *(_edition, _year, _format, _catalogue_number),
    *(_folder_name, _folder, _whole_path, _first_track, _first_file),
)


def _first_folder(members: Members) -> tuple[str, str]:
    return min(unit_of((each.root, each.folder)) for each in members)


def _most_frequent(values: Iterable[str]) -> str:
    counts = Counter(filter(None, values))
    return min(counts, key=lambda each: (-counts[each], each), default="")
