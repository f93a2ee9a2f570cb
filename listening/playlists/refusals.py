"""Why a change of a playlist is refused."""

from django.utils.translation import gettext


class NoSuchPlaylist(Exception):
    """There is no playlist of this id, or the user may not see it."""


class NotAllowed(Exception):
    """The user sees the playlist, but may not do that. The text is a sentence that says so."""


class Refused(Exception):
    """The playlist is in a state in which that is not possible. `code` names the reason for
    programs; the text is a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class StaleVersion(Refused):
    """The playlist has changed since the version that the client knows. `version`: the present
    one."""

    def __init__(self, known: int, version: int) -> None:
        message = gettext(
            "The playlist has changed: it is at version %(version)d by now, not %(known)d. "
            "Load it again."
        )
        super().__init__("stale_version", message % {"version": version, "known": known})
        self.version = version


class TargetsGone(Refused):
    """Tracks or lost items that entries were to be made of were deleted a moment ago: what the
    entries are of has to be looked up again."""

    def __init__(self) -> None:
        super().__init__("busy", gettext("The library keeps changing; try again."))


class Invalid(Exception):
    """A value of the change cannot be used; the text is a sentence that says why."""
