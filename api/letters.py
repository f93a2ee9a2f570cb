"""The answer of the endpoints that say where each first letter of a list begins."""

from typing import Any

from ninja import Schema
from pydantic import Field

from library.queries.letters import letters_of
from library.queries.lists import RowList


class LetterRow(Schema):
    letter: str = Field(description="A capital letter; `#` for digits and signs.")
    offset: int = Field(description="The number of the first row that begins with it, from 0.")


class LetterList(Schema):
    count: int = Field(description="The number of letters.")
    revision: int
    results: list[LetterRow] = Field(
        description="In the order of the list; empty if it is not sorted by a name."
    )


def letters_body(rows: RowList) -> dict[str, Any]:
    letters = letters_of(rows)
    return {"count": len(letters), "results": [each._asdict() for each in letters]}
