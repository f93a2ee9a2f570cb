"""Navidrome's smart playlist files (`.nsp`): JSON, such as

    {"name": "Recent", "all": [{"inTheLast": {"dateAdded": 30}}], "sort": "-dateAdded", "limit": 9}

Its documentation is the page "Smart Playlists" of Navidrome's site. Names of fields and operators
are the same in any case, and `//` begins a comment. What mus has no field for is refused with its
name: a playlist with one rule less would hold other tracks.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from listening.smart.fields import FIELDS, RANDOM, FieldKind
from listening.smart.rules import BadRules, Group, Rule, SmartRules, parse_rules

_FIELDS = {
    "title": "title",
    "album": "album",
    "artist": "artist",
    "albumartist": "album_artist",
    "composer": "composer",
    "conductor": "conductor",
    "performer": "performer",
    "lyricist": "lyricist",
    "remixer": "remixer",
    "producer": "producer",
    "arranger": "arranger",
    "genre": "genre",
    "recordlabel": "label",
    "originalyear": "year",
    "year": "year",
    "releaseyear": "release_year",
    "tracknumber": "track_number",
    "discnumber": "disc_number",
    "duration": "duration_s",
    "bpm": "bpm",
    "bitrate": "bitrate_kbps",
    "samplerate": "sample_rate_hz",
    "bitdepth": "bit_depth",
    "channels": "channels",
    "size": "size_bytes",
    "codec": "codec",
    "comment": "comment",
    "grouping": "grouping",
    "work": "work",
    "discsubtitle": "disc_subtitle",
    "catalognumber": "catalogue_number",
    "filepath": "path",
    "explicitstatus": "explicit_status",
    "mbz_recording_id": "musicbrainz_recording_id",
    "mbz_album_id": "musicbrainz_release_id",
    "compilation": "compilation",
    "hascoverart": "has_cover",
    "dateadded": "added_at",
    "datemodified": "updated_at",
    "loved": "favourite",
    "dateloved": "favourited_at",
    "rating": "rating",
    "daterated": "rated_at",
    "playcount": "play_count",
    "lastplayed": "last_played_at",
    "albumloved": "album_favourite",
    "albumrating": "album_rating",
    "artistloved": "artist_favourite",
    "artistrating": "artist_rating",
    # A field of mus, so that a search that was kept can be taken to another mus.
    "mussearch": "search",
}
_NAMES = {own: name for name, own in _FIELDS.items()}  # of two, the later one is written
_OPERATORS = {
    "is": "is",
    "isnot": "is_not",
    "gt": "greater_than",
    "lt": "less_than",
    "contains": "contains",
    "notcontains": "not_contains",
    "startswith": "starts_with",
    "endswith": "ends_with",
    "intherange": "in_range",
    "before": "before",
    "after": "after",
    "inthelast": "in_last",
    "notinthelast": "not_in_last",
    "ismissing": "is_missing",
    "ispresent": "is_present",
}
_SPELLED = {
    "is": "is",
    "is_not": "isNot",
    "greater_than": "gt",
    "less_than": "lt",
    "contains": "contains",
    "not_contains": "notContains",
    "starts_with": "startsWith",
    "ends_with": "endsWith",
    "in_range": "inTheRange",
    "before": "before",
    "after": "after",
    "in_last": "inTheLast",
    "not_in_last": "notInTheLast",
    "is_missing": "isMissing",
    "in": "inPlaylist",
    "not_in": "notInPlaylist",
    "matches": "is",
    "not_matches": "isNot",
}


@dataclass(frozen=True)
class NspFile:
    """A smart playlist as such a file describes it."""

    name: str
    comment: str
    rules: SmartRules


# A string without its end is taken as well: no place of a file is looked at twice.
_STRING_OR_COMMENT = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*"?)|//[^\n]*')


def _json(data: bytes) -> Any:
    text = data.decode("utf-8-sig")
    return json.loads(_STRING_OR_COMMENT.sub(lambda found: found[1] or "", text))


def is_nsp(data: bytes) -> bool:
    """Whether a file is a JSON object with rules. Other playlist files in JSON have none."""
    try:
        given = _json(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(given, dict) and any(str(name).lower() in {"all", "any"} for name in given)


def read_nsp(data: bytes) -> NspFile:
    """Raises BadRules."""
    try:
        given = _json(data)
    except (ValueError, RecursionError) as error:
        raise BadRules(
            gettext("The file is no JSON: %(why)s.") % {"why": str(error)[:200]}
        ) from None
    if not isinstance(given, dict):
        raise BadRules(gettext("The file should hold a JSON object with `all` or `any`."))
    by_name = {str(name).lower(): value for name, value in given.items()}
    if "limitpercent" in by_name:
        raise BadRules(gettext("mus has no limit in per cent: give `limit`, a number of tracks."))
    rules: dict[str, Any] = {
        name: [_part(each) for each in _listed(by_name[name])]
        for name in ("all", "any")
        if name in by_name
    }
    rules["sort"] = _sort(by_name.get("sort"), by_name.get("order"))
    rules["limit"] = by_name.get("limit") or None
    rules["limit_minutes"] = by_name.get("limitminutes") or None
    texts = (by_name.get("name"), by_name.get("comment"))
    name, comment = (each if isinstance(each, str) else "" for each in texts)
    return NspFile(name, comment, parse_rules(rules))


def write_nsp(name: str, comment: str, rules: SmartRules) -> bytes:
    """The file. Raises BadRules for rules that name a playlist: its id means nothing elsewhere."""
    found: dict[str, Any] = {"name": name}
    if comment:
        found["comment"] = comment
    found |= _group_as_nsp(rules.group)
    if rules.sort:
        found["sort"] = ",".join(map(_sort_as_nsp, rules.sort))
    if rules.limit is not None:
        found["limit"] = rules.limit
    if rules.limit_minutes is not None:
        found["limitMinutes"] = rules.limit_minutes
    return json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n"


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadRules(gettext("`all` and `any` should be lists of rules."))
    return value


def _part(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or len(given) != 1:
        raise BadRules(
            gettext("A rule should be an object with one operator, or with `all` or `any`.")
        )
    ((name, value),) = given.items()
    if name.lower() in {"all", "any"}:
        return {name.lower(): [_part(each) for each in _listed(value)]}
    operator = _OPERATORS.get(name.lower())
    if operator is None:
        raise BadRules(gettext("mus has no operator %(name)s.") % {"name": ascii(name[:80])})
    if not isinstance(value, dict) or len(value) != 1:
        raise BadRules(
            gettext("%(name)s should have one field with its value.") % {"name": ascii(name[:80])}
        )
    ((field_name, wanted),) = value.items()
    return _rule(operator, _field(field_name), wanted)


def _field(name: str) -> str:
    if (own := _FIELDS.get(name.lower())) is None:
        raise BadRules(gettext("mus has no field %(name)s.") % {"name": ascii(name[:80])})
    return own


def _rule(operator: str, field: str, value: Any) -> dict[str, Any]:
    kind = FIELDS[field].kind
    if operator == "is_present":
        operator, value = "is_missing", not _truth(value)
    elif operator == "is_missing" or kind is FieldKind.FLAG:
        value = _truth(value)
    if kind is FieldKind.FLAG and operator == "is_not":
        operator, value = "is", not value
    if kind is FieldKind.SEARCH:
        operator = {"is": "matches", "is_not": "not_matches"}.get(operator, operator)
    if kind is FieldKind.DATE:
        # Files name times with their zone as well; rules of mus mean whole days.
        value = [str(each)[:10] for each in value] if isinstance(value, list) else value
        value = value[:10] if isinstance(value, str) else value
        operator = "in_range" if operator == "is" else operator
        value = [value, value] if operator == "in_range" and isinstance(value, str) else value
    if kind is FieldKind.NUMBER or operator in {"in_last", "not_in_last"}:
        value = [_number(each) for each in value] if isinstance(value, list) else _number(value)
    return {"field": field, "operator": operator, "value": value}


def _truth(value: Any) -> Any:
    return (
        {"true": True, "false": False}.get(value.lower(), value)
        if isinstance(value, str)
        else value
    )


def _number(value: Any) -> Any:
    """Such files also have numbers as texts."""
    if not isinstance(value, str):
        return value
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value


def _sort(given: Any, order: Any) -> list[str]:
    """`-year,title`; with `"order": "desc"` all fields the other way round."""
    names = [each.strip() for each in given.split(",")] if isinstance(given, str) else []
    is_reversed = isinstance(order, str) and order.lower() == "desc"
    found = []
    for name in filter(None, names):
        is_descending = name.startswith("-") != is_reversed
        bare = name.lstrip("+-")
        own = RANDOM if bare.lower() == RANDOM else _field(bare)
        found.append(f"-{own}" if is_descending and own != RANDOM else own)
    return found


def _sort_as_nsp(name: str) -> str:
    own = name.removeprefix("-")
    sign = "-" if name.startswith("-") else ""
    return sign + (RANDOM if own == RANDOM else _NAMES[own])


def _group_as_nsp(group: Group) -> dict[str, Any]:
    return {"any" if group.is_any else "all": [_part_as_nsp(part) for part in group.parts]}


def _part_as_nsp(part: Rule | Group) -> dict[str, Any]:
    if isinstance(part, Group):
        return _group_as_nsp(part)
    if (name := _NAMES.get(part.field)) is None:
        label = FIELDS[part.field].label
        raise BadRules(
            gettext("Such a file has no rule for “%(field)s”: it means nothing elsewhere.")
            % {"field": gettext(label)}
        )
    value = [*part.value] if isinstance(part.value, tuple) else part.value
    return {_SPELLED[part.operator]: {name: value}}
