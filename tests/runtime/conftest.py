"""A database of this version, for processes that work on it."""

from pathlib import Path

import pytest

from tests.web.served import environment, manage


@pytest.fixture
def migrated(tmp_path: Path) -> dict[str, str]:
    """The variables of an installation whose database is new."""
    variables = environment(tmp_path, 1)
    manage(variables, "migrate", "--verbosity", "0").check_returncode()
    return variables
