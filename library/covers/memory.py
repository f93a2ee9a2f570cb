"""Gives freed memory back to the system, where the C library would keep it."""

import ctypes

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc alone has it


def release_memory() -> None:
    """Give back what this process has freed. Takes milliseconds."""
    if _trim is not None:
        _trim(0)
