#!/usr/bin/env python3
"""Django's command line for mus."""

import gc
import sys

from library.workers import fork_server

if __name__ == "__main__":
    # What Django loads is no garbage, and to look for some every 700 objects takes a sixth of a
    # start.
    gc.set_threshold(200_000)
    if sys.argv[1:2] == ["scan_tracks"]:
        fork_server.start()
    # Only here: the reader processes of a scan load this file, too, and need nothing of it.
    from musproject.command_line import main

    main()
