"""What a request to a service may come to, other than success."""


class Failure(Exception):
    """The request failed. The text says why, for people. `retry_after_s`: how long the service asks
    to wait; 0 if it does not say."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class NotTaken(Failure):
    """The service certainly took nothing: it was not reached, or it asks to come back later."""


class AnswerLost(Failure):
    """The request was sent, and what became of it is unknown."""


class Refused(Failure):
    """The service does not want what was sent, and never will."""


class SecretRefused(Failure):
    """The service took nothing, since the token or session key is not valid (any more)."""


class CannotAsk(Failure):
    """The service cannot say which plays it has."""
