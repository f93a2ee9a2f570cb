"""Tokens and session keys, encrypted with a key that is derived from SECRET_KEY.

Whoever sees the database alone, or a backup of it without the secret key, cannot use them.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"mus: secrets of scrobble accounts"


class SecretLost(Exception):
    """The secret was encrypted with another SECRET_KEY."""


def encrypted(secret: str) -> str:
    return _cipher(settings.SECRET_KEY).encrypt(secret.encode()).decode()


def decrypted(text: str) -> str:
    """Raises SecretLost."""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(text.encode()).decode()
    except InvalidToken:
        raise SecretLost from None


@lru_cache(maxsize=4)
def _cipher(secret_key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key.encode())
    return Fernet(urlsafe_b64encode(derived))
