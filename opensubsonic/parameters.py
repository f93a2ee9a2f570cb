"""The parameters of a request, from its query and its form, with their types.

A parameter that is present and empty counts as absent: clients send `p=` beside `t` and `s`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from opensubsonic.errors import Code, Refusal, not_found
from opensubsonic.ids import Named, named_by

_TRUE, _FALSE = {"true", "1"}, {"false", "0"}
_SMALLEST_MS = 10**11
"""A time below this many milliseconds, which is in 1973, is one in seconds."""
_LARGEST = 2**63 - 1
HEX = "enc:"
"""What stands before a password in hexadecimal."""
LONGEST_VALUE = 10_000
"""In characters, of one value; no text that people write is longer. A body may have megabytes: the
hash of a token would take long, and what is remembered by a text much memory."""


class Parameters:
    """Of one request. Each method raises Refusal if the value makes no sense."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Raises Refusal if a value is too long."""
        self._values: dict[str, list[str]] = {}
        for name, given in pairs:
            if len(given) > LONGEST_VALUE:
                raise Refusal(Code.GENERIC, f"The parameter {name[:50]} is too long.")
            if value := given.replace("\0", ""):  # PostgreSQL takes no NUL in a text
                self._values.setdefault(name, []).append(value)

    def text(self, name: str, default: str = "") -> str:
        """The first value."""
        return self._values.get(name, [default])[0]

    def needed_text(self, name: str) -> str:
        if name not in self._values:
            raise Refusal(Code.MISSING_PARAMETER, f"The parameter {name} is missing.")
        return self._values[name][0]

    def needed_password(self, name: str) -> str:
        """A password, as text or in the form `enc:` with the hexadecimal digits of its UTF-8."""
        text = self.needed_text(name)
        if not text.startswith(HEX):
            return text
        try:
            return bytes.fromhex(text.removeprefix(HEX)).decode()
        except ValueError:
            raise Refusal(Code.GENERIC, f"The parameter {name} is not hexadecimal.") from None

    def texts(self, name: str) -> list[str]:
        """All values, in order."""
        return list(self._values.get(name, ()))

    def number(
        self, name: str, default: int | None = None, *, lowest: int = 0, highest: int = _LARGEST
    ) -> int | None:
        """A whole number. One below `lowest` is refused, one above `highest` becomes `highest`."""
        text = self.text(name)
        if not text:
            return default
        found = _number(name, text)
        if found < lowest:
            raise _senseless(name, text)
        return min(found, highest)

    def numbers(self, name: str) -> list[int]:
        """All values, which are whole numbers, also below 0."""
        return [_number(name, text) for text in self.texts(name)]

    def count(self, name: str, default: int, most: int) -> int:
        """How many rows are wanted: `default` if it is not said, never more than `most`."""
        found = self.number(name, default, highest=most)
        return default if found is None else found

    def boolean(self, name: str, *, default: bool = False) -> bool:
        text = self.text(name).lower()
        if not text:
            return default
        if text not in _TRUE | _FALSE:
            raise _senseless(name, text)
        return text in _TRUE

    def times(self, name: str) -> list[datetime]:
        """Times in milliseconds since 1970, or in seconds, as some clients send them."""
        return [_time(name, text) for text in self.texts(name)]

    def named(self, name: str, *kinds: str) -> Named:
        """What the needed id names; not found if it is none, or of a kind not in `kinds`."""
        found = named_by(self.needed_text(name))
        if found is None or (kinds and found.kind not in kinds):
            raise not_found(kinds[0] if kinds else "item")
        return found

    def pks(self, name: str, kind: str) -> list[int | None]:
        """The row of this kind that each of the ids names, in order; None where it names none."""
        found = map(named_by, self.texts(name))
        return [each.pk if each is not None and each.kind == kind else None for each in found]

    def all_named(self, name: str, *kinds: str) -> list[Named]:
        """What each of the ids names, in order."""
        found = [named_by(text) for text in self.texts(name)]
        if any(each is None or (kinds and each.kind not in kinds) for each in found):
            raise not_found(kinds[0] if kinds else "item")
        return [each for each in found if each is not None]


def _number(name: str, text: str) -> int:
    try:
        return min(int(text), _LARGEST)
    except ValueError:  # also thousands of digits, which Python refuses to convert
        raise _senseless(name, text) from None


def _time(name: str, text: str) -> datetime:
    try:
        number = int(float(text))
        ms = number if abs(number) >= _SMALLEST_MS else number * 1000
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
    except (ValueError, OverflowError):
        raise _senseless(name, text) from None


def _senseless(name: str, text: str) -> Refusal:
    return Refusal(
        Code.GENERIC, f"The parameter {name} has a value that makes no sense: {text[:50]}"
    )
