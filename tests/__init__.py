"""Tests: real audio, a real database, real processes, a real browser."""

import pytest

pytest.register_assert_rewrite(__name__)  # so that what tests share also says what it found
