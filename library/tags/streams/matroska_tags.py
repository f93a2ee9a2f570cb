"""Tags of Matroska files (RFC 9559, section 5.1.8).

The names of tags are those of "Matroska Tag Specifications" (RFC 9559's companion). The same name
belongs to the track or to the album, depending on the target of its tag. Programs based on FFmpeg
state no target and use the names of Vorbis comments.
"""

from collections.abc import Iterator

from library.tags.bounded_file import BoundedFile
from library.tags.native_tags import NativeTags
from library.tags.streams.ebml import children, text, unsigned
from library.tags.streams.matroska_parts import TAGS, Parts
from library.tags.vocabularies import FREE_NAMES, Values, fields, free_name

MAX_TAGS_BYTES = 4 * 1024 * 1024
_TAG, _TARGETS, _TARGET_LEVEL, _TRACK_ID = 0x7373, 0x63C0, 0x68CA, 0x63C5
_PARTS_OF_A_TRACK = frozenset({0x63C4, 0x63C6, 0x63C9})
"""The ids of a chapter, an attachment and an edition in the targets of a tag."""
_SIMPLE_TAG, _NAME, _STRING = 0x67C8, 0x45A3, 0x4487
_MAX_DEPTH = 3
"""How deep tags in tags are read."""

_TRACK, _NO_TARGET, _DISC, _ALBUM = 30, 0, 40, 50
_PRECEDENCE = (_TRACK, _NO_TARGET, _DISC, _ALBUM)

# From the names in Matroska to those of Vorbis comments, where these differ. Empty for what says
# nothing about the track.
_NAMES: dict[str, str] = {
    "TITLE/SORT_WITH": "TITLESORT",
    "ARTIST/SORT_WITH": "ARTISTSORT",
    "COMPOSER/SORT_WITH": "COMPOSERSORT",
    "DATE_RELEASED": "DATE",
    "DATE_RELEASE": "DATE",
    "CATALOG_NUMBER": "CATALOGNUMBER",
    "PUBLISHER": "LABEL",
    "COMMENTS": "COMMENT",
    "LEAD_PERFORMER": "PERFORMER",
    "REMIXED_BY": "REMIXER",
    "CONTENT_GROUP": "GROUPING",
    "PART_NUMBER": "TRACKNUMBER",
    "TOTAL_PARTS": "TRACKTOTAL",
    "REPLAYGAIN_GAIN": "REPLAYGAIN_TRACK_GAIN",
    "REPLAYGAIN_PEAK": "REPLAYGAIN_TRACK_PEAK",
}
_NAMES_OF_DISCS = {
    "TITLE": "DISCSUBTITLE",
    "PART_NUMBER": "DISCNUMBER",
    **dict.fromkeys(("ARTIST", "COMMENT", "COMMENTS", "REPLAYGAIN_GAIN", "REPLAYGAIN_PEAK"), ""),
}
_NAMES_OF_ALBUMS = {
    "TITLE": "ALBUM",
    "TITLE/SORT_WITH": "ALBUMSORT",
    "ARTIST": "ALBUMARTIST",
    "ARTIST/SORT_WITH": "ALBUMARTISTSORT",
    "REPLAYGAIN_GAIN": "REPLAYGAIN_ALBUM_GAIN",
    "REPLAYGAIN_PEAK": "REPLAYGAIN_ALBUM_PEAK",
    **dict.fromkeys(("PART_NUMBER", "COMMENT", "COMMENTS", "SUBTITLE"), ""),
}


def read_tags(file: BoundedFile, parts: Parts, title: str) -> NativeTags:
    """The tags of the track and of its album. `title`: of the whole file."""
    values = _by_vorbis_name(_by_target(file, parts))
    if title:
        values.setdefault("title", [title])
    for source, name in (("daterecorded", "date"), ("albumartist", "artist")):
        if source in values:
            values.setdefault(name, values[source])
    return NativeTags(fields(FREE_NAMES, values))


def _by_target(file: BoundedFile, parts: Parts) -> dict[int, list[tuple[str, str]]]:
    """The names and values of the tags for each target.

    Tags without a level describe an album by the specification, and so does MKVToolNix write them.
    FFmpeg means the track with them. It calls the album by its name, MKVToolNix by that of a title.
    """
    found: dict[int, list[tuple[str, str]]] = {}
    for part in parts.all(TAGS):
        data = file.read_between(part.at, min(part.end, part.at + MAX_TAGS_BYTES))
        for kind, tag in children(data):
            if kind == _TAG:
                found.setdefault(_target(tag), []).extend(_texts(tag))
    if "TITLE" in dict(found.get(_TRACK, ())) and "ALBUM" not in dict(found.get(_NO_TARGET, ())):
        found.setdefault(_ALBUM, []).extend(found.pop(_NO_TARGET, ()))
    return found


def _by_vorbis_name(by_target: dict[int, list[tuple[str, str]]]) -> Values:
    values: Values = {}
    for target in _PRECEDENCE:
        named: Values = {}
        for name, value in by_target.get(target, ()):
            free = free_name(_vorbis_name(name, target, has_discs=_DISC in by_target))
            named.setdefault(free, []).append(value)
        values = {**named, **values}
    return values


def _target(tag: bytes) -> int:
    """What a tag describes; -1 for anything but a track, a disc and an album."""
    named = dict(children(dict(children(tag)).get(_TARGETS, b"")))
    if any(unsigned(named.get(part, b"")) for part in _PARTS_OF_A_TRACK):
        return -1
    level = unsigned(named.get(_TARGET_LEVEL, b""))
    if not level and unsigned(named.get(_TRACK_ID, b"")):
        return _TRACK
    return level if level in _PRECEDENCE else -1


def _texts(tag: bytes, within: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """The names and values in a tag. The name of a tag in a tag has both names."""
    for kind, content in children(tag):
        if kind != _SIMPLE_TAG or depth == _MAX_DEPTH:
            continue
        named = dict(children(content))
        name = within + text(named.get(_NAME, b"")).upper()
        if value := text(named.get(_STRING, b"")):
            yield name, value
        yield from _texts(content, f"{name}/", depth + 1)


def _vorbis_name(name: str, target: int, *, has_discs: bool) -> str:
    if target == _ALBUM and name == "TOTAL_PARTS" and has_discs:
        return "DISCTOTAL"
    own = {_DISC: _NAMES_OF_DISCS, _ALBUM: _NAMES_OF_ALBUMS}.get(target, {})
    return own.get(name, _NAMES.get(name, name))
