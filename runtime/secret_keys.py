"""What a key that signs sessions and links has to be."""

MIN_SECRET_KEY_CHARACTERS = 32


def is_too_short(key: str) -> bool:
    """Whether somebody could find the key by trying, who would then log in as anybody."""
    return len(key.strip()) < MIN_SECRET_KEY_CHARACTERS
