#!/usr/bin/env python3
"""Django's command line for mus."""

import gc

if __name__ == "__main__":
    # What Django loads is no garbage; to search it after every 700 objects takes a sixth of a
    # start.
    gc.set_threshold(200_000)
    # The reader processes of a scan load this file, too, but neither Django nor the settings.
    from musproject.command_line import main

    main()
