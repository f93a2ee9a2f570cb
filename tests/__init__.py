"""Tests: real audio, a real database, real processes, a real browser."""

from pathlib import Path

import pytest

# So that an assertion in what tests share also says what it found.
_packages = (each.name for each in Path(__file__).parent.iterdir() if each.is_dir())
pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in _packages))
