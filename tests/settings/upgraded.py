"""Installations that tests of upgrades begin with."""

from pathlib import Path

import pytest

from tests.services import PostgresqlServer
from tests.web.served import environment


def variables_on(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> dict[str, str]:
    """The variables of an installation whose database is still empty. The fixture's parameter says
    which kind; on PostgreSQL it is called `database`."""
    variables = environment(tmp_path, 1)
    variables.pop("DATABASE_URL", None)
    if request.param == "postgresql":
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        variables["DATABASE_URL"] = server.create(database)
    return variables
