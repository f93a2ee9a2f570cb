"""Faults that last: said once when they begin, and once when they are over."""

import logging


class Faults:
    """Of one piece of work that is done again and again; `what` says what cannot be done."""

    def __init__(self, logger: logging.Logger, what: str) -> None:
        self._logger = logger
        self._what = what
        self._are_known = False

    def note(self, error: Exception) -> None:
        if not self._are_known:
            reason = str(error) or type(error).__name__
            self._logger.warning("%s, which will be tried again: %s", self._what, reason)
        self._are_known = True

    def are_over(self) -> None:
        if self._are_known:
            self._logger.info("%s: that is over.", self._what)
        self._are_known = False
