"""The column type of keys that `library.models.folding` computes."""

from typing import Any

from django.db import models


class KeyField(models.TextField):  # type: ignore[type-arg]  # generic only in its stubs
    """A folded text that is compared and sorted byte by byte on both databases.

    SQLite does that by default. PostgreSQL's default is the collation of the database, which sorts
    differently and more slowly; so the collation "C" is set there.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}
