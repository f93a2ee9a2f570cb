"""A network mount that hangs: to open a file in a folder called `hung` waits in the thread that
does it, as the system call would, as long as the file that HANGS_WHILE names is there."""

import os
import sys
import time

_mark = os.environ["HANGS_WHILE"]


def _hang(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str) and "/hung/" in arguments[0]:
        while os.access(_mark, os.F_OK):
            time.sleep(0.02)


sys.addaudithook(_hang)
