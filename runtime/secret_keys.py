"""The minimum length of SECRET_KEY, which signs sessions and links."""

MIN_SECRET_KEY_CHARACTERS = 32


def is_too_short(key: str) -> bool:
    """Whether an attacker could guess the key, and with it log in as any user."""
    return len(key.strip()) < MIN_SECRET_KEY_CHARACTERS
