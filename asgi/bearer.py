"""The header `Authorization: Bearer ...`, and what is answered if its API key is not in force.

Only the scheme Bearer counts. A proxy may pass on its own Basic login in the same header.
"""

from django.utils.translation import gettext_noop

SCHEME = "bearer"
NOT_LOGGED_IN = "not_logged_in"
LOG_IN_FIRST = gettext_noop("Log in first, or send an API key.")
CHALLENGE = 'Bearer realm="mus"'
REFUSED = "invalid_key"
REFUSED_TEXT = (
    "This API key is wrong, was revoked or has expired, or its user is inactive. A key is mus- and "
    "43 more characters; users make keys on the page API keys. The password of an app, made on the "
    "page Apps, is taken as well."
)
REFUSED_CHALLENGE = 'Bearer realm="mus", error="invalid_token"'


def bearer_token(authorization: str | None) -> str | None:
    """The token of the value of an Authorization header; empty if there is none after the scheme.

    None if the request has no such header, or one of another scheme.
    """
    scheme, _, token = (authorization or "").strip().partition(" ")
    return token.strip() if scheme.lower() == SCHEME else None
