"""Dates in headers of responses."""

from functools import lru_cache

from django.utils import http


@lru_cache(maxsize=1024)
def http_date(seconds: int) -> bytes:
    """`seconds` since 1970 as HTTP writes a date (RFC 9110, section 5.6.7).

    Most responses of a second have the same date, and many files are of the same second.
    """
    return http.http_date(seconds).encode()
