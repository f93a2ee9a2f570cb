"""schemathesis asks a real server all that the document allows, and much that it does not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.application import document
from tests.api.visitors import TOKEN, Visitor, log_in
from tests.web.served import serve

pytestmark = pytest.mark.server

EXAMPLES = 6
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ROWS = """
from tests.api.library import credit, make_album, make_artist, on_album
from tests.web.library_rows import make_failure, make_scan
make_failure(scan=make_scan(added=30), path="b\\udce9.mp3")
for number in range(1, 30):
    track = on_album(make_album(f"Album {number}"), genre="Rock", path=f"{number}\\udce9.flac")
    credit(track, make_artist(f"Artist {number}"))
"""

schema = schemathesis.openapi.from_dict(document()).exclude(
    path_regex=r"(/stream|/lyrics|\.webp|/track-updates)$"
)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[Visitor]:
    folder = tmp_path_factory.mktemp("fuzzed")
    with serve(folder, database, "--no-scan") as server:
        server.python(ROWS)
        with log_in(server, is_administrator=True) as somebody:
            yield somebody
        assert "Traceback" not in server.output()


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_is_a_fault(case: Case[Any], visitor: Visitor) -> None:
    response = case.call(
        base_url=visitor.served.url, cookies=visitor.cookies, headers={"X-CSRFToken": TOKEN}
    )
    case.validate_response(response, checks=CHECKS)
