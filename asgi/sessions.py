"""The session engine: Django's sessions in the database, which also say when they end. A login or
logout is stored between two batches of a running scan."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession

from runtime.turns import write_in_turn


class SessionStore(db.SessionStore):
    """`ends_at` is None for a session that is new or was not found."""

    ends_at: datetime | None = None

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row: AbstractBaseSession | None = super()._get_session_from_db()  # type: ignore[misc]
        self.ends_at = row.expire_date if row else None
        return row

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  # as in Django
        write_in_turn(lambda: super(SessionStore, self).save(must_create))

    def delete(self, session_key: str | None = None) -> None:
        write_in_turn(lambda: super(SessionStore, self).delete(session_key))
