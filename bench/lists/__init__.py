"""Measures lists of a large library: `python -m bench.lists`, part of `make bench`."""
