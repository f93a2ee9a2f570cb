"""Measures the server while people use it: `python -m bench.live`, part of `make bench`."""
