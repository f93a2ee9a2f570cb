"""The errors of the protocol: the one table of their codes, and the exception that carries one."""

from enum import IntEnum


class Code(IntEnum):
    """https://opensubsonic.netlify.app/docs/responses/error/"""

    GENERIC = 0
    MISSING_PARAMETER = 10
    WRONG_LOGIN = 40
    NO_TOKEN_LOGIN = 41
    LOGIN_SWITCHED_OFF = 42
    CONFLICTING_LOGINS = 43
    WRONG_KEY = 44
    NOT_ALLOWED = 50
    NOT_FOUND = 70


class Refusal(Exception):
    """The answer to a request is this error. The text is shown to people."""

    def __init__(self, code: Code, message: str, help_url: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.help_url = help_url

    @property
    def error(self) -> dict[str, object]:
        """The error as the answer has it."""
        found: dict[str, object] = {"code": int(self.code), "message": str(self)}
        return found | ({"helpUrl": self.help_url} if self.help_url else {})


def not_found(what: str) -> Refusal:
    """There is no such thing, or the user may not see it. `what`: such as "album"."""
    return Refusal(Code.NOT_FOUND, f"There is no such {what}.")


def not_allowed(why: str = "Only administrators may do this.") -> Refusal:
    return Refusal(Code.NOT_ALLOWED, why)
