"""The options of the connections to PostgreSQL."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_postgresql_compiles_no_queries() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
