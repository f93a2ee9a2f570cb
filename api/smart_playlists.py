"""The endpoints for the rules of smart playlists: what they may ask for, what they would find."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, gettext
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.errors import invalid
from api.playlists import CHANGES
from api.sessions import user_of
from api.track_schemas import TrackRow
from api.tracks import rows_of_present
from api.values import MAX_PAGE
from asgi.json_responses import json_response
from library.queries.revision import library_revision
from listening.smart.contents import SmartContents
from listening.smart.fields import FIELDS, OPERATORS, SORTABLE
from listening.smart.rules import BadRules, parse_rules

router = Router(tags=["playlists"])


class RuleField(Schema):
    name: str
    label: str = Field(description="For people.")
    kind: str
    unit: str
    operators: list[str]


class RuleFields(Schema):
    fields: list[RuleField]
    sorts: list[str] = Field(description="What `sort` may name; `-` before it reverses the order.")


class Preview(Schema):
    model_config = ConfigDict(extra="forbid")

    rules: dict[str, Any]
    limit: int = Field(10, ge=0, le=MAX_PAGE)


class PreviewAnswer(Schema):
    count: int
    duration_s: float
    results: list[TrackRow] = Field(description="The first ones.")


@router.get(
    "playlists/rules", response=codes({200: RuleFields, 304: None}), summary="List rule fields"
)
def list_rule_fields(request: HttpRequest) -> HttpResponse:
    """The fields that rules of smart playlists may ask for, and the operators of each."""
    response = answer_of_state(request, lambda _, __: _fields(), word=get_language() or "")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@router.post(
    "playlists/preview",
    response=codes({200: PreviewAnswer}, *CHANGES),
    openapi_extra=described(Preview, JSON),
    summary="Try rules",
)
def preview_rules(request: HttpRequest) -> HttpResponse:
    """What a smart playlist with these rules would hold now. Nothing is stored."""
    asked = read_body(request, Preview, JSON)
    try:
        rules = parse_rules(asked.rules)
    except BadRules as error:
        raise invalid(str(error)) from None
    _, state = library_revision()
    contents = SmartContents(rules, user_of(request).pk, state)
    page = contents.page(0, asked.limit)
    body = {"count": page.count, "duration_s": contents.duration_s()}
    return json_response({**body, "results": rows_of_present(page.ids)})


def _fields() -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "label": gettext(field.label),
            "kind": field.kind.value,
            "unit": field.unit and gettext(field.unit),
            "operators": [*OPERATORS[field.kind]],
        }
        for name, field in FIELDS.items()
    ]
    return {"fields": fields, "sorts": [*SORTABLE]}
