"""The language that a user chose for the pages, in whichever browser they log in."""

from django.conf import settings

from accounts.models import AccountLanguage
from runtime.turns import write_in_turn


def language_of(user_id: int) -> str:
    """A code of LANGUAGES; empty if the user chose none, or one that mus no longer speaks."""
    codes = AccountLanguage.objects.filter(user=user_id).values_list("code", flat=True)
    return known_language(codes.first() or "")


def keep_language(user_id: int, code: str) -> None:
    """From now on the user's pages are in this language; empty: in that of each browser."""
    rows = AccountLanguage.objects.filter(user=user_id)
    if not code:
        write_in_turn(rows.delete)
        return
    write_in_turn(
        lambda: AccountLanguage.objects.update_or_create(user_id=user_id, defaults={"code": code})
    )


def known_language(code: str) -> str:
    """The code, if it is one of LANGUAGES, else an empty text."""
    return code if code in dict(settings.LANGUAGES) else ""
