"""Writes down each file that the process opens by `os.open`, in the file that OPENED_LOG names."""

import os
import sys

_log = os.open(os.environ["OPENED_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    # `open` says its mode here, and then what its opener does is said too: count that alone.
    if event == "open" and isinstance(arguments[0], str | bytes) and arguments[1] is None:
        os.write(_log, os.fsencode(arguments[0]) + b"\n")


sys.addaudithook(_note)
