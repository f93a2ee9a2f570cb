"""Columns that rows are sorted and told apart by."""

from typing import Any

from django.db import models


class KeyField(models.TextField):  # type: ignore[type-arg]  # generic only in its stubs
    """A folded text, compared byte by byte on every database.

    SQLite does so anyway. PostgreSQL would sort as its database's language does: otherwise than
    SQLite, and slower.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}
