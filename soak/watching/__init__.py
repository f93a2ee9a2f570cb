"""A soak test of the watcher: files are copied, tagged, moved and deleted at random, while people
listen and ask for lists.

`make soak-watching` runs it for an hour, `python -m soak.watching --minutes 1` for a minute.
"""
