"""Logs a lasting fault once when it begins and once when it ends, not at every retry."""

import logging


class Faults:
    """The faults of one repeated piece of work; `what` says in the log what cannot be done."""

    def __init__(self, logger: logging.Logger, what: str) -> None:
        self._logger = logger
        self._what = what
        self._are_known = False

    @property
    def is_failing(self) -> bool:
        """Whether the work failed when it was tried last."""
        return self._are_known

    def note(self, error: Exception) -> None:
        """The work has failed: log a warning, unless it had failed before."""
        if not self._are_known:
            reason = str(error) or type(error).__name__
            self._logger.warning("%s, which will be tried again: %s", self._what, reason)
        self._are_known = True

    def are_over(self) -> None:
        """The work has succeeded: log that, if it had failed before."""
        if self._are_known:
            self._logger.info("%s: that is over.", self._what)
        self._are_known = False
