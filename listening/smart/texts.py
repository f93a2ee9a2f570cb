"""What rules ask of a text as it is in the files."""

import re
import unicodedata

from django.db.models import Q

TEXT_LOOKUPS = {
    "is": ("exact", "iexact"),
    "contains": ("contains", "icontains"),
    "starts_with": ("startswith", "istartswith"),
    "ends_with": ("endswith", "iendswith"),
}
"""For folded columns and for texts as they are in the files."""
_PATTERNS = {
    "is": r"\A(?:{})\Z",
    "contains": "{}",
    "starts_with": r"\A(?:{})",
    "ends_with": r"(?:{})\Z",
}


def text_condition(column: str, operator: str, value: str) -> Q:
    """Capitals and small letters are the same, of any script, however accents are written. SQLite
    itself knows that of the letters of ASCII alone."""
    if value.isascii():
        return Q(**{f"{column}__{TEXT_LOOKUPS[operator][1]}": value})
    forms = {re.escape(unicodedata.normalize(form, value)) for form in ("NFC", "NFD")}
    pattern = _PATTERNS[operator].format("|".join(sorted(forms)))
    return Q(**{f"{column}__iregex": pattern})
